using Microsoft.AspNetCore.Mvc;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Webhooks;
using Scim.Schemas;
using ScimServer.Events.Webhooks;
using ScimServer.Http;

namespace ScimServer.Admin;

/// <summary>Did the product hear of it, and when?</summary>
[Route(AdminEndpoint.Base + "/tenants/{tenantId:int}/deliveries")]
public sealed class AdminDeliveriesController(Tenants tenants, WebhookQueries queries, SchemaRegistry schemas) : AdminController
{
    private const int MaxCount = 50;

    /// <summary>What became of an event, or of the latest events of a resource, at each webhook; newest first.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="event">The id of the event. This or the next is required.</param>
    /// <param name="resource">The id of the resource.</param>
    /// <param name="count">Events at most: 1 to 50.</param>
    [HttpGet("")]
    public async Task<IReadOnlyList<DeliveryView>> List(int tenantId, [FromQuery] string? @event, [FromQuery] Guid? resource, [FromQuery] int count = 10)
    {
        var tenant = await TenantAsync(tenants, tenantId);
        if (@event is null == resource is null)
        {
            throw new AccessException("Say which: either \"event\" or \"resource\".") { Field = "event" };
        }

        var id = @event is null ? (Scim.EntityFrameworkCore.Changes.ChangeId?)null : ReplayRequest.ReadEvent(@event);
        var found = await queries.DeliveriesAsync(
            tenant.Id, id, resource, (webhook, change) => WebhookFilter.Matches(WebhookFilter.Of(webhook.Given, schemas), change), Count(count, MaxCount), Aborted);
        return [.. found.Select(DeliveryView.Of)];
    }
}
