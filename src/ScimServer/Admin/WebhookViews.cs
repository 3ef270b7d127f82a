using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Webhooks;
using ScimServer.Events;
using ScimServer.Events.Webhooks;

namespace ScimServer.Admin;

/// <summary>A webhook to be added.</summary>
/// <param name="Url">Where events are posted to.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Types">Only these events: <c>user.created</c>, <c>group.*</c>. Default: all.</param>
/// <param name="Actors">Only what the tokens of these names did. Default: all.</param>
/// <param name="NotActors">Not what the tokens of these names did.</param>
/// <param name="Payload"><c>full</c> with values, or <c>thin</c> with what changed and no values. Default: <c>full</c>.</param>
public sealed record AddWebhookRequest(
    string? Url, string? Description, IReadOnlyList<string>? Types, IReadOnlyList<string>? Actors, IReadOnlyList<string>? NotActors, string? Payload)
{
    internal NewWebhook ToWebhook() => new(Url ?? "")
    {
        Description = Description,
        Types = Types,
        Actors = Actors,
        NotActors = NotActors ?? [],
        IsFull = Payload switch
        {
            null or WebhookView.Full => true,
            WebhookView.Thin => false,
            _ => throw new AccessException($"\"payload\" must be {WebhookView.Full} or {WebhookView.Thin}.") { Field = "payload" },
        },
    };
}

/// <summary>How the secret of a webhook is rotated.</summary>
/// <param name="OverlapSeconds">How long the old secret signs beside the new one. Default 86400, a day.</param>
public sealed record RotateWebhookRequest(int? OverlapSeconds)
{
    internal TimeSpan Overlap => new RotateTokenRequest(OverlapSeconds, null).Overlap;
}

/// <summary>Which events are to be sent anew: one, those of a resource, or those of a time.</summary>
/// <param name="Event">The id of an event.</param>
/// <param name="Resource">The id of a resource.</param>
/// <param name="Since">Events at this time or later.</param>
/// <param name="Until">Events before this time.</param>
/// <param name="Tenant">The id of the tenant; only for a webhook of the operator.</param>
public sealed record ReplayRequest(string? Event, Guid? Resource, DateTimeOffset? Since, DateTimeOffset? Until, int? Tenant)
{
    internal WebhookReplay ToReplay(FeedRequest filter) => Event is null && Resource is null && Since is null && Until is null
        ? throw new AccessException("Say which: \"event\", \"resource\", or \"since\" and \"until\".") { Field = "event" }
        : new WebhookReplay
        {
            Event = Event is null ? null : ReadEvent(Event),
            Resource = Resource,
            Since = Since?.ToUniversalTime(),
            Until = Until?.ToUniversalTime(),
            Filter = filter,
        };

    internal static ChangeId ReadEvent(string text) =>
        ChangeId.TryParse(text, out var id) ? id : throw new AccessException("That is not the id of an event.") { Field = "event" };
}

/// <summary>How many events are sent anew.</summary>
/// <param name="Events">The number.</param>
public sealed record ReplayView(int Events);

/// <summary>A webhook, without its secret.</summary>
/// <param name="Id">The id.</param>
/// <param name="TenantId">The tenant whose events it gets; null for one of the operator, which gets those of all.</param>
/// <param name="Url">Where events are posted to.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Types">Only these events.</param>
/// <param name="Actors">Only what the tokens of these names did.</param>
/// <param name="NotActors">Not what the tokens of these names did.</param>
/// <param name="Payload"><c>full</c> or <c>thin</c>.</param>
/// <param name="State"><c>enabled</c>, <c>failing</c> or <c>disabled</c>.</param>
/// <param name="Created">When it was added.</param>
/// <param name="FailingSince">Since when nothing but failures was seen.</param>
/// <param name="DisabledAt">Since when nothing is sent.</param>
/// <param name="DisabledReason">Why.</param>
/// <param name="OldSecretUntil">Until when the secret before the last rotation signs too.</param>
public sealed record WebhookView(
    Guid Id,
    int? TenantId,
    string Url,
    string? Description,
    IReadOnlyList<string>? Types,
    IReadOnlyList<string>? Actors,
    IReadOnlyList<string> NotActors,
    string Payload,
    string State,
    DateTimeOffset Created,
    DateTimeOffset? FailingSince,
    DateTimeOffset? DisabledAt,
    string? DisabledReason,
    DateTimeOffset? OldSecretUntil)
{
    internal const string Full = "full";
    internal const string Thin = "thin";

    internal static WebhookView Of(Webhook webhook) => new(
        webhook.Id,
        webhook.TenantId == WebhookEndpoints.Operator ? null : webhook.TenantId,
        webhook.Given.Url,
        webhook.Given.Description,
        webhook.Given.Types,
        webhook.Given.Actors,
        webhook.Given.NotActors,
        webhook.Given.IsFull ? Full : Thin,
        StateOf(webhook),
        webhook.Created,
        webhook.FailingSince,
        webhook.DisabledAt,
        webhook.DisabledReason,
        webhook.OldSecretUntil);

    internal static string StateOf(Webhook webhook) => webhook switch { { DisabledAt: not null } => "disabled", { FailingSince: not null } => "failing", _ => "enabled" };
}

