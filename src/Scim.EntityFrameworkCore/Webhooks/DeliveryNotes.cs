using System.Collections.ObjectModel;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Webhooks;

/// <summary>What is to be written down about deliveries, in one transaction.</summary>
public sealed class DeliveryNotes
{
    /// <summary>Where the position is now; null when it has not moved.</summary>
    public long? Position { get; set; }

    /// <summary>Attempts that succeeded at the first time.</summary>
    public Collection<WebhookAttempt> Delivered { get; } = [];

    /// <summary>All other attempts.</summary>
    public IList<WebhookAttempt> Other { get; } = [];

    /// <summary>Events that are to be tried later.</summary>
    public IList<WebhookRetryRow> Later { get; } = [];

    /// <summary>Events that had a row and failed again.</summary>
    public IList<WebhookRetryRow> Again { get; } = [];

    /// <summary>Events that had a row and are done.</summary>
    public IList<(long Seq, Guid ResourceId)> Done { get; } = [];

    /// <summary>Since when the endpoint fails, where that has changed; <see cref="IsFailingNoted"/> tells whether it has.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>Whether <see cref="FailingSince"/> is to be written.</summary>
    public bool IsFailingNoted { get; set; }

    /// <summary>The endpoint answers again: what failed first since then is tried now. So an event is tried before its time once, however often an endpoint comes and goes.</summary>
    public DateTimeOffset? RecoveredFrom { get; set; }

    /// <summary>Why the endpoint is to be disabled; null when it is not.</summary>
    public string? DisableReason { get; set; }

    /// <summary>Whether nothing happened but that events were delivered at the first attempt.</summary>
    public bool IsPlain => Other.Count + Later.Count + Again.Count + Done.Count == 0 && !IsFailingNoted && RecoveredFrom is null && DisableReason is null;

    /// <summary>Whether there is anything to write.</summary>
    public bool IsEmpty => Position is null && Delivered.Count == 0 && IsPlain;

    /// <summary>The resources whose turn may have come.</summary>
    internal HashSet<Guid> Resources() => [.. Later.Select(row => row.ResourceId), .. Again.Select(row => row.ResourceId), .. Done.Select(done => done.ResourceId)];
}
