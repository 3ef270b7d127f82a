using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace ScimServer.Swagger;

/// <summary>Where the page is, and what its browser may do with it.</summary>
internal static class SwaggerPage
{
    /// <summary>The path without its slash.</summary>
    public const string Prefix = "swagger";

    /// <summary>The OpenAPI document in <c>/swagger/v2/swagger.json</c>; named after the version in the SCIM base path.</summary>
    public const string DocumentName = "v2";

    private const string Path = "/" + Prefix;

    /// <summary>
    /// A token is typed into this page, so it may run and ask nothing but this server. The exceptions are what Swagger UI
    /// needs: styles that it sets itself, and icons in its style sheet.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Whether a request is for the page or a part of it.</summary>
    public static bool IsAskedFor(HttpContext context) => context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase);

    /// <summary>Sets the headers that protect the page, and leads <c>/swagger</c> to it.</summary>
    public static Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        if (context.Request.Path.Value!.Length > Path.Length)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status302Found;
        context.Response.Headers[HeaderNames.Location] = EndsWithSlash(context) ? "index.html" : $"{Prefix}/index.html";
        return Task.CompletedTask;
    }

    /// <summary>
    /// The redirect is relative, so that it stays right behind a proxy that cuts off a prefix; whether the browser's address
    /// ends with a slash decides what it is relative to, and the path has lost that slash by now.
    /// </summary>
    private static bool EndsWithSlash(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        return target.Split('?')[0].EndsWith('/');
    }
}
