using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ScimServer.Startup;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What happens around the life of the process: its folder, its database, its proxies, its end.</summary>
internal static class StartupExtensions
{
    /// <summary>Adds the database, and its preparation at start.</summary>
    /// <exception cref="StartupException">A setting is missing or makes no sense.</exception>
    public static void AddScimDatabase(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddScimEntityFrameworkCore(DatabaseSettings.Read(builder.Configuration, builder.Environment.ContentRootPath));
        services.AddScimOptions<StartupOptions, StartupOptionsValidator>(StartupOptions.Section);
        services.TryAddSingleton<Readiness>();
        services.TryAddSingleton<FirstRun>();
        services.TryAddSingleton<DatabaseSetup>();
        services.TryAddSingleton<Announcement>();
        services.AddHostedService<DatabasePreparation>();
    }

    /// <summary>Reads which proxies are trusted.</summary>
    public static void AddTrustedProxies(this WebApplicationBuilder builder)
    {
        builder.Services.AddScimOptions<TrustedProxyOptions, TrustedProxyOptionsValidator>(TrustedProxyOptions.Section);
    }

    /// <summary>Lets requests end before the process does.</summary>
    public static void AddShutdown(this WebApplicationBuilder builder)
    {
        builder.Services.AddScimOptions<ShutdownOptions>(ShutdownOptions.Section);
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<ShutdownOptions>>((host, shutdown) =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(shutdown.Value.TimeoutSeconds));
    }

    /// <summary>Refuses to start with options that make no sense, before anything is touched.</summary>
    /// <exception cref="OptionsValidationException">An option makes no sense.</exception>
    public static void ValidateOptions(this WebApplication app) => app.Services.GetRequiredService<IStartupValidator>().Validate();

    /// <summary>Takes over what trusted proxies forward; without any, forwarded headers are ignored.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        var trusted = app.Services.GetRequiredService<IOptions<TrustedProxyOptions>>().Value;
        if (!trusted.HasAny)
        {
            return;
        }

        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All, ForwardLimit = trusted.ForwardLimit };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in trusted.KnownProxies)
        {
            options.KnownProxies.Add(IPAddress.Parse(proxy));
        }

        foreach (var network in trusted.KnownNetworks)
        {
            options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
        }

        app.UseForwardedHeaders(options);
    }

    /// <summary>Holds SCIM requests back until the database is prepared.</summary>
    public static void UseStartupGate(this WebApplication app) => app.UseMiddleware<StartupGate>();
}
