using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Provisioning;
using ScimServer.Authentication;

namespace ScimServer.Admin;

/// <summary>
/// The provisioning log of a tenant as it is written, by Server-Sent Events: until the client goes, the server stops or the operator's token
/// ends.
/// </summary>
public sealed class RequestTail(IServiceProvider services)
{
    private const string MediaType = "text/event-stream";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private readonly ProvisioningLogQueries log = services.GetRequiredService<ProvisioningLogQueries>();
    private readonly BearerTokens tokens = services.GetRequiredService<BearerTokens>();
    private readonly TimeProvider time = services.GetRequiredService<TimeProvider>();
    private readonly IHostApplicationLifetime lifetime = services.GetRequiredService<IHostApplicationLifetime>();
    private readonly JsonSerializerOptions json = services.GetRequiredService<IOptions<JsonOptions>>().Value.JsonSerializerOptions;

    internal static bool IsWanted(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase));

    internal async Task RunAsync(HttpContext context, Tenant tenant, RequestQuery query)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.ContentType = MediaType;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await FollowAsync(context, tenant.Id, query, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client has gone, or the server stops.
        }
    }

    private async Task FollowAsync(HttpContext context, int tenantId, RequestQuery query, CancellationToken ending)
    {
        var secret = BearerCredential.Read(context.Request.Headers.Authorization).Token ?? "";
        var follower = new RequestFollower(log, tenantId, query, time);
        var sentAt = time.GetTimestamp();
        await SendAsync(context, ": begun\n\n", ending);
        while (await IsOperatorAsync(secret, ending))
        {
            foreach (var request in await follower.NextAsync(ending))
            {
                await SendAsync(context, $"id: {RequestReference.Format(request.Txn)}\nevent: request\ndata: {JsonSerializer.Serialize(RequestView.Of(request), json)}\n\n", ending);
                sentAt = time.GetTimestamp();
            }

            if (time.GetElapsedTime(sentAt) >= Silence)
            {
                await SendAsync(context, ": nothing new\n\n", ending);
                sentAt = time.GetTimestamp();
            }

            await Task.Delay(Look, ending);
        }
    }

    private async Task<bool> IsOperatorAsync(string secret, CancellationToken cancellationToken) =>
        (await tokens.FindAsync(secret, cancellationToken)).Token is { IsOperator: true };

    private static async Task SendAsync(HttpContext context, string text, CancellationToken ending)
    {
        await context.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(text), ending);
        await context.Response.BodyWriter.FlushAsync(ending);
    }
}
