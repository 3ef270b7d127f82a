using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Webhooks;

namespace ScimServer.Events.Webhooks;

/// <summary>An event on its way to an endpoint.</summary>
internal sealed class Delivery
{
    /// <summary>Its number: in the change log, or among the operational events.</summary>
    public required long Seq { get; init; }

    /// <summary>The resource that it is about; events of one are sent one after the other.</summary>
    public required Guid ResourceId { get; init; }

    /// <summary>Resources that it refers to: their events before it are sent first (EVT-124).</summary>
    public IReadOnlyList<Guid> Members { get; init; } = [];

    /// <summary>The id under which it is told.</summary>
    public required string Id { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What is sent, made when it is needed.</summary>
    public required Func<WebhookContent> Content { get; init; }

    /// <summary>The endpoint.</summary>
    public required Guid EndpointId { get; init; }

    /// <summary>The tenant whose event it is.</summary>
    public required int TenantId { get; init; }

    /// <summary>Since when a request with it is under way; null while there is none.</summary>
    public DateTimeOffset? SentAt { get; set; }

    /// <summary>Its row, if it has one already.</summary>
    public WebhookRetryRow? Row { get; set; }

    /// <summary>The event of the resource that it was held back by, if that is under way: once it is delivered, this one is the next. Null from then on.</summary>
    public Delivery? Previous { get; set; }

    /// <summary>Whether it has not been tried.</summary>
    public bool IsFirst => Row is not { Attempts: > 0 };

    /// <summary>When the attempt came to an end.</summary>
    public DateTimeOffset AnsweredAt { get; set; }

    /// <summary>When the first attempt failed that this one belongs to; its own end when it is the first.</summary>
    public DateTimeOffset FailedSince { get; set; }

    /// <summary>Set when it is done or put off.</summary>
    public bool IsFinished { get; set; }

    /// <summary>The attempt; null when it was put off without one, because an earlier event of the resource is not delivered.</summary>
    public WebhookAttempt? Attempt { get; set; }

    /// <summary>When the next attempt is; null with <see cref="Attempt"/> unsuccessful when there is none.</summary>
    public DateTimeOffset? Next { get; set; }

    /// <summary>The receiver wants nothing any more (410).</summary>
    public bool IsGone { get; set; }

    /// <summary>Completes when it is finished.</summary>
    public Task Task { get; set; } = Task.CompletedTask;

    /// <summary>Completes when nothing waits for it any more in its turn: it is finished, or is answered so late that what follows is written down.</summary>
    public TaskCompletionSource Over { get; } = new();

    /// <summary>Those whose events wait for this one and for which it waits.</summary>
    public IEnumerable<Guid> Keys => Members.Prepend(ResourceId);
}
