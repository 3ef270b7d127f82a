using System.Text.Json;
using System.Text.Json.Nodes;

namespace Scim.Dialects;

/// <summary>What the rules ask about JSON that nothing behind them does.</summary>
internal static class JsonForm
{
    /// <summary>The digits of a whole JSON number, or null.</summary>
    public static string? WholeNumber(JsonNode? node)
    {
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number)
        {
            return null;
        }

        var text = value.ToJsonString();
        return text.AsSpan(text[0] == '-' ? 1 : 0).ContainsAnyExceptInRange('0', '9') ? null : text;
    }

    /// <summary>The key of that name in any case, or null.</summary>
    public static string? FindKey(JsonObject source, string name) =>
        source.ContainsKey(name) ? name : source.Select(member => member.Key).FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase));
}
