using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Scim.EntityFrameworkCore;
using ScimServer.Events.Webhooks;
using ScimServer.Observability;
using ScimServer.Provisioning;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Traces and metrics over OTLP, for who configures where to send them; else nothing is measured.</summary>
internal static class TelemetryExtensions
{
    /// <summary>OpenTelemetry's own setting; all others of it (headers, protocol, sampling, names) hold too.</summary>
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string ServiceName = "scimserver";
    private const string Database = "Npgsql";

    /// <summary>OpenTelemetry with what ASP.NET Core, the runtime, Npgsql and this server tell.</summary>
    public static void AddScimTelemetry(this WebApplicationBuilder builder)
    {
        if (!IsOn(builder.Configuration))
        {
            return;
        }

        builder.Services.AddSingleton<RequestMetrics>();
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService(ServiceName, serviceVersion: typeof(RequestMetrics).Assembly.GetName().Version?.ToString())
                .AddEnvironmentVariableDetector())
            .WithTracing(traces => traces.AddProcessor(new SpanRedaction()).AddAspNetCoreInstrumentation().AddSource(Database).AddOtlpExporter())
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter(Database, ScimMeter.Name, RequestMetrics.MeterName, WebhookMetrics.MeterName, ProvisioningLogQueue.MeterName)
                .AddOtlpExporter());
    }

    /// <summary>Counts requests by tenant, where telemetry is configured.</summary>
    public static void UseScimTelemetry(this WebApplication app)
    {
        if (app.Services.GetService<RequestMetrics>() is { } metrics)
        {
            app.Use(metrics.CountAsync);
        }
    }

    private static bool IsOn(ConfigurationManager configuration) => !string.IsNullOrWhiteSpace(configuration[Endpoint]);
}
