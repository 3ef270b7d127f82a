using Microsoft.AspNetCore.Mvc;
using Scim.EntityFrameworkCore.Resources;
using Scim.Schemas;
using ScimServer.Http;

namespace ScimServer.Controllers;

/// <summary>Users (RFC 7643 §4.1).</summary>
[Route(ScimEndpoint.Base + "/Users")]
public sealed class UsersController(SchemaRegistry schemas, ResourceStore store, ResourceQueries queries, ScimRequestReader reader)
    : ResourceController(schemas, store, queries, reader);
