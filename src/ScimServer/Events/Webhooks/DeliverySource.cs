using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Webhooks;

namespace ScimServer.Events.Webhooks;

/// <summary>Makes what a lane delivers out of changes and rows.</summary>
/// <param name="endpoint">The endpoint.</param>
/// <param name="tenantId">The tenant whose events they are.</param>
/// <param name="tenantName">Its name, for an endpoint that gets the events of others, too.</param>
internal sealed class DeliverySource(EndpointDelivery endpoint, int tenantId, string? tenantName)
{
    /// <summary>The events of rows, as far as they are kept.</summary>
    public async Task<Dictionary<long, Delivery>> FindAsync(IReadOnlyList<WebhookRetryRow> rows, CancellationToken cancellationToken)
    {
        var bySeq = rows.ToDictionary(row => row.Seq);
        var found = tenantId == WebhookEndpoints.Operator
            ? (await endpoint.Tools.Deliveries.FindOperationalAsync(bySeq.Keys, cancellationToken)).Select(happened => Of(happened, bySeq[happened.Seq]))
            : (await endpoint.Tools.Deliveries.FindAsync(tenantId, bySeq.Keys, cancellationToken)).Select(change => Of(new ChangeEvent(change), bySeq[change.Seq]));
        return found.ToDictionary(delivery => delivery.Seq);
    }

    /// <summary>The delivery of a change.</summary>
    public Delivery Of(ChangeEvent happened, WebhookRetryRow? row) => new()
    {
        Seq = happened.Change.Seq,
        ResourceId = happened.Change.ResourceId,
        Members = happened.Change.MemberIds ?? [],
        Id = happened.Id,
        At = happened.Change.At,
        Content = () => happened.Content(endpoint.Current.Given.IsFull, tenantName),
        EndpointId = endpoint.Id,
        TenantId = tenantId,
        Row = row,
    };

    private Delivery Of(OperationalEventRow happened, WebhookRetryRow row) => new()
    {
        Seq = happened.Seq,
        ResourceId = happened.Id,
        Id = WebhookContent.Id(happened),
        At = happened.At,
        Content = () => WebhookContent.Of(happened),
        EndpointId = endpoint.Id,
        TenantId = tenantId,
        Row = row,
    };
}
