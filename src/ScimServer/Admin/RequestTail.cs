using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Provisioning;
using ScimServer.Authentication;
using ScimServer.Http;

namespace ScimServer.Admin;

/// <summary>
/// The provisioning log of a tenant as it is written, by Server-Sent Events: until the client goes, the server stops or the operator's token
/// ends.
/// </summary>
public sealed class RequestTail(ProvisioningLogQueries log, TimeProvider time, IHostApplicationLifetime lifetime, IOptions<JsonOptions> json)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    internal async Task RunAsync(HttpContext context, Tenant tenant, RequestQuery query)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var credential = new LastingCredential(context.Request, AccessScopes.Admin);
        await ServerSentEvents.AnswerAsync(context, answer => FollowAsync(answer, new RequestFollower(log, tenant.Id, query, time), credential, ending.Token), ending.Token);
    }

    private async Task FollowAsync(ServerSentEvents answer, RequestFollower follower, LastingCredential credential, CancellationToken ending)
    {
        await answer.SendAsync(": begun\n\n", ending);
        while (await credential.IsValidAsync(ending))
        {
            foreach (var request in await follower.NextAsync(ending))
            {
                await answer.SendAsync($"id: {RequestReference.Format(request.Txn)}\nevent: request\ndata: {JsonSerializer.Serialize(RequestView.Of(request), json.Value.JsonSerializerOptions)}\n\n", ending);
            }

            if (answer.IsSilent)
            {
                await answer.SendAsync(": nothing new\n\n", ending);
            }

            await Task.Delay(Look, ending);
        }
    }
}
