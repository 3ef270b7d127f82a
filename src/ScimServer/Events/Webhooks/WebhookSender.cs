using System.Globalization;
using System.Net.Http.Headers;
using Scim.EntityFrameworkCore.Webhooks;
using ScimServer.Outbound;
using StandardWebhooks;

namespace ScimServer.Events.Webhooks;

/// <summary>Signs an event as Standard Webhooks 1.0.0 says (EVT-80 to EVT-84) and posts it.</summary>
internal sealed class WebhookSender(OutboundClient client, TimeProvider time)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly ProductInfoHeaderValue Agent = new("ScimServer", null);

    /// <summary>Posts an event once.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="secrets">What signs.</param>
    /// <param name="id">The id of the event, the same in every attempt.</param>
    /// <param name="body">Its bytes, the same in every attempt.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public async Task<OutboundAnswer> SendAsync(Uri url, WebhookSecrets secrets, string id, byte[] body, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = Json;
        request.Headers.UserAgent.Add(Agent);
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", Sign(secrets, id, at, WebhookBody.Text(body)));
        return await client.SendAsync(request, cancellationToken);
    }

    /// <summary>The signatures, with a blank between two while a secret is being replaced (EVT-83).</summary>
    internal static string Sign(WebhookSecrets secrets, string id, DateTimeOffset at, string body)
    {
        var signature = new StandardWebhook(secrets.Current).Sign(id, at, body);
        return secrets.Old is { } old && secrets.OldUntil > at ? $"{signature} {new StandardWebhook(old).Sign(id, at, body)}" : signature;
    }
}
