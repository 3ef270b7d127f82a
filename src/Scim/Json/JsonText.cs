using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Scim.Json;

/// <summary>How JSON is written and its strings are taken.</summary>
public static class JsonText
{
    /// <summary>
    /// Only what JSON requires is escaped: values are answered as they were sent, never inside HTML (the media type is
    /// application/scim+json), and é stays é.
    /// </summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The text of a JSON string, or null when the node is anything else.</summary>
    public static string? AsString(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>The kind of JSON in words, for error texts.</summary>
    public static string Describe(JsonNode? node) => Describe(node?.GetValueKind() ?? JsonValueKind.Null);

    /// <inheritdoc cref="Describe(JsonNode?)"/>
    public static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Array => "an array",
        _ => "an object",
    };
}
