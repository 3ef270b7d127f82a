using System.Globalization;
using System.Net.Http.Headers;
using ScimServer.Outbound;

namespace ScimServer.Events.Webhooks;

/// <summary>Posts events, signed.</summary>
internal sealed class WebhookSender(OutboundClient client, TimeProvider time)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly ProductInfoHeaderValue Agent = new("ScimServer", null);

    /// <summary>Posts an event once.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="signer">What signs.</param>
    /// <param name="id">The id of the event, the same in every attempt.</param>
    /// <param name="content">What is sent, the same in every attempt.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public async Task<OutboundAnswer> SendAsync(Uri url, WebhookSigner signer, string id, WebhookContent content, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(content.Bytes) };
        request.Content.Headers.ContentType = Json;
        request.Headers.UserAgent.Add(Agent);
        request.Headers.TryAddWithoutValidation("webhook-id", id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", signer.Sign(id, at, content.Text));
        return await client.SendAsync(request, cancellationToken);
    }
}
