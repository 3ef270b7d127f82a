using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Scim.EntityFrameworkCore.Resources;
using Scim.Errors;
using Scim.Schemas;
using ScimServer.Authentication;
using ScimServer.Http;

namespace ScimServer.Controllers;

/// <summary>Queries of all resource types at once, at the base URL (RFC 7644 §3.4.2.1).</summary>
[Route(ScimEndpoint.Base)]
public sealed class SearchController(SchemaRegistry schemas, ResourceQueries queries, ScimRequestReader reader) : ControllerBase
{
    /// <summary>Queries the resources of all types.</summary>
    /// <response code="200">A page of them.</response>
    [HttpGet("")]
    [HttpHead("")]
    public async Task<IActionResult> List()
    {
        RefusePathAsQuery();
        return new ListResult(await queries.ListAsync(reader.ReadQuery(Request, schemas.ResourceTypes), HttpContext.RequestAborted));
    }

    /// <summary>Queries the resources of all types with the parameters in the body.</summary>
    /// <response code="200">A page of them (RFC 7644 §3.4.3).</response>
    [HttpPost(".search")]
    [Authorize(ScimPolicies.Read)]
    public async Task<IActionResult> Search()
    {
        var query = await reader.ReadSearchAsync(Request, schemas.ResourceTypes);
        return new ListResult(await queries.ListAsync(query, HttpContext.RequestAborted));
    }

    /// <summary>
    /// A base URL that was pasted with a question mark (ALL-02) makes <c>?/Users?filter=…</c> of a look-up: no parameter that is known, so everybody would
    /// be the answer.
    /// </summary>
    private void RefusePathAsQuery()
    {
        if (Request.Query.Keys.FirstOrDefault(name => name.Contains('/', StringComparison.Ordinal)) is { } path)
        {
            throw ScimErrors.InvalidValue($"\"{ScimErrors.Shorten(path)}\" is no parameter but looks like a path: does the base URL that the client was given end with a question mark?");
        }
    }
}
