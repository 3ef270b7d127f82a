using Microsoft.Extensions.DependencyInjection.Extensions;
using ScimServer.Outbound;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the client for addresses that others chose.</summary>
internal static class OutboundExtensions
{
    /// <summary><see cref="OutboundClient"/> and its options.</summary>
    public static void AddOutbound(this IServiceCollection services)
    {
        services.AddScimOptions<OutboundOptions, OutboundOptionsValidator>(OutboundOptions.Section);
        services.TryAddSingleton<OutboundClient>();
    }
}
