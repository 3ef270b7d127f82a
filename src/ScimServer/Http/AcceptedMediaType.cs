using Microsoft.AspNetCore.Mvc.Filters;
using Scim.Errors;

namespace ScimServer.Http;

/// <summary>
/// The media type of answers: <c>application/scim+json</c>, or <c>application/json</c> for clients that prefer it (RFC 7644 §3.8,
/// RFC 9110 §12.5.1). A client that accepts neither is refused before anything is done for it.
/// </summary>
internal sealed class AcceptedMediaType(string vary) : IResourceFilter
{
    /// <summary>What is sent to those who prefer it.</summary>
    public const string Json = "application/json";

    /// <summary>The media type for an answer to the request; that of SCIM also where the client accepts nothing that there is.</summary>
    public static string Of(HttpRequest request) => Choose(request) ?? ScimEndpoint.MediaType;

    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        var request = context.HttpContext.Request;
        if (!ScimEndpoint.Has(request))
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

    private static string? Choose(HttpRequest request)
    {
        var accept = AcceptHeader.Of(request);
        return (accept.Quality(ScimEndpoint.MediaType), accept.Quality(Json)) switch
        {
            (0, 0) => null,
            var (scim, json) => scim >= json ? ScimEndpoint.MediaType : Json,
        };
    }
}
