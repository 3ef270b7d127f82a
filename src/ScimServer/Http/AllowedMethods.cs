namespace ScimServer.Http;

/// <summary>
/// Answers OPTIONS with the methods of an endpoint (RFC 9110 §9.3.7). It needs no token: the answer is the same for every id, and
/// is in the RFC. A 405 names OPTIONS among them (§15.5.6).
/// </summary>
internal static class AllowedMethods
{
    public static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        // Where the path has an endpoint but none with this method, routing chose one of its own, which refuses with 405 and Allow.
        var isRefusal = context.GetEndpoint() is { RequestDelegate: not null } and not RouteEndpoint;
        if (!isRefusal || !ScimEndpoint.Has(context.Request))
        {
            await next(context);
            return;
        }

        if (HttpMethods.IsOptions(context.Request.Method))
        {
            await context.GetEndpoint()!.RequestDelegate!(context);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else
        {
            await next(context);
        }

        if (context.Response.Headers.Allow is { Count: > 0 } methods && !context.Response.HasStarted)
        {
            context.Response.Headers.Allow = $"{methods}, {HttpMethods.Options}";
        }
    }
}
