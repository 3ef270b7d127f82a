using Scim.Errors;
using ScimServer.Http;

namespace ScimServer.Startup;

/// <summary>
/// Answers with 503 until the database is prepared, so that clients repeat their requests instead of failing: every endpoint but those of health, and all below
/// the base path. The page at <c>/swagger</c> is no endpoint.
/// </summary>
internal sealed class StartupGate(RequestDelegate next, Readiness readiness)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (readiness.IsReady || !NeedsDatabase(context))
        {
            return next(context);
        }

        context.Response.Headers.RetryAfter = Outages.RetryAfterSeconds;
        return ScimErrorWriter.WriteAsync(context, NotReady().Error);
    }

    internal static ScimException NotReady() => ScimErrors.Unavailable("The server is not ready yet. Try again in a few seconds.");

    /// <summary>Below the base path also what has no endpoint: nobody is told that an address is wrong by a server that cannot say so of a token.</summary>
    private static bool NeedsDatabase(HttpContext context) =>
        context.GetEndpoint() is not null || ScimEndpoint.Has(context.Request);
}
