using Scim.EntityFrameworkCore.Webhooks;
using StandardWebhooks;

namespace ScimServer.Events.Webhooks;

/// <summary>Signs for an endpoint, as Standard Webhooks 1.0.0 says (EVT-80 to EVT-84).</summary>
internal sealed class WebhookSigner(WebhookSecrets secrets)
{
    private readonly StandardWebhook current = new(secrets.Current);
    private readonly StandardWebhook? old = secrets.Old is { } secret ? new StandardWebhook(secret) : null;

    /// <summary>The signatures, with a blank between two while a secret is being replaced (EVT-83).</summary>
    public string Sign(string id, DateTimeOffset at, string body)
    {
        var signature = current.Sign(id, at, body);
        return old is not null && secrets.OldUntil > at ? $"{signature} {old.Sign(id, at, body)}" : signature;
    }
}
