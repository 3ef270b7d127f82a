using Scim.EntityFrameworkCore.Rows;

namespace ScimServer.Events.Webhooks;

/// <summary>A change on its way to endpoints: its id and its bodies are made once for all of them.</summary>
internal sealed class ChangeEvent(ChangeRow change)
{
    private readonly WebhookContent?[] contents = new WebhookContent?[4];

    public ChangeRow Change { get; } = change;

    public string Id { get; } = EventWriter.Id(change);

    /// <summary>What is sent. Two threads may make the same at once.</summary>
    /// <param name="isFull">With values, or thin.</param>
    /// <param name="tenant">The name of the tenant for an endpoint of the operator; null for one of the tenant.</param>
    public WebhookContent Content(bool isFull, string? tenant) =>
        contents[(isFull ? 1 : 0) + (tenant is null ? 0 : 2)] ??= WebhookContent.Of(Change, isFull, tenant);
}
