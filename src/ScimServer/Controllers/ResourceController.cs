using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Scim.EntityFrameworkCore.Resources;
using Scim.Projections;
using Scim.Resources;
using Scim.Schemas;
using ScimServer.Authentication;
using ScimServer.Http;

namespace ScimServer.Controllers;

/// <summary>The seven operations on resources (RFC 7644 §3.3 to §3.6), once for every resource type.</summary>
public abstract class ResourceController : ControllerBase
{
    private readonly SchemaRegistry schemas;
    private readonly ResourceStore store;
    private readonly ResourceQueries queries;
    private readonly ScimRequestReader reader;

    private protected ResourceController(SchemaRegistry schemas, ResourceStore store, ResourceQueries queries, ScimRequestReader reader)
    {
        this.schemas = schemas;
        this.store = store;
        this.queries = queries;
        this.reader = reader;
    }

    /// <summary>The id in the path. Not bound as a parameter: a blank one would come as null.</summary>
    private string Id => (string?)RouteData.Values["id"] ?? "";

    /// <summary>The type at whose endpoint the request arrived; controllers are named after endpoints.</summary>
    private ResourceType Type => schemas.FindByEndpoint(ControllerContext.ActionDescriptor.ControllerName)
        ?? throw new InvalidOperationException($"No resource type has the endpoint /{ControllerContext.ActionDescriptor.ControllerName}.");

    private CancellationToken Aborted => HttpContext.RequestAborted;

    /// <summary>Queries the resources of the type.</summary>
    /// <response code="200">A page of them (RFC 7644 §3.4.2).</response>
    [HttpGet("")]
    [HttpHead("")]
    public async Task<IActionResult> List() => new ListResult(await queries.ListAsync(reader.ReadQuery(Request, Type), Aborted));

    /// <summary>Queries the resources of the type with the parameters in the body.</summary>
    /// <response code="200">A page of them (RFC 7644 §3.4.3).</response>
    [HttpPost(".search")]
    [Authorize(ScimPolicies.Read)]
    public async Task<IActionResult> Search()
    {
        var query = await reader.ReadSearchAsync(Request, Type);
        return new ListResult(await queries.ListAsync(query, Aborted));
    }

    /// <summary>Reads one resource.</summary>
    /// <response code="200">The resource (RFC 7644 §3.4.1).</response>
    /// <response code="304">The client has this version (RFC 7644 §3.14).</response>
    /// <response code="404">There is none with that id.</response>
    /// <response code="412">The resource does not have a version that If-Match names.</response>
    [HttpGet("{id}")]
    [HttpHead("{id}")]
    public async Task<IActionResult> Get()
    {
        // The headers that HEAD asks for need neither members nor groups.
        var projection = HttpMethods.IsHead(Request.Method) ? Projection.Minimal(Type) : ScimRequestReader.ReadProjection(Request, Type);
        var condition = Preconditions.Of(Request);
        var resource = await queries.GetAsync(Type, Id, projection, Aborted);
        condition.CheckMatch(resource.Meta.Version);
        return condition.IsNotModified(resource.Meta.Version)
            ? ResourceResult.NotModified(resource)
            : ResourceResult.Ok(resource, projection);
    }

    /// <summary>Creates a resource.</summary>
    /// <response code="201">The resource with its id (RFC 7644 §3.3).</response>
    /// <response code="409">Another resource has a value that must be unique.</response>
    [HttpPost("")]
    public async Task<IActionResult> Create()
    {
        var projection = ScimRequestReader.ReadProjection(Request, Type).ForWritten();
        var input = await reader.ReadResourceAsync(Request, Type, RequestKind.Create);
        return ResourceResult.Created(await store.CreateAsync(Type, input, projection, Aborted), projection);
    }

    /// <summary>Replaces a resource: what the body leaves out is cleared.</summary>
    /// <response code="200">The resource (RFC 7644 §3.5.1).</response>
    /// <response code="404">There is none with that id; PUT does not create.</response>
    /// <response code="412">The resource does not have a version that If-Match and If-None-Match allow.</response>
    [HttpPut("{id}")]
    public async Task<IActionResult> Replace()
    {
        var projection = ScimRequestReader.ReadProjection(Request, Type).ForWritten();
        var condition = Preconditions.Of(Request);
        var input = await reader.ReadResourceAsync(Request, Type, RequestKind.Replace);
        return ResourceResult.Ok(await store.ReplaceAsync(Type, Id, input, condition, projection, Aborted), projection);
    }

    /// <summary>Changes parts of a resource: all operations, or none.</summary>
    /// <response code="200">The resource (RFC 7644 §3.5.2).</response>
    /// <response code="204">Done. A type with members answers so, unless attributes are asked for: nobody wants all members back for adding one (ENTRA-B11).</response>
    /// <response code="404">There is none with that id.</response>
    /// <response code="412">The resource does not have a version that If-Match and If-None-Match allow.</response>
    [HttpPatch("{id}")]
    public async Task<IActionResult> Patch()
    {
        var projection = ScimRequestReader.ReadProjection(Request, Type);
        var condition = Preconditions.Of(Request);
        var patch = await reader.ReadPatchAsync(Request, Type);
        var isBare = Type.MembersAttribute is not null && projection.IsDefault;
        var resource = await store.PatchAsync(Type, Id, patch, condition, isBare ? Projection.Minimal(Type) : projection, Aborted);
        reader.Note(HttpContext, Type, patch.Notes);
        return isBare ? ResourceResult.NoContent(resource) : ResourceResult.Ok(resource, projection.ForPatched(patch.Notes.Specified));
    }

    /// <summary>Deletes a resource, and every reference to it.</summary>
    /// <response code="204">Done (RFC 7644 §3.6).</response>
    /// <response code="404">There is none with that id.</response>
    /// <response code="412">The resource does not have a version that If-Match and If-None-Match allow.</response>
    [HttpDelete("{id}")]
    public async Task<IActionResult> Delete()
    {
        await store.DeleteAsync(Type, Id, Preconditions.Of(Request), Aborted);
        return NoContent();
    }
}
