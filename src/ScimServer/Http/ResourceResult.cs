using Microsoft.AspNetCore.Mvc;
using Scim.Projections;
using Scim.Resources;

namespace ScimServer.Http;

/// <summary>Answers with one resource, its ETag and its address (RFC 7644 §3.3, §3.4.1, §3.14).</summary>
public sealed class ResourceResult : IActionResult
{
    private readonly int status;
    private readonly Resource resource;
    private readonly Projection? projection;

    private ResourceResult(int status, Resource resource, Projection? projection)
    {
        this.status = status;
        this.resource = resource;
        this.projection = projection;
    }

    /// <summary>200 with the resource.</summary>
    public static ResourceResult Ok(Resource resource, Projection projection) => new(StatusCodes.Status200OK, resource, projection);

    /// <summary>201 with the resource.</summary>
    public static ResourceResult Created(Resource resource, Projection projection) => new(StatusCodes.Status201Created, resource, projection);

    /// <summary>204: changed, and nothing is sent but the new ETag.</summary>
    public static ResourceResult NoContent(Resource resource) => new(StatusCodes.Status204NoContent, resource, null);

    /// <summary>304: the client has this version.</summary>
    public static ResourceResult NotModified(Resource resource) => new(StatusCodes.Status304NotModified, resource, null);

    /// <inheritdoc/>
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var http = context.HttpContext;
        ScimRequestTrace.Of(http).Mark(RequestStep.Stored);
        var address = http.RequestServices.GetRequiredService<PublicAddress>().For(http.Request);
        var response = http.Response;
        response.StatusCode = status;
        response.Headers.ETag = resource.Meta.ETag;
        if (projection is null)
        {
            return;
        }

        // RFC 7643 §3.1: meta.location is that of Content-Location.
        response.Headers.Location = response.Headers.ContentLocation = address.Of(resource.Type, resource.Id);
        response.ContentType = AcceptedMediaType.Of(http.Request);
        await ResourceWriter.WriteAsync(response.BodyWriter, resource, projection, address, http.RequestAborted);
    }
}
