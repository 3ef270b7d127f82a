using Microsoft.AspNetCore.Mvc;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Streams;
using Scim.Errors;
using ScimServer.Authentication;
using ScimServer.Http;

namespace ScimServer.Events.SecurityEvents;

/// <summary>Delivers tokens to a receiver that asks for them (RFC 8936).</summary>
[Route(StreamAddress.Path + "/streams/{id}/poll")]
public sealed class PollController(EventStreams streams, TenantContext tenant, ScimRequestReader reader, StreamPoll poll, IHostApplicationLifetime lifetime)
    : SsfController(streams, tenant)
{
    /// <summary>Takes what is acknowledged, and answers with what is owed.</summary>
    /// <param name="id">The stream.</param>
    [HttpPost("")]
    public async Task Poll(string id)
    {
        var stream = await StreamAsync(id);
        if (stream.Delivery != StreamDelivery.Poll)
        {
            throw ScimErrors.NotFound("The tokens of this stream are pushed; it cannot be polled.");
        }

        var request = PollRequest.Read(await reader.ReadObjectAsync(Request));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Aborted, lifetime.ApplicationStopping);
        var owed = await poll.TakeAsync(stream, request, ending.Token, Aborted);
        if (!request.ReturnImmediately)
        {
            await new LastingCredential(Request, AccessScopes.Events).CheckAsync(Aborted);
        }

        await poll.WriteAsync(Response, stream, owed, Aborted);
    }
}
