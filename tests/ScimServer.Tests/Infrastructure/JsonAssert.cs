using System.Text.Json;
using System.Text.Json.Nodes;

namespace ScimServer.Tests.Infrastructure;

/// <summary>Compares JSON as values: the order of members and the spelling of strings and numbers do not matter.</summary>
internal static class JsonAssert
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The value is exactly the expected one.</summary>
    public static void Equal(string expected, JsonNode? actual) => Equal(JsonNode.Parse(expected), actual);

    /// <summary>Both are the same value.</summary>
    public static void Equal(JsonNode? expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"Expected {Text(expected)}\nbut saw {Text(actual)}");

    /// <summary>Each member of the expected object is in the value and equal; an expected null says that the member is absent.</summary>
    public static void Has(string expected, JsonObject actual)
    {
        foreach (var (name, value) in JsonNode.Parse(expected)!.AsObject())
        {
            Assert.True(
                value is null ? !actual.ContainsKey(name) : JsonNode.DeepEquals(value, actual[name]),
                $"Expected {name} to be {(value is null ? "absent" : Text(value))}\nbut saw {Text(actual)}");
        }
    }

    private static string Text(JsonNode? node) => node?.ToJsonString(Readable) ?? "nothing";
}
