using System.Diagnostics;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Leases;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Streams;
using ScimServer.Events.Leasing;
using ScimServer.Startup;

namespace ScimServer.Events.SecurityEvents;

/// <summary>
/// Measures how far behind the receivers are that poll (RFC 8936). Nobody else would notice one that does not come any more. One instance
/// looks, for all tenants, and none does while no metrics are collected.
/// </summary>
internal sealed class PollWatch(
    EventStreams streams, StreamBacklog backlog, SetIssuer issuer, StreamMetrics metrics, WorkLeases leases, IServiceProvider services, ILogger<PollWatch> logger)
    : BackgroundService
{
    private const string LeaseKind = "stream-lag";

    /// <summary>Looks take a twentieth of the time at most, however many streams there are.</summary>
    private const int Share = 20;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!services.GetRequiredService<IOptions<SecurityEventsOptions>>().Value.Enabled)
        {
            return;
        }

        await services.GetRequiredService<Readiness>().WhenReadyAsync(stoppingToken);
        while (!metrics.IsLagCollected)
        {
            await Task.Delay(Look, stoppingToken);
        }

        WorkItem[] work = [new WorkItem(Guid.Empty, (_, ending) => WatchAsync(ending))];
        await new LeasedWork(LeaseKind, leases, services.GetRequiredService<IOptions<EventsOptions>>(), logger).RunAsync(
            _ => Task.FromResult<IReadOnlyList<WorkItem>>(metrics.IsLagCollected ? work : []), stoppingToken);
    }

    private async Task WatchAsync(CancellationToken ending)
    {
        var looks = new Dictionary<Guid, BacklogLook>();
        try
        {
            while (true)
            {
                var started = Stopwatch.GetTimestamp();
                looks = await LookAsync(looks, ending);
                metrics.SetPolled(looks.Values);
                var pause = Stopwatch.GetElapsedTime(started) * (Share - 1);
                await Task.Delay(pause > Pause ? pause : Pause, ending);
            }
        }
        finally
        {
            metrics.SetPolled([]);
        }
    }

    private async Task<Dictionary<Guid, BacklogLook>> LookAsync(Dictionary<Guid, BacklogLook> before, CancellationToken ending)
    {
        var now = new Dictionary<Guid, BacklogLook>();
        foreach (var polled in await streams.ListPolledAsync(ending))
        {
            if (await streams.FindAsync(polled.TenantId, polled.StreamId, ending) is { } stream)
            {
                // A stream that somebody paused or disabled waits for nobody, as one that is pushed.
                now[stream.Id] = stream.Status == StreamStatus.Enabled
                    ? await backlog.LookAsync(stream, issuer.FilterOf(stream), before.GetValueOrDefault(stream.Id), ending)
                    : new BacklogLook(stream, Oldest: null, stream.Position);
            }
        }

        return now;
    }
}
