using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Streams;
using ScimServer.Events.Webhooks;

namespace ScimServer.Events.SecurityEvents;

/// <summary>What can be measured of streams, by stream; meter <c>ScimServer.Events</c>, as for webhooks.</summary>
internal sealed class StreamMetrics : IDisposable
{
    private readonly Meter meter;
    private readonly Counter<long> pushes;
    private readonly ObservableGauge<double> lag;
    private readonly ConcurrentDictionary<Guid, StreamState> streams = new();
    private readonly TimeProvider time;
    private volatile IReadOnlyList<Measurement<double>> polled = [];

    public StreamMetrics(IMeterFactory factory, TimeProvider time)
    {
        this.time = time;
        meter = factory.Create(WebhookMetrics.MeterName);
        pushes = meter.CreateCounter<long>("scim.stream.pushes", "{token}", "Pushes of a token; outcome is success or failure.");
        lag = meter.CreateObservableGauge("scim.stream.lag", MeasureLags, "s", "The age of the oldest change whose token is being pushed, or that a receiver which polls has not acknowledged.");
        meter.CreateObservableGauge("scim.stream.failures", () => streams.Select(stream => Measure(stream, stream.Value.Failures)), "{batch}", "How often in a row the receiver took nothing.");
    }

    /// <summary>Whether anybody collects what says how far behind receivers are.</summary>
    public bool IsLagCollected => lag.Enabled;

    /// <summary>Counts pushes.</summary>
    public void Count(EventStreamRow stream, IReadOnlyList<PushResult> results)
    {
        foreach (var group in results.GroupBy(result => result.Error is null))
        {
            pushes.Add(group.Count(), new("stream", stream.Id), new("outcome", group.Key ? "success" : "failure"));
        }
    }

    /// <summary>What a stream is at. While its receiver takes nothing, nothing is under way most of the time, and what waits grows older.</summary>
    public void Set(EventStreamRow stream, DateTimeOffset? oldest) => streams.AddOrUpdate(
        stream.Id,
        _ => new StreamState(stream.TenantId, oldest, stream.Failures),
        (_, before) => new StreamState(stream.TenantId, oldest ?? (stream.FailingSince is null ? null : before.Oldest), stream.Failures));

    /// <summary>A stream is not this instance's any more.</summary>
    public void Remove(Guid stream) => streams.TryRemove(stream, out _);

    /// <summary>How far behind those are that poll. The age is that at the look: what is taken between two looks does not seem to grow old meanwhile.</summary>
    public void SetPolled(IEnumerable<BacklogLook> looks) =>
        polled = [.. looks.Select(look => MeasureLag(look.Stream.Id, look.Stream.TenantId, look.Oldest, "poll"))];

    public void Dispose() => meter.Dispose();

    private static Measurement<T> Measure<T>(KeyValuePair<Guid, StreamState> stream, T value)
        where T : struct =>
        new(value, new KeyValuePair<string, object?>("stream", stream.Key), new("tenant", stream.Value.TenantId));

    private IEnumerable<Measurement<double>> MeasureLags() =>
        [.. streams.Select(stream => MeasureLag(stream.Key, stream.Value.TenantId, stream.Value.Oldest, "push")), .. polled];

    private Measurement<double> MeasureLag(Guid stream, int tenantId, DateTimeOffset? oldest, string delivery)
    {
        var age = time.GetUtcNow() - oldest;
        return new(age > TimeSpan.Zero ? age.Value.TotalSeconds : 0, new("stream", stream), new("tenant", tenantId), new("delivery", delivery));
    }

    private sealed record StreamState(int TenantId, DateTimeOffset? Oldest, int Failures);
}
