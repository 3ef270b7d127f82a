using System.Globalization;
using ScimServer.Http;
using ScimServer.Observability;
using ScimServer.Startup;
using Serilog;
using Serilog.Events;
using Serilog.Filters;
using Serilog.Formatting.Compact;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Sets up the log.</summary>
internal static class LoggingExtensions
{
    private const string FormatKey = "Observability:LogFormat";
    private const string OutputTemplate = "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}";

    private static readonly Func<LogEvent, bool>[] BeginAgain =
        [.. ((string[])["ScimServer.Authentication", "ScimServer.Events", "ScimServer.Provisioning", "Microsoft.EntityFrameworkCore", "Npgsql"]).Select(Matching.FromSource)];

    /// <summary>Serilog to the console, as text or JSON; levels from the section <c>Serilog</c>.</summary>
    /// <exception cref="StartupException">The format is unknown.</exception>
    public static void AddScimLogging(this WebApplicationBuilder builder)
    {
        var format = ReadFormat(builder.Configuration);
        builder.Services.AddSerilog(
            (services, logger) =>
            {
                logger.ReadFrom.Configuration(builder.Configuration);

                // These write whole URLs, query included, whatever the levels that are configured.
                logger.MinimumLevel.Override("Microsoft.AspNetCore.Hosting.Diagnostics", LogEventLevel.Warning);
                logger.MinimumLevel.Override("Microsoft.AspNetCore.HttpLogging", LogEventLevel.Warning);

                // Explained on standard error, without a stack trace, or told to stop. Whatever fails later has nobody to explain it.
                logger.Filter.ByExcluding(log => Matching.FromSource("Microsoft.Extensions.Hosting.Internal.Host")(log)
                    && (log.Exception is OperationCanceledException || (log.MessageTemplate.Text == "Hosting failed to start" && StartupFailure.IsExplained(log.Exception))));

                // Outages tells it for all who meet it; these begin again by themselves, some of them every second.
                var outages = new Lazy<Outages>(services.GetRequiredService<Outages>);
                logger.Filter.ByExcluding(log => log is { Exception: not null, Level: < LogEventLevel.Fatal }
                    && Array.Exists(BeginAgain, from => from(log)) && outages.Value.Of(log.Exception) is not null);

                // Its notes hold the tokens that it gives out, whatever the levels that are configured.
                logger.Filter.ByExcluding(log => log.Level < LogEventLevel.Warning && Matching.FromSource("OpenIddict")(log));
                logger.Enrich.FromLogContext().Enrich.With<PathRemover>();
                if (format == LogFormat.Json)
                {
                    logger.WriteTo.Console(new CompactJsonFormatter());
                }
                else
                {
                    logger.WriteTo.Console(outputTemplate: OutputTemplate, formatProvider: CultureInfo.InvariantCulture);
                }
            },
            preserveStaticLogger: true);
    }

    /// <summary>One line per request.</summary>
    public static void UseScimRequestLogging(this WebApplication app) => app.UseSerilogRequestLogging(options =>
    {
        // Of this server, not the one of the process: several servers can run in one.
        options.Logger = app.Services.GetRequiredService<Serilog.ILogger>();
        RequestLog.Configure(options);
    });

    /// <summary>How the log is written.</summary>
    /// <exception cref="StartupException">The format is unknown.</exception>
    public static LogFormat ReadFormat(IConfiguration configuration)
    {
        var text = configuration[FormatKey];
        if (string.IsNullOrWhiteSpace(text))
        {
            return LogFormat.Text;
        }

        return Enum.TryParse<LogFormat>(text, ignoreCase: true, out var format) && Enum.IsDefined(format)
            ? format
            : throw new StartupException($"{FormatKey} must be {string.Join(" or ", Enum.GetNames<LogFormat>())}, not \"{text}\".");
    }
}
