using System.Diagnostics;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Leases;
using Scim.EntityFrameworkCore.Streams;
using ScimServer.Events.Leasing;
using ScimServer.Startup;

namespace ScimServer.Events.SecurityEvents;

/// <summary>
/// Measures how far behind the receivers are that poll (RFC 8936). Nobody else would notice one that does not come any more. One instance
/// looks, for all tenants, and none does while no metrics are collected.
/// </summary>
internal sealed class PollWatch(
    PolledStreams streams,
    StreamMetrics metrics,
    WorkLeases leases,
    Readiness readiness,
    IOptions<SecurityEventsOptions> options,
    IOptions<EventsOptions> events,
    ILogger<PollWatch> logger) : BackgroundService
{
    private const string LeaseKind = "stream-lag";

    /// <summary>Looks take a twentieth of the time at most, however many streams there are.</summary>
    private const int Share = 20;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        await readiness.WhenReadyAsync(stoppingToken);
        while (!metrics.IsLagCollected)
        {
            await Task.Delay(Look, stoppingToken);
        }

        WorkItem[] work = [new WorkItem(Guid.Empty, (_, ending) => WatchAsync(ending))];
        await new LeasedWork(LeaseKind, leases, events, logger).RunAsync(
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
                looks = await streams.LookAsync(looks, ending);
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
}