/// <summary>A webhook with its new secret, which is shown this once.</summary>
/// <param name="Secret">The secret as Standard Webhooks writes it: <c>whsec_…</c>.</param>
/// <param name="Webhook">The webhook.</param>
public sealed record IssuedWebhookView(string Secret, WebhookView Webhook)
{
    /// <summary>Without the secret.</summary>
    public override string ToString() => $"{nameof(IssuedWebhookView)} {Webhook.Id}";
}

/// <summary>An attempt to deliver an event.</summary>
/// <param name="Event">The id of the event; null when it is not kept any more.</param>
/// <param name="Type">The name of the event.</param>
/// <param name="TenantId">The tenant; null for an operational event.</param>
/// <param name="ResourceId">What it is about.</param>
/// <param name="At">When it began.</param>
/// <param name="Attempt">The how manieth for this event it was.</param>
/// <param name="Status">The status of the answer; null when there was none.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Error">What failed; null when it succeeded.</param>
/// <param name="Next">When the next attempt is.</param>
public sealed record AttemptView(
    string? Event, string? Type, int? TenantId, Guid? ResourceId, DateTimeOffset At, int Attempt, int? Status, long Milliseconds, string? Error, DateTimeOffset? Next)
{
    internal static AttemptView Of(WebhookAttemptOf found) => new(
        found.Change is { } change ? EventWriter.Id(change) : found.Happened is { } happened ? WebhookContent.Id(happened) : null,
        found.Change is { } of ? EventTypes.Of(of) : found.Happened?.Type,
        found.TenantId == WebhookEndpoints.Operator ? null : found.TenantId,
        found.Change?.ResourceId,
        found.Attempt.At,
        found.Attempt.Number,
        found.Attempt.Status,
        found.Attempt.Milliseconds,
        found.Attempt.Error,
        found.Attempt.Next);
}

/// <summary>What became of an event at a webhook.</summary>
/// <param name="Event">The id of the event.</param>
/// <param name="Type">Its name.</param>
/// <param name="Version">The version of the resource after it.</param>
/// <param name="HappenedAt">When it happened.</param>
/// <param name="WebhookId">The webhook.</param>
/// <param name="Url">Its address.</param>
/// <param name="State">
/// <c>delivered</c>; <c>waiting</c> for its next attempt, or for an earlier event of the resource; <c>givenUp</c>; <c>next</c>: its turn has not come; <c>filtered</c>: the webhook
/// does not get it; <c>unknown</c>: from before the webhook, or not kept any more.
/// </param>
/// <param name="DeliveredAt">When it was taken.</param>
/// <param name="NextAttempt">When it is tried next.</param>
/// <param name="Attempts">The attempts, oldest first.</param>
public sealed record DeliveryView(
    string Event,
    string Type,
    long Version,
    DateTimeOffset HappenedAt,
    Guid WebhookId,
    string Url,
    string State,
    DateTimeOffset? DeliveredAt,
    DateTimeOffset? NextAttempt,
    IReadOnlyList<AttemptView> Attempts)
{
    internal static DeliveryView Of(WebhookDelivery delivery) => new(
        EventWriter.Id(delivery.Change),
        EventTypes.Of(delivery.Change),
        delivery.Change.Version,
        delivery.Change.At,
        delivery.Webhook.Id,
        delivery.Webhook.Given.Url,
        delivery.State,
        delivery.DeliveredAt,
        delivery.NextAttempt,
        [.. delivery.Attempts.Select(attempt => AttemptView.Of(new WebhookAttemptOf(delivery.Change.TenantId, attempt, delivery.Change, null)))]);
}
