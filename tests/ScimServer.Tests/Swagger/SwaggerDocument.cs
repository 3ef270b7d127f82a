using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Swagger;

/// <summary>The OpenAPI document as a server serves it, without a token.</summary>
internal static class SwaggerDocument
{
    public const string Path = "/swagger/v2/swagger.json";

    private static readonly HttpClient Http = new();

    public static async Task<string> ReadTextAsync(ScimServerFactory server) => await Http.GetStringAsync(new Uri(server.Address, Path));

    public static async Task<OpenApiDocument> ReadAsync()
    {
        var read = OpenApiDocument.Parse(await ReadTextAsync(await TestServers.GetAsync(Database.Sqlite)), "json");
        return read.Document!;
    }

    /// <summary>Every operation with its path below the SCIM base and its method.</summary>
    public static IEnumerable<(string Path, HttpMethod Method, OpenApiOperation Operation)> Operations(OpenApiDocument document) =>
        from path in document.Paths
        from operation in path.Value.Operations!
        select (path.Key, operation.Key, operation.Value);

    /// <summary>The operation of that id.</summary>
    public static OpenApiOperation Operation(OpenApiDocument document, string id) =>
        Operations(document).Select(found => found.Operation).Single(operation => operation.OperationId == id);

    /// <summary>The examples of a body, by name.</summary>
    public static Dictionary<string, JsonNode> Examples(IDictionary<string, OpenApiMediaType>? content) =>
        content!["application/scim+json"].Examples!.ToDictionary(example => example.Key, example => example.Value.Value!);
}
