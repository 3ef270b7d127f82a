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

    private const string NextCursor = "pZJ1cN8mT0aVx3kQ2yB7wLr5sHfGdEoUiXnM4tAqKzYbRvCjPl9e6S1gWhD0uIfO8Q";

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

    /// <summary>Pages with a resource of each type, by index and by cursor, and one without any.</summary>
    public static Dictionary<string, IOpenApiExample> Lists(IReadOnlyList<ResourceType> types) => new(StringComparer.Ordinal)
    {
        ["found"] = Of("By index", ByIndex(Resources(types))),
        ["none"] = Of("None was found", ByIndex([])),
        ["cursor"] = Of("By cursor, with more to come", ByCursor(Resources(types))),
    };

    /// <summary>The id that stands for a resource of the type.</summary>
    public static string IdOf(ResourceType type) => type.MembersAttribute is null ? UserId : GroupId;

    private static OpenApiExample Of(string? summary, JsonNode value) => new() { Summary = summary, Value = value };

    private static JsonArray Resources(IReadOnlyList<ResourceType> types) =>
        [.. types.SelectMany(type => Read($"{type.Name}.resource").Values.Take(1)).Select(example => example.Value!.DeepClone())];

    private static JsonObject ByIndex(JsonArray resources) => new()
    {
        ["schemas"] = new JsonArray(ListResponse.SchemaUrn),
        ["totalResults"] = resources.Count,
        ["startIndex"] = 1,
        ["itemsPerPage"] = resources.Count,
        ["Resources"] = resources,
    };

    private static JsonObject ByCursor(JsonArray resources) => new()
    {
        ["schemas"] = new JsonArray(ListResponse.SchemaUrn),
        ["totalResults"] = resources.Count + 1,
        ["itemsPerPage"] = resources.Count,
        ["nextCursor"] = NextCursor,
        ["Resources"] = resources,
    };
}
