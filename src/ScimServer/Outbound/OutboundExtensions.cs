using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ScimServer.Outbound;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the client for addresses that others chose.</summary>
internal static class OutboundExtensions
{
    /// <summary><see cref="OutboundClient"/> and its options.</summary>
    public static void AddOutbound(this IServiceCollection services)
    {
        services.AddOptions<OutboundOptions>().BindConfiguration(OutboundOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OutboundOptions>, OutboundOptionsValidator>());
        services.TryAddSingleton<OutboundClient>();
    }
}
