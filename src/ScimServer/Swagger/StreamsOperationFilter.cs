using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.OpenApi;
using Scim.EntityFrameworkCore.Rows;
using ScimServer.Events.SecurityEvents;
using ScimServer.Http;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScimServer.Swagger;

/// <summary>Describes the management and the polling of streams (SSF 1.0, RFC 8936). The actions read their bodies themselves.</summary>
internal sealed class StreamsOperationFilter : IOperationFilter
{
    public const string Tag = "Streams";

    private const string BaseUrl = "https://scim.example.com";
    private const string Delete = SecurityEventUris.Delete;

    private static readonly Guid Id = Guid.Parse("01a2263a-3677-730d-bc81-68e3cfae5405");
    private static readonly string Named = $"\"stream_id\":\"{Id}\"";
    private static readonly string Status = $$"""{{{Named}},"status":"paused","reason":"maintenance"}""";

    private static readonly Dictionary<string, (string Summary, int Status, string? Body, string? Answer)> Actions = new(StringComparer.Ordinal)
    {
        ["Create"] = (
            "Makes a stream",
            201,
            """{"delivery":{"method":"urn:ietf:rfc:8935","endpoint_url":"https://app.example.com/sets","authorization_header":"Bearer a-secret-of-yours"},"description":"replica"}""",
            Stream(StreamDelivery.Push)),
        ["Read"] = ("Reads one stream, or an array of all", 200, null, Stream(StreamDelivery.Poll)),
        ["Update"] = ("Changes what is given", 200, $$"""{{{Named}},"description":"replica"}""", Stream(StreamDelivery.Poll)),
        ["Replace"] = ("Changes everything that a receiver gives", 200, $$"""{{{Named}},"description":"replica","events_requested":["{{Delete}}"]}""", Stream(StreamDelivery.Poll, Delete)),
        ["Delete"] = ("Deletes a stream", 204, null, null),
        ["ReadStatus"] = ("Reads the status", 200, null, $$"""{{{Named}},"status":"enabled"}"""),
        ["ChangeStatus"] = ("Enables, pauses or disables a stream", 200, Status, Status),
        ["Verify"] = ("Has a verification sent", 204, $$"""{{{Named}},"state":"hello"}""", null),
        ["Poll"] = (
            "Acknowledges tokens, and takes those that are owed",
            200,
            """{"ack":["6398ecf7f24b09edccbe96bf4b1096ff"],"maxEvents":100,"returnImmediately":true}""",
            """{"sets":{"7409fdf8f35c1afeddcfa7c05c21a700":"eyJhbGciOiJFUzI1NiIs…"},"moreAvailable":true}"""),
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.ApiDescription.ActionDescriptor is not ControllerActionDescriptor action || !action.ControllerTypeInfo.IsSubclassOf(typeof(SsfController)))
        {
            return;
        }

        var (summary, status, body, answer) = Actions[action.ActionName];
        var parameters = operation.Parameters ?? [];
        new OperationWriter(operation, context.Document)
            .NeedsToken()
            .Is("stream" + action.ActionName, Tag, summary, $"{summary}. See SSF 1.0 §8.1 and RFC 8936 §2; docs/events.md shows it.")
            .Takes([.. parameters.OfType<OpenApiParameter>()]);
        operation.RequestBody = body is null ? null : new OpenApiRequestBody { Required = true, Content = Content("application/json", body) };
        operation.Responses!.Add(
            status.ToString(CultureInfo.InvariantCulture),
            new OpenApiResponse { Description = "Done.", Content = answer is null ? null : Content("application/json", answer) });
        operation.Responses.Add("400", new OpenApiResponse { Description = "Something of the request is wrong.", Content = Content(ScimEndpoint.MediaType, null) });
        operation.Responses.Add("401", new OpenApiResponse { Description = "The request has no valid access token.", Content = Content(ScimEndpoint.MediaType, null) });
        operation.Responses.Add("403", new OpenApiResponse { Description = "The access token lacks the scope `events`.", Content = Content(ScimEndpoint.MediaType, null) });
        operation.Responses.Add("404", new OpenApiResponse { Description = "There is no such stream.", Content = Content(ScimEndpoint.MediaType, null) });
    }

    /// <summary>A stream as the server shows it.</summary>
    private static string Stream(StreamDelivery delivery, params string[] events) => StreamConfiguration.Show(
        new EventStreamRow
        {
            TenantId = 1,
            Id = Id,
            Issuer = $"{BaseUrl}/tenants/1",
            Audience = $"{BaseUrl}/tenants/1/streams/{Id}",
            Mode = StreamMode.Notice,
            Events = events.Length == 0 ? null : events,
            Delivery = delivery,
            EndpointUrl = delivery == StreamDelivery.Push ? "https://app.example.com/sets" : null,
            Description = "replica",
            Status = StreamStatus.Enabled,
            Created = default,
            Position = 0,
        },
        BaseUrl).ToJsonString();

    private static Dictionary<string, OpenApiMediaType> Content(string mediaType, string? example) =>
        new(StringComparer.Ordinal) { [mediaType] = new OpenApiMediaType { Example = example is null ? null : JsonNode.Parse(example) } };
}
