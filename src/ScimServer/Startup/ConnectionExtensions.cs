using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using ScimServer.Startup;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What clients may do with a connection, and what they are told about it.</summary>
internal static class ConnectionExtensions
{
    private const int HstsDays = 365;

    /// <summary>Bounds of time and number, no name of the server, and HSTS for clients that come over HTTPS.</summary>
    public static void AddConnections(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddScimOptions<ConnectionOptions>(ConnectionOptions.Section);
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<ConnectionOptions>>((kestrel, options) => Bound(kestrel, options.Value));
        services.AddHsts(hsts => hsts.MaxAge = TimeSpan.FromDays(HstsDays));
    }

    private static void Bound(KestrelServerOptions kestrel, ConnectionOptions options)
    {
        kestrel.AddServerHeader = false;

        // RFC 9110 §5.5: such bytes are opaque. As UTF-8 a token or User-Agent with one would be 400 without a body, before anything here sees it.
        kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;

        // The longest filter (Scim:Limits:MaxFilterLength) with every character escaped.
        kestrel.Limits.MaxRequestLineSize = 64 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(options.RequestHeadersSeconds);
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(options.MinBodyBytesPerSecond, TimeSpan.FromSeconds(options.BodyGraceSeconds));
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections == 0 ? null : options.MaxConnections;
    }
}
