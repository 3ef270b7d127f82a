using Microsoft.Net.Http.Headers;
using Scim.Errors;

namespace ScimServer.Http;

/// <summary>SCIM errors for statuses that were set without one: by routing (404, 405), by the web server (413, 408), by a failure (500).</summary>
internal static class StatusErrors
{
    /// <summary>Gives an answer that has an error status but no body its SCIM body.</summary>
    public static async Task FillAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        var response = context.Response;
        if (response is { HasStarted: false, StatusCode: >= 400 and < 600 and not ScimExceptionHandler.ClientClosedRequest, ContentLength: null }
            && string.IsNullOrEmpty(response.ContentType))
        {
            await ScimErrorWriter.WriteAsync(context, For(response.StatusCode, context));
        }
    }

    public static ScimError For(int status, HttpContext context) => status switch
    {
        StatusCodes.Status400BadRequest => new ScimError(status, ScimErrorType.InvalidSyntax, "The request could not be read."),
        StatusCodes.Status401Unauthorized => new ScimError(status, null, "The request needs a valid bearer token."),
        StatusCodes.Status403Forbidden => new ScimError(status, null, "The token does not allow this request."),
        StatusCodes.Status404NotFound => new ScimError(status, null, NotFound(context.Request)),
        StatusCodes.Status405MethodNotAllowed => new ScimError(status, null, NotAllowed(context)),
        StatusCodes.Status408RequestTimeout => new ScimError(status, null, "The request's body came too slowly."),
        StatusCodes.Status413PayloadTooLarge => new ScimError(status, null, "The request's body is too large."),
        StatusCodes.Status415UnsupportedMediaType => new ScimError(status, null, $"The body must be {ScimEndpoint.MediaType} or application/json."),
        StatusCodes.Status500InternalServerError => new ScimError(status, null, "The server failed to answer. What happened is in its log."),
        StatusCodes.Status503ServiceUnavailable => new ScimError(status, null, "The server cannot answer at the moment. Try again later."),
        _ => new ScimError(status, null, $"The request was refused with status {status}."),
    };

    private static string NotFound(HttpRequest request)
    {
        var path = ScimErrors.Shorten(request.Path.Value ?? "/");
        return ScimEndpoint.Has(request)
            ? $"There is no endpoint {path}."
            : $"There is no endpoint {path}. SCIM is served below {ScimEndpoint.BasePath}.";
    }

    private static string NotAllowed(HttpContext context) =>
        $"{context.Request.Method} is not possible here. Allowed: {context.Response.Headers[HeaderNames.Allow]}.";
}
