using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.OpenApi;
using Scim.Schemas;
using ScimServer.Events;
using ScimServer.Http;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScimServer.Swagger;

/// <summary>Describes the feed of changes.</summary>
internal sealed class EventsOperationFilter(SchemaRegistry schemas) : IOperationFilter
{
    public const string Tag = "Events";

    private const string Example =
        """
        {"cursor":"0m1H2c…","hasMore":false,
        "events":[{"id":"evt_019a3f0c1d2e7a4b8c9d0e1f2a3b4c5d_2819c2237f76453a919d413861904646","type":"user.updated","timestamp":"2026-11-24T10:00:00.000Z",
        "data":{"resourceType":"User","id":"2819c223-7f76-453a-919d-413861904646","externalId":"00u1","display":"bjensen","version":2,
        "txn":"6HMCR7E9BQ54QJ9P","actor":"okta","change":{"attributes":["active"],
        "operations":[{"op":"replace","path":"active","value":false,"previous":true}]}}}]}
        """;

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if ((context.ApiDescription.ActionDescriptor as ControllerActionDescriptor)?.ControllerTypeInfo != typeof(EventsController))
        {
            return;
        }

        new OperationWriter(operation, context.Document)
            .NeedsToken()
            .Is("events", Tag, "Reads events", "In the order in which they happened to each resource, each once. With `Accept: text/event-stream` the answer does not end: Server-Sent Events, whose ids are cursors.")
            .Takes(
                Parameter("after", "The cursor behind which to read, from the answer before; `now` for a cursor at the end and no events. Without it: from the oldest event that is kept."),
                Parameter("limit", $"Events at most, {EventsQuery.DefaultLimit} when not given, up to {EventsQuery.MaxLimit}."),
                Parameter("wait", $"Seconds to wait when there is no event, up to {EventsQuery.MaxWait}."),
                Parameter("types", $"Which types, separated by commas: {string.Join(", ", EventTypes.All(schemas).Select(name => $"`{name}`"))}; `user.*` for all of a type."),
                Parameter("actors", "Only what these tokens did, by their names."),
                Parameter("notActors", "Not what these tokens did: for a product that changes resources itself."));
        operation.Responses!.Add("200", Response("A page of events, perhaps empty, and the cursor behind it.", "application/json", JsonNode.Parse(Example)));
        operation.Responses.Add("400", Response("A parameter is wrong.", ScimEndpoint.MediaType, null));
        operation.Responses.Add("401", Response("The request has no valid access token.", ScimEndpoint.MediaType, null));
        operation.Responses.Add("403", Response("The access token lacks the scope `events`.", ScimEndpoint.MediaType, null));
        operation.Responses.Add("410", Response("The cursor has expired. The detail tells how to begin again.", ScimEndpoint.MediaType, null));
    }

    private static OpenApiParameter Parameter(string name, string description) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static OpenApiResponse Response(string description, string mediaType, JsonNode? example) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [mediaType] = new OpenApiMediaType { Example = example } },
    };
}
