using Microsoft.Extensions.DependencyInjection.Extensions;
using ScimServer.Events;
using ScimServer.Events.Webhooks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what tells others of changes.</summary>
internal static class EventsExtensions
{
    /// <summary>The feed of changes and their retention.</summary>
    public static void AddScimEvents(this IServiceCollection services)
    {
        services.AddScimOptions<EventsOptions>(EventsOptions.Section);
        services.AddHostedService<ChangeRetentionWorker>();
    }

    /// <summary>Webhooks: sending events to endpoints.</summary>
    public static void AddScimWebhooks(this IServiceCollection services)
    {
        services.AddScimOptions<WebhookOptions>(WebhookOptions.Section);
        services.TryAddSingleton<LogWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<LogWatch>());
        services.TryAddSingleton<WebhookMetrics>();
        services.TryAddSingleton<WebhookSender>();
        services.TryAddSingleton<DeliveryPace>();
        services.TryAddSingleton<WebhookTools>();
        services.AddHostedService<WebhookDispatcher>();
        services.AddHostedService<WebhookUpkeep>();
    }
}
