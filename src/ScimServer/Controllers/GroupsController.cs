using Microsoft.AspNetCore.Mvc;
using Scim.EntityFrameworkCore.Resources;
using Scim.Schemas;
using ScimServer.Http;

namespace ScimServer.Controllers;

/// <summary>Groups (RFC 7643 §4.2).</summary>
[Route(ScimEndpoint.Base + "/Groups")]
public sealed class GroupsController(SchemaRegistry schemas, ResourceStore store, ResourceQueries queries, ScimRequestReader reader)
    : ResourceController(schemas, store, queries, reader);
