using Scim.Errors;
using ScimServer.Events.SecurityEvents;
using ScimServer.Http;
using ScimServer.OAuth;

namespace ScimServer.Startup;

/// <summary>Answers SCIM, token, stream and admin requests with 503 until the database is prepared, so that clients repeat them instead of failing.</summary>
internal sealed class StartupGate(RequestDelegate next, Readiness readiness)
{
    private const string RetryAfterSeconds = "5";

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        var needsDatabase = path.StartsWithSegments(ScimEndpoint.BasePath, StringComparison.OrdinalIgnoreCase) || path.StartsWithSegments(TokenEndpoint.Path, StringComparison.OrdinalIgnoreCase) || AdminEndpoint.Has(context.Request)
            || path.StartsWithSegments("/" + StreamAddress.Path, StringComparison.OrdinalIgnoreCase);
        if (readiness.IsReady || !needsDatabase)
        {
            return next(context);
        }

        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return ScimErrorWriter.WriteAsync(context, ScimErrors.Unavailable("The server is not ready yet. Try again in a few seconds.").Error);
    }
}
