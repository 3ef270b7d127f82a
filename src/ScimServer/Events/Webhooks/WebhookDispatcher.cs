using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Leases;
using Scim.EntityFrameworkCore.Webhooks;
using ScimServer.Events.Leasing;
using ScimServer.Startup;

namespace ScimServer.Events.Webhooks;

/// <summary>Delivers events to the endpoints that fall to this instance.</summary>
internal sealed class WebhookDispatcher(
    WebhookTools tools, WorkLeases leases, Readiness readiness, IOptions<EventsOptions> options, ILogger<WebhookDispatcher> logger) : BackgroundService
{
    private Dictionary<Guid, Webhook> endpoints = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!tools.Options.Deliver)
        {
            return;
        }

        await readiness.WhenReadyAsync(stoppingToken);
        await new LeasedWork(WebhookDeliveries.LeaseKind, leases, options, logger).RunAsync(ListAsync, stoppingToken);
    }

    private async Task<IReadOnlyList<WorkItem>> ListAsync(CancellationToken cancellationToken)
    {
        var found = await tools.Endpoints.ListEnabledAsync(cancellationToken);
        Volatile.Write(ref endpoints, found.ToDictionary(webhook => webhook.Id));
        return [.. found.Select(webhook => new WorkItem(webhook.Id, (lease, ending) => RunAsync(webhook, lease, ending)))];
    }

    private Task RunAsync(Webhook webhook, Lease lease, CancellationToken ending) =>
        new EndpointDelivery(tools, webhook, () => Volatile.Read(ref endpoints).GetValueOrDefault(webhook.Id)).RunAsync(lease, ending);
}
