using Microsoft.Net.Http.Headers;

namespace ScimServer.Http;

/// <summary>
/// Answers OPTIONS with the methods of an endpoint (RFC 9110 §9.3.7). It needs no token: the answer is the same for every id, and
/// is in the RFC.
/// </summary>
internal static class AllowedMethods
{
    public static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        // Where the path has an endpoint but none with this method, routing chose one of its own, which refuses with 405 and Allow.
        var isRefusal = context.GetEndpoint() is { RequestDelegate: not null } and not RouteEndpoint;
        if (!isRefusal || !HttpMethods.IsOptions(context.Request.Method) || !context.Request.Path.StartsWithSegments(ScimEndpoint.BasePath, StringComparison.OrdinalIgnoreCase))
        {
            await next(context);
            return;
        }

        await context.GetEndpoint()!.RequestDelegate!(context);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers.Allow = $"{context.Response.Headers[HeaderNames.Allow]}, {HttpMethods.Options}";
    }
}
