using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Scim.Schemas;
using ScimServer.Http;

namespace ScimServer.Controllers;

/// <summary>
/// Makes a controller for each resource type that has none of its own out of <see cref="CustomResourcesController"/>, named after
/// the endpoint and routed to it; so the route table, and what is made from it, knows every endpoint by its name.
/// </summary>
internal sealed class CustomResourceRoutes(SchemaRegistry schemas) : IApplicationModelConvention
{
    public void Apply(ApplicationModel application)
    {
        var template = application.Controllers.First(controller => controller.ControllerType == typeof(CustomResourcesController));
        application.Controllers.Remove(template);
        foreach (var type in schemas.ResourceTypes)
        {
            var name = type.Endpoint[1..];
            if (!application.Controllers.Any(controller => controller.ControllerName.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                application.Controllers.Add(Routed(new ControllerModel(template), name));
            }
        }
    }

    private static ControllerModel Routed(ControllerModel controller, string name)
    {
        controller.ControllerName = name;
        foreach (var selector in controller.Selectors)
        {
            selector.AttributeRouteModel = new AttributeRouteModel { Template = $"{ScimEndpoint.Base}/{name}" };
        }

        return controller;
    }
}
