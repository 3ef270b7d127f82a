using Scim.Errors;

namespace ScimServer.Http;

/// <summary>
/// Turns what was thrown below it into a SCIM error. What no client can cause is logged in full and answered with the
/// reference alone: nothing of the inside leaves the server. A database that cannot be worked with is 503.
/// </summary>
internal sealed partial class ScimExceptionHandler(RequestDelegate next, Outages outages, ILogger<ScimExceptionHandler> logger)
{
    /// <summary>What proxies log when the client has gone; nobody reads it.</summary>
    public const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested || context.Response.HasStarted)
        {
            GiveUp(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await ScimErrorWriter.WriteAsync(context, Translate(context, exception));
        }
        catch (Exception exception) when (exception is ScimException || outages.Of(exception) is not null)
        {
            GiveUp(context);
        }
    }

    /// <summary>An answer that has begun is cut off, never ended: half a resource must not look like a whole one.</summary>
    private static void GiveUp(HttpContext context)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
        }
        else
        {
            context.Response.StatusCode = ClientClosedRequest;
        }
    }

    private ScimError Translate(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case ScimException refusal:
                return refusal.Error;
            case BadHttpRequestException badRequest:
                return StatusErrors.For(badRequest.StatusCode, context);
            default:
                if (outages.Of(exception) is { } outage)
                {
                    context.Response.Headers.RetryAfter = outage.RetryAfter;
                    return outage.Error;
                }

                Log.Failed(logger, Route(context), context.TraceIdentifier, exception);
                return StatusErrors.For(StatusCodes.Status500InternalServerError, context);
        }
    }

    /// <summary>The endpoint's name, not the path: that may hold personal data.</summary>
    private static string Route(HttpContext context) => context.GetEndpoint()?.DisplayName ?? "A request without an endpoint";

    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Error, "{Route} failed; correlation id {CorrelationId}")]
        public static partial void Failed(ILogger logger, string route, string correlationId, Exception exception);
    }
}
