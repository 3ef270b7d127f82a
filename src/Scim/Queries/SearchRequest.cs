using System.Text.Json;
using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Json;

namespace Scim.Queries;

/// <summary>The parameters of a query as the client wrote them (RFC 7644 §3.4.2 and §3.4.3); null where not given.</summary>
public sealed record SearchRequest
{
    /// <summary>The URN of the message.</summary>
    public const string SchemaUrn = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

    /// <summary>The filter.</summary>
    public string? Filter { get; init; }

    /// <summary>The 1-based position of the first result.</summary>
    public string? StartIndex { get; init; }

    /// <summary>The wanted size of the page.</summary>
    public string? Count { get; init; }

    /// <summary>The attribute whose value orders the results.</summary>
    public string? SortBy { get; init; }

    /// <summary><c>ascending</c> or <c>descending</c>.</summary>
    public string? SortOrder { get; init; }

    /// <summary>The cursor, empty for the first page (RFC 9865 §2); null for pages by index.</summary>
    public string? Cursor { get; init; }

    /// <summary>Comma-separated names of the attributes to send.</summary>
    public string? Attributes { get; init; }

    /// <summary>Comma-separated names of the attributes to leave out.</summary>
    public string? ExcludedAttributes { get; init; }

    /// <summary>
    /// Reads the body of a <c>/.search</c>. Names are compared without case; numbers may come as strings and lists of
    /// attributes as one string, as they do in a query string. What is not known is passed over.
    /// </summary>
    /// <exception cref="ScimException">400 invalidSyntax for another message, invalidValue for a member of a wrong type.</exception>
    public static SearchRequest Parse(JsonObject body)
    {
        RequireSchema(Member(body, "schemas"));
        return new SearchRequest
        {
            Filter = Text(body, "filter"),
            SortBy = Text(body, "sortBy"),
            SortOrder = Text(body, "sortOrder"),
            Cursor = Text(body, "cursor"),
            StartIndex = Number(body, "startIndex"),
            Count = Number(body, "count"),
            Attributes = List(body, "attributes"),
            ExcludedAttributes = List(body, "excludedAttributes"),
        };
    }

    /// <summary>May be left out, and an empty array is as one that is left out (RFC 7643 §2.5).</summary>
    private static void RequireSchema(JsonNode? schemas)
    {
        if (schemas is not (null or JsonArray { Count: 0 })
            && !(schemas is JsonArray urns && urns.Any(urn => SchemaUrn.Equals(JsonText.AsString(urn), StringComparison.OrdinalIgnoreCase))))
        {
            throw ScimErrors.InvalidSyntax($"The body of a search must have \"schemas\": [\"{SchemaUrn}\"].");
        }
    }

    private static string? Text(JsonObject body, string name) => Member(body, name) switch
    {
        null => null,
        var node => JsonText.AsString(node) ?? throw Wrong(name, "a string", node),
    };

    private static string? Number(JsonObject body, string name) => Member(body, name) switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => value.ToJsonString(),
        var node => JsonText.AsString(node) ?? throw Wrong(name, "a number", node),
    };

    private static string? List(JsonObject body, string name) => Member(body, name) switch
    {
        null => null,
        JsonArray names => string.Join(',', names.Select(item => JsonText.AsString(item) ?? throw Wrong(name, "an array of strings", item))),
        var node => JsonText.AsString(node) ?? throw Wrong(name, "an array of strings", node),
    };

    private static ScimException Wrong(string name, string expected, JsonNode? node) =>
        ScimErrors.InvalidValue($"\"{name}\" must be {expected}, not {JsonText.Describe(node)}.");

    private static JsonNode? Member(JsonObject body, string name) =>
        body.FirstOrDefault(member => member.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
