using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.OpenApi;
using ScimServer.Admin;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScimServer.Swagger;

/// <summary>Says of the operations of the admin API what their actions need not repeat: what the ids of the address are, and how requests are refused.</summary>
internal sealed class AdminOperationFilter : IOperationFilter
{
    private const string Problem = "application/problem+json";

    private static readonly Dictionary<string, string> Ids = new(StringComparer.Ordinal)
    {
        ["tenantId"] = "The id of the tenant; `GET /admin/tenants` lists them.",
        ["tokenId"] = "The id of the token.",
        ["clientId"] = "The id of the client, which is its `client_id`.",
        ["secretId"] = "The id of the client's secret.",
        ["webhookId"] = "The id of the webhook.",
        ["streamId"] = "The id of the stream.",
        ["reference"] = "The reference of a request: the end of its error, or its `X-Correlation-Id`.",
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.ApiDescription.ActionDescriptor is not ControllerActionDescriptor action || !action.ControllerTypeInfo.IsSubclassOf(typeof(AdminController)))
        {
            return;
        }

        var parameters = (operation.Parameters ?? []).OfType<OpenApiParameter>().ToList();
        foreach (var parameter in parameters)
        {
            parameter.Description ??= Ids.GetValueOrDefault(parameter.Name ?? "");
        }

        Refuse(operation, "401", "The request has no valid access token.");
        Refuse(operation, "403", "The access token is not one of the operator.");
        if (operation.RequestBody is not null || parameters.Exists(parameter => parameter.In == ParameterLocation.Query))
        {
            Refuse(operation, "400", "Something of the request cannot be taken; `field` names it.");
        }

        if (parameters.Exists(parameter => parameter.In == ParameterLocation.Path))
        {
            Refuse(operation, "404", "There is nothing with such an id.");
        }
    }

    /// <summary>Unless the action says it better.</summary>
    private static void Refuse(OpenApiOperation operation, string status, string description) => (operation.Responses ??= []).TryAdd(
        status,
        new OpenApiResponse { Description = description, Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [Problem] = new OpenApiMediaType() } });
}
