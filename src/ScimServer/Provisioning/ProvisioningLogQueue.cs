using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Provisioning;
using Scim.EntityFrameworkCore.Rows;

namespace ScimServer.Provisioning;

/// <summary>
/// What requests leave behind for the log, until the next batch is written. It never makes a request wait: what does not fit is counted
/// and let go. Failures have a place of their own, so that no number of successes pushes them out.
/// </summary>
internal sealed class ProvisioningLogQueue
{
    private const int MaxFailures = 1000;
    private const int MaxRefused = 200;
    private const int SecondsPerMinute = 60;

    private readonly Channel<RequestRow> successes;
    private readonly Channel<RequestRow> failures = Bounded<RequestRow>(MaxFailures);
    private readonly Channel<RefusedRequest> refused = Bounded<RefusedRequest>(MaxRefused);
    private readonly Lock gate = new();
    private Dictionary<(int Tenant, long Minute), Tally> tallies = [];

    public ProvisioningLogQueue(IOptions<ProvisioningLogOptions> options) => successes = Bounded<RequestRow>(options.Value.MaxPerSecond);

    /// <summary>Adds a request of a tenant.</summary>
    public void Add(RequestRow request)
    {
        var isRecorded = (request.Failed ? failures : successes).Writer.TryWrite(request);
        var key = (request.TenantId, RequestReference.TimeOf(request.Txn).ToUnixTimeSeconds() / SecondsPerMinute);
        lock (gate)
        {
            var tally = tallies.GetValueOrDefault(key);
            tallies[key] = new Tally(
                tally.Requests + 1,
                tally.Failures + (request.Failed ? 1 : 0),
                tally.Unrecorded + (isRecorded ? 0 : 1),
                request.At > tally.LastSeen ? request.At : tally.LastSeen);
        }
    }

    /// <summary>Adds a request without a tenant.</summary>
    public void Add(RefusedRequest request) => refused.Writer.TryWrite(request);

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
