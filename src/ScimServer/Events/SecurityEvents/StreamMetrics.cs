using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Scim.EntityFrameworkCore.Rows;
using ScimServer.Events.Webhooks;

namespace ScimServer.Events.SecurityEvents;

/// <summary>What can be measured of pushes, by stream; meter <c>ScimServer.Events</c>, as for webhooks.</summary>
internal sealed class StreamMetrics : IDisposable
{
    private readonly Meter meter;
    private readonly Counter<long> pushes;
    private readonly ConcurrentDictionary<Guid, StreamState> streams = new();

    public StreamMetrics(IMeterFactory factory, TimeProvider time)
    {
        meter = factory.Create(WebhookMetrics.MeterName);
        pushes = meter.CreateCounter<long>("scim.stream.pushes", "{token}", "Pushes of a token; outcome is success or failure.");
        meter.CreateObservableGauge("scim.stream.lag", () => streams.Select(stream => Measure(stream, stream.Value.Lag(time.GetUtcNow()).TotalSeconds)), "s", "The age of the oldest change whose token is being pushed.");
        meter.CreateObservableGauge("scim.stream.failures", () => streams.Select(stream => Measure(stream, stream.Value.Failures)), "{batch}", "How often in a row the receiver took nothing.");
    }

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

    public void Dispose() => meter.Dispose();

    private static Measurement<T> Measure<T>(KeyValuePair<Guid, StreamState> stream, T value)
        where T : struct =>
        new(value, new KeyValuePair<string, object?>("stream", stream.Key), new("tenant", stream.Value.TenantId));

    private sealed record StreamState(int TenantId, DateTimeOffset? Oldest, int Failures)
    {
        public TimeSpan Lag(DateTimeOffset now) => Oldest is { } at && now > at ? now - at : TimeSpan.Zero;
    }
}
