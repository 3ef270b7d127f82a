using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Leases;
using Scim.EntityFrameworkCore.Streams;
using ScimServer.Events.Leasing;
using ScimServer.Startup;

namespace ScimServer.Events.SecurityEvents;

/// <summary>Pushes the streams of all tenants, shared with the other instances.</summary>
internal sealed class PushWorker(
    EventStreams streams, StreamPush push, WorkLeases leases, IServiceProvider services, ILogger<PushWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!services.GetRequiredService<IOptions<SecurityEventsOptions>>().Value.Enabled)
        {
            return;
        }

        await services.GetRequiredService<Readiness>().WhenReadyAsync(stoppingToken);
        await new LeasedWork(EventStreams.LeaseKind, leases, services.GetRequiredService<IOptions<EventsOptions>>(), logger).RunAsync(ListAsync, stoppingToken);
    }

    private async Task<IReadOnlyList<WorkItem>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await streams.ListPushedAsync(cancellationToken)).Select(row => new WorkItem(row.StreamId, (lease, ending) => push.RunAsync(row.TenantId, row.StreamId, lease, ending)))];
}
