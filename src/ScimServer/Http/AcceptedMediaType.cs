using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Net.Http.Headers;
using Scim.Errors;

namespace ScimServer.Http;

/// <summary>
/// The media type of answers: <c>application/scim+json</c>, or <c>application/json</c> for clients that prefer it (RFC 7644 §3.8,
/// RFC 9110 §12.5.1). A client that accepts neither is refused before anything is done for it.
/// </summary>
internal sealed class AcceptedMediaType(string vary) : IResourceFilter
{
    private const string Json = "application/json";

    /// <summary>The media type for an answer to the request; that of SCIM also where the client accepts nothing that there is.</summary>
    public static string Of(HttpRequest request) => Choose(request) ?? ScimEndpoint.MediaType;

    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        var request = context.HttpContext.Request;
        if (!request.Path.StartsWithSegments(ScimEndpoint.BasePath, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        context.HttpContext.Response.Headers.Vary = vary;
        if (!HttpMethods.IsDelete(request.Method) && Choose(request) is null)
        {
            throw ScimErrors.NotAcceptable($"Answers are {ScimEndpoint.MediaType} or {Json}. The Accept header allows neither: \"{ScimErrors.Shorten(request.Headers.Accept.ToString())}\".");
        }
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }

    /// <summary>A header that cannot be read asks for nothing.</summary>
    private static string? Choose(HttpRequest request)
    {
        if (request.Headers.Accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var ranges) || ranges.Count == 0)
        {
            return ScimEndpoint.MediaType;
        }

        var (scim, json) = (Quality(ranges, ScimEndpoint.MediaType), Quality(ranges, Json));
        return (scim, json) switch
        {
            (0, 0) => null,
            _ => scim >= json ? ScimEndpoint.MediaType : Json,
        };
    }

    /// <summary>The quality that the most specific range gives to a type; 0 when none does.</summary>
    private static double Quality(IList<MediaTypeHeaderValue> ranges, string type)
    {
        var slash = type.IndexOf('/', StringComparison.Ordinal);
        return Find(ranges, type) ?? Find(ranges, $"{type[..slash]}/*") ?? Find(ranges, "*/*") ?? 0;
    }

    private static double? Find(IList<MediaTypeHeaderValue> ranges, string range) =>
        ranges.Where(given => given.MediaType.Equals(range, StringComparison.OrdinalIgnoreCase)).Max(given => (double?)(given.Quality ?? 1));
}
