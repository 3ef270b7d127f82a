using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Webhooks;
using Scim.Schemas;

namespace ScimServer.Events.Webhooks;

/// <summary>What all deliveries of the process use.</summary>
internal sealed class WebhookTools(IServiceProvider services)
{
    /// <summary>So many lanes look for what other instances wrote as often as is configured; more look less often.</summary>
    private const int LanesPerLook = 50;

    private readonly TimeSpan look = TimeSpan.FromMilliseconds(services.GetRequiredService<IOptions<EventsOptions>>().Value.LookMilliseconds);
    private readonly ConcurrentDictionary<int, ChangeTail> tails = new();
    private int lanes;

    public WebhookEndpoints Endpoints { get; } = services.GetRequiredService<WebhookEndpoints>();

    public WebhookDeliveries Deliveries { get; } = services.GetRequiredService<WebhookDeliveries>();

    public Tenants Tenants { get; } = services.GetRequiredService<Tenants>();

    public WebhookSender Sender { get; } = services.GetRequiredService<WebhookSender>();

    public WebhookMetrics Metrics { get; } = services.GetRequiredService<WebhookMetrics>();

    public DeliveryPace Pace { get; } = services.GetRequiredService<DeliveryPace>();

    public WebhookOptions Options { get; } = services.GetRequiredService<IOptions<WebhookOptions>>().Value;

    public SchemaRegistry Schemas { get; } = services.GetRequiredService<SchemaRegistry>();

    public TimeProvider Time { get; } = services.GetRequiredService<TimeProvider>();

    public ILogger Logger { get; } = services.GetRequiredService<ILogger<WebhookTools>>();

    /// <summary>How often a lane looks for what other instances wrote.</summary>
    public TimeSpan Look => look * Math.Max(1, Volatile.Read(ref lanes) / LanesPerLook);

    /// <summary>The end of the change log of a tenant.</summary>
    public ChangeTail Tail(int tenantId) => tails.GetOrAdd(tenantId, id => new ChangeTail(Deliveries, Pace, id));

    /// <summary>A lane more, or less.</summary>
    public void CountLanes(int by) => Interlocked.Add(ref lanes, by);
}
