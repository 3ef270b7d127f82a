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
public sealed class RequestTail(IServiceProvider services)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly ProvisioningLogQueries log = services.GetRequiredService<ProvisioningLogQueries>();
    private readonly BearerTokens tokens = services.GetRequiredService<BearerTokens>();
    private readonly TimeProvider time = services.GetRequiredService<TimeProvider>();
    private readonly IHostApplicationLifetime lifetime = services.GetRequiredService<IHostApplicationLifetime>();
    private readonly JsonSerializerOptions json = services.GetRequiredService<IOptions<JsonOptions>>().Value.JsonSerializerOptions;

    internal static bool IsWanted(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals(ServerSentEvents.MediaType, StringComparison.OrdinalIgnoreCase));

    internal async Task RunAsync(HttpContext context, Tenant tenant, RequestQuery query)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var secret = BearerCredential.Read(context.Request.Headers.Authorization).Token ?? "";
        await ServerSentEvents.AnswerAsync(context, answer => FollowAsync(answer, new RequestFollower(log, tenant.Id, query, time), secret, ending.Token), ending.Token);
    }

    private async Task FollowAsync(ServerSentEvents answer, RequestFollower follower, string secret, CancellationToken ending)
    {
        await answer.SendAsync(": begun\n\n", ending);
        while (await IsOperatorAsync(secret, ending))
        {
            foreach (var request in await follower.NextAsync(ending))
            {
                await answer.SendAsync($"id: {RequestReference.Format(request.Txn)}\nevent: request\ndata: {JsonSerializer.Serialize(RequestView.Of(request), json)}\n\n", ending);
            }

            if (answer.IsSilent)
            {
                await answer.SendAsync(": nothing new\n\n", ending);
            }

            await Task.Delay(Look, ending);
        }
    }

    private async Task<bool> IsOperatorAsync(string secret, CancellationToken cancellationToken) =>
        (await tokens.FindAsync(secret, cancellationToken)).Token is { IsOperator: true };
}
