using Microsoft.AspNetCore.Mvc;
using Scim.Queries;

namespace ScimServer.Http;

/// <summary>Answers with a page of resources (RFC 7644 §3.4.2).</summary>
public sealed class ListResult(ListPage page) : IActionResult
{
    /// <inheritdoc/>
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var http = context.HttpContext;
        ScimRequestTrace.Of(http).Mark(RequestStep.Stored);
        var address = http.RequestServices.GetRequiredService<PublicAddress>().For(http.Request);
        http.Response.ContentType = AcceptedMediaType.Of(http.Request);
        await ListResponse.WriteAsync(http.Response.BodyWriter, page, address, http.RequestAborted);
    }
}
