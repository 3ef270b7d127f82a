using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Scim.Queries;
using Scim.Schemas;

namespace ScimServer.Swagger;

/// <summary>
/// The embedded files <c>Examples/{type}.{operation}.json</c>: named examples in the form of OpenAPI. A test sends each of
/// them to the server, so they are what works.
/// </summary>
internal static class ExampleFile
{
    /// <summary>The base URL in the examples.</summary>
    public const string BaseUrl = "https://scim.example.com/scim/v2";

    /// <summary>The id of the user in the examples.</summary>
    public const string UserId = "01a2104e-839d-75c0-97f6-4ed76cd2efbb";

    /// <summary>The id of the group in the examples.</summary>
    public const string GroupId = "01a2104e-875c-7a19-86c2-97b8c41e9a74";

    /// <summary>The examples of a file; none when there is no such file.</summary>
    public static Dictionary<string, IOpenApiExample> Read(string name)
    {
        var examples = new Dictionary<string, IOpenApiExample>(StringComparer.Ordinal);
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"ScimServer.Swagger.Examples.{name}.json");
        if (stream is null)
        {
            return examples;
        }

        foreach (var (key, example) in JsonNode.Parse(stream)!.AsObject())
        {
            examples.Add(key, Of((string?)example!["summary"], example["value"]!.DeepClone()));
        }

        return examples;
    }

    /// <summary>One example under the name <c>example</c>.</summary>
    public static Dictionary<string, IOpenApiExample> Single(string summary, JsonNode value) => new(StringComparer.Ordinal) { ["example"] = Of(summary, value) };

    /// <summary>Pages with the resources of a file, and one without any.</summary>
    public static Dictionary<string, IOpenApiExample> Lists(ResourceType type) => new(StringComparer.Ordinal)
    {
        ["found"] = Of("One was found", List([.. Read($"{type.Name}.resource").Values.Take(1).Select(example => example.Value!.DeepClone())])),
        ["none"] = Of("None was found", List([])),
    };

    /// <summary>The id that stands for a resource of the type.</summary>
    public static string IdOf(ResourceType type) => type.MembersAttribute is null ? UserId : GroupId;

    private static OpenApiExample Of(string? summary, JsonNode value) => new() { Summary = summary, Value = value };

    private static JsonObject List(JsonArray resources) => new()
    {
        ["schemas"] = new JsonArray(ListResponse.SchemaUrn),
        ["totalResults"] = resources.Count,
        ["startIndex"] = 1,
        ["itemsPerPage"] = resources.Count,
        ["Resources"] = resources,
    };
}
