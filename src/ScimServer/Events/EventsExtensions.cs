using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ScimServer.Events;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what tells others of changes.</summary>
internal static class EventsExtensions
{
    /// <summary>The feed of changes and their retention.</summary>
    public static void AddScimEvents(this IServiceCollection services)
    {
        services.AddOptions<EventsOptions>().BindConfiguration(EventsOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EventsOptions>, EventsOptionsValidator>());
        services.AddHostedService<ChangeRetentionWorker>();
    }
}
