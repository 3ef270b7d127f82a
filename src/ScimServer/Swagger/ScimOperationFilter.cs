using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Scim;
using Scim.Schemas;
using ScimServer.Controllers;
using ScimServer.Events.SecurityEvents;
using ScimServer.Http;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScimServer.Swagger;

/// <summary>
/// Describes every operation. The actions read the request themselves, so nothing can be seen from their signatures; what a
/// resource type's attributes are comes from the registry, what its bodies look like from the folder <c>Examples</c>.
/// </summary>
internal sealed class ScimOperationFilter(SchemaRegistry schemas, ScimLimits limits, IOptions<ScimHttpOptions> http, IOptions<SecurityEventsOptions> events) : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.DocumentName != SwaggerPage.DocumentName || context.ApiDescription.ActionDescriptor is not ControllerActionDescriptor action)
        {
            return;
        }

        var writer = new OperationWriter(operation, context.Document);
        if (action.ControllerTypeInfo.IsSubclassOf(typeof(ResourceController)) && schemas.FindByEndpoint(action.ControllerName) is { } type)
        {
            new ResourceOperations(type, limits).Describe(action.ActionName, writer);
        }
        else if (action.ControllerTypeInfo == typeof(SearchController))
        {
            new SearchOperations(schemas, limits).Describe(action.ActionName, writer);
        }
        else if (action.ControllerTypeInfo == typeof(BulkController))
        {
            new BulkEndpointOperations(limits).Describe(writer);
        }
        else if (action.ControllerTypeInfo.IsSubclassOf(typeof(DiscoveryController)))
        {
            new DiscoveryOperations(schemas, limits, http.Value, events.Value.EventUris).Describe(action.ControllerName, action.ActionName, writer);
        }
    }
}
