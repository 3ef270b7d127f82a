using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Changes;
using Scim.Schemas;
using ScimServer.Authentication;

namespace ScimServer.Events;

/// <summary>The changes of a tenant in their order, for the product beside the server. It is no part of SCIM and needs a token with the scope <c>events</c>.</summary>
[Route(Path)]
[Authorize(ScimPolicies.Events)]
[ApiExplorerSettings(GroupName = Path)]
public sealed class EventsController(
    ChangeFeed feed, TenantContext tenant, SchemaRegistry schemas, IOptions<EventsOptions> options, IHostApplicationLifetime lifetime) : ControllerBase
{
    internal const string Path = "events";

    /// <summary>Reads events: a page of them, or with <c>Accept: text/event-stream</c> all as they happen.</summary>
    /// <response code="200">A page of events with the cursor behind it.</response>
    /// <response code="410">The cursor is from before what is kept; the detail tells how to begin again.</response>
    [HttpGet("")]
    public async Task Read()
    {
        var query = EventsQuery.Read(Request, schemas);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(HttpContext.RequestAborted, lifetime.ApplicationStopping);
        var credential = new LastingCredential(Request, AccessScopes.Events);
        if (query.IsStream)
        {
            await new EventStream(feed, tenant.TenantId, options.Value, credential).RunAsync(HttpContext, query.Feed, ending.Token);
            return;
        }

        var page = await PageAsync(query, ending.Token);
        await credential.CheckAsync(ending.Token);
        await EventPage.WriteAsync(Response, page, HttpContext.RequestAborted);
    }

    /// <summary>A server that is about to stop answers those who wait at once.</summary>
    private async Task<LongPage> PageAsync(EventsQuery query, CancellationToken ending)
    {
        try
        {
            return await feed.WaitLongAsync(tenant.TenantId, query.Feed, query.Wait, TimeSpan.FromMilliseconds(options.Value.LookMilliseconds), ending);
        }
        catch (OperationCanceledException) when (!HttpContext.RequestAborted.IsCancellationRequested)
        {
            return await feed.ReadLongAsync(tenant.TenantId, query.Feed, HttpContext.RequestAborted);
        }
    }
}
