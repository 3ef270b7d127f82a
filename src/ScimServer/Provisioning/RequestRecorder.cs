using System.Diagnostics;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Provisioning;
using Scim.EntityFrameworkCore.Rows;
using ScimServer.Http;

namespace ScimServer.Provisioning;

/// <summary>
/// Notes each request below /scim, and what else is refused, once it has been answered. A success costs one row in a queue; only a failure is
/// looked at more closely.
/// </summary>
internal sealed partial class RequestRecorder(RequestDelegate next, ProvisioningLogQueue queue, FailureReport report, ILogger<RequestRecorder> logger)
{
    private const string Root = "/scim";
    private const string NoRoute = "-";
    private const int MicrosecondsPerSecond = 1_000_000;

    private static readonly string[] Elsewhere = ["/health", "/swagger"];

    public async Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if (Array.Exists(Elsewhere, other => path.StartsWithSegments(other, StringComparison.OrdinalIgnoreCase)))
        {
            await next(context);
            return;
        }

        var began = Stopwatch.GetTimestamp();
        var trace = ScimRequestTrace.Of(context);
        trace.KeepsBody = true;
        try
        {
            await next(context);
        }
        finally
        {
            TryRecord(context, trace, began);
            trace.Body?.Dispose();
        }
    }

    /// <summary>What cannot be noted is no reason to fail what has been answered.</summary>
    private void TryRecord(HttpContext context, ScimRequestTrace trace, long began)
    {
        try
        {
            Record(context, trace, began);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Log.NotRecorded(logger, context.TraceIdentifier, exception);
        }
    }

    private void Record(HttpContext context, ScimRequestTrace trace, long began)
    {
        var status = context.Response.StatusCode;
        var isCut = context.RequestAborted.IsCancellationRequested;
        var failed = status >= StatusCodes.Status400BadRequest || trace.Error is not null || trace.FailedOperations.Count > 0 || isCut;
        var tenant = context.RequestServices.GetRequiredService<TenantContext>();
        if (tenant.IsAuthenticated)
        {
            if (failed || context.Request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase))
            {
                queue.Add(Row(context, trace, tenant, began, failed));
            }
        }
        else if (trace.Refusal is not null || trace.Error is not null)
        {
            queue.Add(new RefusedRequest(Refused(context, trace, tenant), trace.RefusedHash));
        }
    }

    private RequestRow Row(HttpContext context, ScimRequestTrace trace, TenantContext tenant, long began, bool failed) => new()
    {
        TenantId = tenant.TenantId,
        Txn = tenant.Txn,
        At = RequestReference.TimeOf(tenant.Txn),
        Method = RequestMethods.Known(context.Request.Method),
        Route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { } route ? Absolute(route) : NoRoute,
        ResourceId = Guid.TryParse(context.GetRouteValue("id") as string, out var id) ? id : null,
        Status = context.Response.StatusCode,
        Failed = failed,
        Actor = tenant.Actor,
        Rules = trace.RuleNames,
        ClientId = CorrelationId.OfClient(context),
        Duration = Microseconds(began, Stopwatch.GetTimestamp()),
        Authenticated = Since(began, trace.TimeOf(RequestStep.Authenticated)),
        Read = Since(began, trace.TimeOf(RequestStep.Read)),
        Stored = Since(began, trace.TimeOf(RequestStep.Stored)),
        Failure = failed ? report.Write(context, trace) : null,
    };

    private RefusedRequestRow Refused(HttpContext context, ScimRequestTrace trace, TenantContext tenant) => new()
    {
        Txn = tenant.Txn,
        At = RequestReference.TimeOf(tenant.Txn),
        Method = RequestMethods.Known(context.Request.Method),
        Path = report.Path(context),
        Status = context.Response.StatusCode,
        Reason = trace.Refusal ?? Reason(context),
        Address = context.Connection.RemoteIpAddress?.ToString(),
        ClientId = CorrelationId.OfClient(context),
    };

    private static string Reason(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed => "there is nothing at this address: the base URL is wrong",
        StatusCodes.Status503ServiceUnavailable => "the server was not ready, its database did not answer, or an issuer did not tell its keys",
        _ => "refused before there was a token to look at",
    };

    private static string Absolute(string route) => route.StartsWith('/') ? route : "/" + route;

    private static int? Since(long began, long? at) => at is { } then ? Microseconds(began, then) : null;

    private static int Microseconds(long from, long to) => (int)Math.Min(int.MaxValue, Stopwatch.GetElapsedTime(from, to).TotalSeconds * MicrosecondsPerSecond);

    private static partial class Log
    {
        [LoggerMessage(7102, LogLevel.Error, "A request could not be noted for the provisioning log; correlation id {CorrelationId}")]
        public static partial void NotRecorded(ILogger logger, string correlationId, Exception exception);
    }
}
