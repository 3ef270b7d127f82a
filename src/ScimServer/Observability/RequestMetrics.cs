using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Http;

namespace ScimServer.Observability;

/// <summary>
/// Requests by tenant and operation. The latency of operations is in ASP.NET Core's own <c>http.server.request.duration</c>; with the tenants in it there would be a histogram for each.
/// </summary>
internal sealed class RequestMetrics : IDisposable
{
    public const string MeterName = "ScimServer";

    /// <summary>So many tenants have series of their own; those that come later share one.</summary>
    internal const int MaxTenants = 1000;

    private const string Others = "_other";
    private const string None = "_none";

    private readonly ConcurrentDictionary<int, string> tenants = new();
    private readonly Meter meter;
    private readonly Counter<long> requests;
    private readonly Histogram<double> waited;

    public RequestMetrics(IMeterFactory meters)
    {
        meter = meters.Create(MeterName);
        requests = meter.CreateCounter<long>("scim.server.requests", "{request}", "Requests by tenant, operation (method and route) and outcome: ok, refused (4xx) or failed (5xx).");
        waited = meter.CreateHistogram(
            "scim.server.tenant.duration",
            "s",
            "How long the requests of a tenant took.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.02, 0.1, 0.5, 2, 10] });
    }

    public async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            Count(context, Stopwatch.GetElapsedTime(begun));
        }
    }

    public void Dispose() => meter.Dispose();

    /// <summary>The tenant's name, or the common one when there are too many. A request that belongs to none is of <c>_none</c>.</summary>
    internal string Label(TenantContext tenant)
    {
        if (!tenant.IsAuthenticated)
        {
            return None;
        }

        return tenants.TryGetValue(tenant.TenantId, out var known) ? known : tenants.Count < MaxTenants ? tenants.GetOrAdd(tenant.TenantId, tenant.TenantName) : Others;
    }

    private void Count(HttpContext context, TimeSpan elapsed)
    {
        var tenant = new KeyValuePair<string, object?>("scim.tenant", Label(context.RequestServices.GetRequiredService<TenantContext>()));
        waited.Record(elapsed.TotalSeconds, tenant);
        requests.Add(1, tenant, new("scim.operation", Operation(context)), new("scim.outcome", Outcome(context.Response.StatusCode)));
    }

    /// <summary>Of the route table, so that clients cannot make series.</summary>
    private static string Operation(HttpContext context) =>
        context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route } ? $"{RequestMethods.Known(context.Request.Method)} /{route.TrimStart('/')}" : None;

    private static string Outcome(int status) => status switch { >= 500 => "failed", >= 400 => "refused", _ => "ok" };
}
