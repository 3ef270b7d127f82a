using System.Net.Http.Headers;
using System.Text;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Streams;
using ScimServer.Outbound;

namespace ScimServer.Events.SecurityEvents;

/// <summary>Sends one token to the receiver of a stream (RFC 8935 §2.1).</summary>
internal sealed class SetTransmitter(SetIssuer issuer, StreamRegistration registration, OutboundClient client)
{
    /// <summary>What the stream tells.</summary>
    public StreamFilter FilterOf(EventStreamRow stream) => issuer.FilterOf(stream);

    /// <summary>Sends the token, made just now.</summary>
    public async Task<PushResult> PushAsync(EventStreamRow stream, OwedSet set, CancellationToken cancellationToken)
    {
        if (!issuer.CanIssue(set))
        {
            return new PushResult(set.Row, new SetError(set.Row.Jti, SetErrors.Expired, null), null, null);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, stream.EndpointUrl);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue("en"));
        if (await registration.AuthorizationAsync(stream, cancellationToken) is { } authorization)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        request.Content = new ByteArrayContent(Encoding.ASCII.GetBytes(await issuer.IssueAsync(stream, set, cancellationToken)));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(SetIssuer.MediaType);
        return PushResult.Of(set.Row, await client.SendAsync(request, cancellationToken));
    }
}
