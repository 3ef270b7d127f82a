using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Leases;
using Scim.EntityFrameworkCore.Streams;
using ScimServer.Events.Leasing;
using ScimServer.Startup;

namespace ScimServer.Events.SecurityEvents;

/// <summary>Pushes the streams of all tenants, shared with the other instances.</summary>
internal sealed class PushWorker(
    EventStreams streams,
    StreamPush push,
    WorkLeases leases,
    Readiness readiness,
    IOptions<SecurityEventsOptions> options,
    IOptions<EventsOptions> events,
    ILogger<PushWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        await readiness.WhenReadyAsync(stoppingToken);
        await new LeasedWork(EventStreams.LeaseKind, leases, events, logger).RunAsync(ListAsync, stoppingToken);
    }

    private async Task<IReadOnlyList<WorkItem>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await streams.ListPushedAsync(cancellationToken)).Select(row => new WorkItem(row.StreamId, (lease, ending) => push.RunAsync(row.TenantId, row.StreamId, lease, ending)))];
}
