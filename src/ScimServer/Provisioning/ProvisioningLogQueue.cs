using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Provisioning;
using Scim.EntityFrameworkCore.Rows;

namespace ScimServer.Provisioning;

/// <summary>
/// What requests leave behind for the log, until the next batch is written. It never makes a request wait: what does not fit is counted
/// and let go. Failures have a place of their own, so that no number of successes pushes them out.
/// </summary>
internal sealed class ProvisioningLogQueue : IDisposable
{
    /// <summary>The name of the meter that tells what waits and what was let go.</summary>
    public const string MeterName = "ScimServer.Provisioning";

    private const int MaxFailures = 1000;
    private const int MaxRefused = 200;
    private const int SecondsPerMinute = 60;
    private const string Kind = "kind";
    private const string Success = "success";
    private const string Failure = "failure";
    private const string Refused = "refused";

    private readonly Channel<RequestRow> successes;
    private readonly Channel<RequestRow> failures = Bounded<RequestRow>(MaxFailures);
    private readonly Channel<RefusedRequest> refused = Bounded<RefusedRequest>(MaxRefused);
    private readonly Lock gate = new();
    private readonly Meter meter;
    private readonly Counter<long> unrecorded;
    private Dictionary<(int Tenant, long Minute), Tally> tallies = [];

    public ProvisioningLogQueue(IOptions<ProvisioningLogOptions> options, IMeterFactory meters)
    {
        successes = Bounded<RequestRow>(options.Value.MaxPerSecond);
        meter = meters.Create(MeterName);
        meter.CreateObservableGauge("scim.provisioning.waiting", Waiting, "{request}", "Requests that are not written to the provisioning log yet, by kind: success, failure or refused.");
        unrecorded = meter.CreateCounter<long>("scim.provisioning.unrecorded", "{request}", "Requests that are counted and not in the provisioning log, by kind: more came than it takes, or (unwritten) the database did not take them.");
    }

    /// <summary>Adds a request of a tenant.</summary>
    public void Add(RequestRow request)
    {
        var isRecorded = (request.Failed ? failures : successes).Writer.TryWrite(request);
        Count(request.TenantId, request.At, request.Failed, isRecorded, request.Failed ? Failure : Success);
    }

    /// <summary>Adds a request without a tenant.</summary>
    public void Add(RefusedRequest request) => Count(ProvisioningLogQueries.NoTenant, request.Row.At, failed: true, refused.Writer.TryWrite(request), Refused);

    /// <summary>Counts requests that were taken out and could not be written.</summary>
    public void Lost(int requests) => unrecorded.Add(requests, new KeyValuePair<string, object?>(Kind, "unwritten"));

    /// <summary>Takes out the requests, failures first.</summary>
    public IReadOnlyList<RequestRow> TakeRequests() => [.. Take(failures), .. Take(successes)];

    /// <summary>Takes out the requests without a tenant.</summary>
    public IReadOnlyList<RefusedRequest> TakeRefused() => [.. Take(refused)];

    /// <summary>Takes out the counts.</summary>
    public IReadOnlyList<RequestCountRow> TakeCounts()
    {
        Dictionary<(int Tenant, long Minute), Tally> taken;
        lock (gate)
        {
            (taken, tallies) = (tallies, []);
        }

        return [.. taken.Select(pair => new RequestCountRow
        {
            TenantId = pair.Key.Tenant,
            Minute = pair.Key.Minute,
            Requests = pair.Value.Requests,
            Failures = pair.Value.Failures,
            Unrecorded = pair.Value.Unrecorded,
            LastSeen = pair.Value.LastSeen,
        })];
    }

    /// <summary>Puts counts back that could not be written: they are few, and made up by nothing else.</summary>
    public void Return(IReadOnlyList<RequestCountRow> counts)
    {
        lock (gate)
        {
            foreach (var count in counts)
            {
                var key = (count.TenantId, count.Minute);
                var tally = tallies.GetValueOrDefault(key);
                tallies[key] = new Tally(
                    tally.Requests + count.Requests,
                    tally.Failures + count.Failures,
                    tally.Unrecorded + count.Unrecorded,
                    count.LastSeen > tally.LastSeen ? count.LastSeen : tally.LastSeen);
            }
        }
    }

    public void Dispose() => meter.Dispose();

    private void Count(int tenantId, DateTimeOffset at, bool failed, bool isRecorded, string kind)
    {
        var key = (tenantId, at.ToUnixTimeSeconds() / SecondsPerMinute);
        lock (gate)
        {
            var tally = tallies.GetValueOrDefault(key);
            tallies[key] = new Tally(tally.Requests + 1, tally.Failures + (failed ? 1 : 0), tally.Unrecorded + (isRecorded ? 0 : 1), at > tally.LastSeen ? at : tally.LastSeen);
        }

        if (!isRecorded)
        {
            unrecorded.Add(1, new KeyValuePair<string, object?>(Kind, kind));
        }
    }

    private IEnumerable<Measurement<int>> Waiting() =>
    [
        new(successes.Reader.Count, new KeyValuePair<string, object?>(Kind, Success)),
        new(failures.Reader.Count, new KeyValuePair<string, object?>(Kind, Failure)),
        new(refused.Reader.Count, new KeyValuePair<string, object?>(Kind, Refused)),
    ];

    private static Channel<T> Bounded<T>(int capacity) =>
        Channel.CreateBounded<T>(new BoundedChannelOptions(capacity) { SingleReader = true });

    /// <summary>No more than fits in it: what comes meanwhile is for the next time.</summary>
    private static IEnumerable<T> Take<T>(Channel<T> channel)
    {
        for (var left = channel.Reader.Count; left > 0 && channel.Reader.TryRead(out var item); left--)
        {
            yield return item;
        }
    }

    private readonly record struct Tally(long Requests, long Failures, long Unrecorded, DateTimeOffset LastSeen);
}
