using Scim.EntityFrameworkCore.Rows;

namespace ScimServer.Events.Webhooks;

/// <summary>A change on its way to endpoints: its id and its bodies are made once for all of them.</summary>
internal sealed class ChangeEvent(ChangeRow change)
{
    private WebhookContent? full;
    private WebhookContent? thin;

    public ChangeRow Change { get; } = change;

    public string Id { get; } = EventWriter.Id(change);

    /// <summary>What is sent. Two threads may make the same at once.</summary>
    public WebhookContent Content(bool isFull) => isFull ? full ??= WebhookContent.Of(Change, isFull: true) : thin ??= WebhookContent.Of(Change, isFull: false);
}
