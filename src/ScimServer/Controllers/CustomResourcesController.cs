using Microsoft.AspNetCore.Mvc;
using Scim.EntityFrameworkCore.Resources;
using Scim.Schemas;
using ScimServer.Http;

namespace ScimServer.Controllers;

/// <summary>Resource types that are defined by files: the same operations at the endpoint of each (<see cref="CustomResourceRoutes"/>).</summary>
[Route(ScimEndpoint.Base)]
public sealed class CustomResourcesController(SchemaRegistry schemas, ResourceStore store, ResourceQueries queries, ScimRequestReader reader)
    : ResourceController(schemas, store, queries, reader);
