using Microsoft.Extensions.DependencyInjection.Extensions;
using ScimServer.Events.SecurityEvents;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds streams of security event tokens.</summary>
internal static class SecurityEventsExtensions
{
    /// <summary>Streams, their tokens and keys, and the pushing.</summary>
    public static void AddSecurityEvents(this IServiceCollection services)
    {
        AddSecurityEventStreams(services);
        services.TryAddSingleton<StreamMetrics>();
        services.TryAddSingleton<StreamPush>();
        services.TryAddSingleton<PolledStreams>();
        services.AddHostedService<PushWorker>();
        services.AddHostedService<PollWatch>();
    }

    /// <summary>What the command line needs too.</summary>
    public static void AddSecurityEventStreams(this IServiceCollection services)
    {
        services.AddScimOptions<SecurityEventsOptions, SecurityEventsOptionsValidator>(SecurityEventsOptions.Section);
        services.TryAddSingleton<StreamAddress>();
        services.TryAddSingleton<StreamRegistration>();
        services.TryAddSingleton<SigningKeyRing>();
        services.TryAddSingleton<SetIssuer>();
        services.TryAddSingleton<StreamPoll>();
        services.TryAddSingleton<SetTransmitter>();
        services.TryAddSingleton<PushSchedule>();
    }

    /// <summary>Maps what is read without a token; the rest are controllers.</summary>
    public static void MapSecurityEvents(this WebApplication app) => DiscoveryEndpoints.Map(app);
}
