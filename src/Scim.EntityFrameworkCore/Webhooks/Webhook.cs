namespace Scim.EntityFrameworkCore.Webhooks;

/// <summary>An endpoint to be added.</summary>
/// <param name="Url">Its address; checked by the caller.</param>
public sealed record NewWebhook(string Url)
{
    /// <summary>What it is for, for people.</summary>
    public string? Description { get; init; }

    /// <summary>The names of the events that it gets; null for all.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>The names of the tokens whose changes it gets; null for all.</summary>
    public IReadOnlyList<string>? Actors { get; init; }

    /// <summary>The names of the tokens whose changes it does not get.</summary>
    public IReadOnlyList<string> NotActors { get; init; } = [];

    /// <summary>Whether events have values, or tell only what changed.</summary>
    public bool IsFull { get; init; } = true;
}

/// <summary>An endpoint.</summary>
public sealed record Webhook
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant whose events it gets; 0 for an endpoint of the operator, which gets those of all.</summary>
    public required int TenantId { get; init; }

    /// <summary>What was said when it was added.</summary>
    public required NewWebhook Given { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Since when nothing is sent.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Why nothing is sent.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>Since when nothing but failures was seen.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Until when the secret before the last rotation signs too.</summary>
    public DateTimeOffset? OldSecretUntil { get; init; }

    /// <summary>Counts what operators change.</summary>
    public long Revision { get; init; }
}

/// <summary>An endpoint with its new secret, which is shown this once.</summary>
/// <param name="Webhook">The endpoint.</param>
/// <param name="Secret">The secret as Standard Webhooks writes it: <c>whsec_…</c> (EVT-82).</param>
public sealed record IssuedWebhook(Webhook Webhook, string Secret)
{
    /// <summary>Without the secret.</summary>
    public override string ToString() => $"{nameof(IssuedWebhook)} {Webhook.Id}";
}

/// <summary>What signs what is sent to an endpoint.</summary>
/// <param name="Current">The secret.</param>
/// <param name="Old">The one before, while it is still valid.</param>
/// <param name="OldUntil">Until when.</param>
public sealed record WebhookSecrets(byte[] Current, byte[]? Old, DateTimeOffset? OldUntil)
{
    /// <summary>Without the secrets.</summary>
    public override string ToString() => nameof(WebhookSecrets);
}
