using Microsoft.AspNetCore.Mvc;
using Scim.Errors;
using Scim.Schemas;
using ScimServer.Http;

namespace ScimServer.Controllers;

/// <summary>The schemas of what is served (RFC 7643 §7).</summary>
[Route(ScimEndpoint.Base + "/Schemas")]
public sealed class SchemasController(SchemaRegistry schemas) : DiscoveryController
{
    /// <summary>All schemas.</summary>
    [HttpGet("")]
    [HttpHead("")]
    public IActionResult List() =>
        new DocumentResult((writer, baseUrl) => DiscoveryWriter.WriteList(writer, baseUrl, schemas.Schemas, DiscoveryWriter.WriteSchema));

    /// <summary>One schema by its URN.</summary>
    [HttpGet("{id}")]
    [HttpHead("{id}")]
    public IActionResult Get(string id)
    {
        var schema = schemas.FindSchema(id ?? "") ?? throw ScimErrors.ResourceNotFound("Schema", id ?? "");
        return new DocumentResult((writer, baseUrl) => DiscoveryWriter.WriteSchema(writer, baseUrl, schema));
    }
}
