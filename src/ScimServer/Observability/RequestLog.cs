using Scim.EntityFrameworkCore.Access;
using ScimServer.Http;
using Serilog;
using Serilog.AspNetCore;
using Serilog.Events;

namespace ScimServer.Observability;

/// <summary>
/// One line per request. It names the route, never the path or the query: filters and mistyped paths hold personal data. Of
/// the path only the id is kept, and only when it is one of ours.
/// </summary>
internal static class RequestLog
{
    private const string Template =
        "{RequestMethod} {Route} {StatusCode} in {Elapsed:0.0} ms tenant={Tenant} token={Token} id={ResourceId} dialect={Dialect} correlation={CorrelationId} client={ClientCorrelationId}";

    private const string HealthPath = "/health";
    private const string Nothing = "-";

    public static void Configure(RequestLoggingOptions options)
    {
        options.MessageTemplate = Template;
        options.GetLevel = Level;
        options.IncludeQueryInRequestPath = false;
        options.EnrichDiagnosticContext = Enrich;
        options.GetMessageTemplateProperties = (context, _, elapsed, status) =>
        [
            new LogEventProperty("RequestMethod", new ScalarValue(RequestMethods.Known(context.Request.Method))),
            new LogEventProperty("StatusCode", new ScalarValue(status)),
            new LogEventProperty("Elapsed", new ScalarValue(elapsed)),
        ];
    }

    private static void Enrich(IDiagnosticContext log, HttpContext context)
    {
        var tenant = context.RequestServices.GetRequiredService<TenantContext>();
        log.Set("Tenant", tenant.IsAuthenticated ? tenant.TenantName : Nothing);
        log.Set("Token", context.User.Identity?.Name ?? Nothing);
        log.Set("Route", Route(context));
        log.Set("ResourceId", Guid.TryParse(context.GetRouteValue("id") as string, out var id) ? id : Nothing);
        log.Set("Dialect", Dialect(context));
        log.Set("CorrelationId", context.TraceIdentifier);
        log.Set("ClientCorrelationId", CorrelationId.OfClient(context) ?? Nothing);
    }

    private static string Route(HttpContext context) =>
        context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } text } ? $"/{text.TrimStart('/')}" : Nothing;

    private static string Dialect(HttpContext context) =>
        ScimRequestTrace.Of(context).RuleNames ?? Nothing;

    private static LogEventLevel Level(HttpContext context, double elapsed, Exception? exception)
    {
        // A failing health check has its own log event.
        if (context.Request.Path.StartsWithSegments(HealthPath, StringComparison.OrdinalIgnoreCase))
        {
            return LogEventLevel.Debug;
        }

        // The cause has its own log event, one for all.
        if (context.Response.StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            return LogEventLevel.Warning;
        }

        return exception is not null || context.Response.StatusCode >= StatusCodes.Status500InternalServerError ? LogEventLevel.Error : LogEventLevel.Information;
    }
}
