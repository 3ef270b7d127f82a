using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Scim.EntityFrameworkCore.Webhooks;

namespace ScimServer.Events.Webhooks;

/// <summary>What can be measured of deliveries, by endpoint; meter <c>ScimServer.Events</c>.</summary>
internal sealed class WebhookMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "ScimServer.Events";

    private readonly Meter meter;
    private readonly Counter<long> attempts;
    private readonly Histogram<double> duration;
    private readonly ConcurrentDictionary<(Guid Endpoint, int Tenant), LaneState> lanes = new();

    public WebhookMetrics(IMeterFactory factory, TimeProvider time, LogWatch watch)
    {
        meter = factory.Create(MeterName);
        attempts = meter.CreateCounter<long>("scim.webhook.attempts", "{attempt}", "Attempts to deliver an event; outcome is success or failure.");
        duration = meter.CreateHistogram<double>("scim.webhook.duration", "s", "How long attempts took.");
        meter.CreateObservableGauge("scim.events.mark.age", () => watch.Age.TotalSeconds, "s", "For how long the change log could not be read to its end because of open transactions.");
        meter.CreateObservableGauge("scim.webhook.lag", () => lanes.Select(lane => Measure(lane, lane.Value.Lag(time.GetUtcNow()).TotalSeconds)), "s", "The age of the oldest event that is being sent for the first time, or of the last that was while others wait.");
        meter.CreateObservableGauge("scim.webhook.held", () => lanes.Select(lane => Measure(lane, lane.Value.Held)), "{resource}", "Resources that are held back by an event that failed.");
    }

    /// <summary>Counts an attempt.</summary>
    public void Count(Guid endpoint, WebhookAttempt attempt)
    {
        var tag = new KeyValuePair<string, object?>("endpoint", endpoint);
        attempts.Add(1, tag, new("outcome", attempt.IsSuccess ? "success" : "failure"));
        duration.Record(attempt.Milliseconds / 1000d, tag);
    }

    /// <summary>What a lane is at.</summary>
    public void Set(Guid endpoint, int tenantId, DateTimeOffset? oldest, int held) => lanes[(endpoint, tenantId)] = new LaneState(oldest, held);

    /// <summary>A lane is not this instance's any more.</summary>
    public void Remove(Guid endpoint, int tenantId) => lanes.TryRemove((endpoint, tenantId), out _);

    public void Dispose() => meter.Dispose();

    private static Measurement<T> Measure<T>(KeyValuePair<(Guid Endpoint, int Tenant), LaneState> lane, T value)
        where T : struct =>
        new(value, new KeyValuePair<string, object?>("endpoint", lane.Key.Endpoint), new("tenant", lane.Key.Tenant));

    private readonly record struct LaneState(DateTimeOffset? Oldest, int Held)
    {
        public TimeSpan Lag(DateTimeOffset now) => Oldest is { } at && now > at ? now - at : TimeSpan.Zero;
    }
}
