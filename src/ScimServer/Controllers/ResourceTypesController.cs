using Microsoft.AspNetCore.Mvc;
using Scim.Errors;
using Scim.Schemas;
using ScimServer.Http;

namespace ScimServer.Controllers;

/// <summary>The kinds of resources that are served (RFC 7643 §6).</summary>
[Route(ScimEndpoint.Base + "/ResourceTypes")]
public sealed class ResourceTypesController(SchemaRegistry schemas) : DiscoveryController
{
    /// <summary>All resource types.</summary>
    [HttpGet("")]
    [HttpHead("")]
    public IActionResult List() =>
        new DocumentResult((writer, baseUrl) => DiscoveryWriter.WriteList(writer, baseUrl, schemas.ResourceTypes, DiscoveryWriter.WriteResourceType));

    /// <summary>One resource type by its name.</summary>
    [HttpGet("{id}")]
    [HttpHead("{id}")]
    public IActionResult Get(string id)
    {
        var type = schemas.FindResourceType(id ?? "") ?? throw ScimErrors.ResourceNotFound("ResourceType", id ?? "");
        return new DocumentResult((writer, baseUrl) => DiscoveryWriter.WriteResourceType(writer, baseUrl, type));
    }
}
