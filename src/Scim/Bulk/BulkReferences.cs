using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Scim.Json;

namespace Scim.Bulk;

/// <summary>
/// References to resources that the same bulk creates (RFC 7644 §3.7.2): a string <c>bulkId:qwerty</c> anywhere in the data,
/// or such a string in the filter of a PATCH's path: <c>members[value eq "bulkId:qwerty"]</c>.
/// </summary>
public static partial class BulkReferences
{
    private const string Prefix = "bulkId:";

    private static ReadOnlySpan<byte> PrefixUtf8 => "bulkId:"u8;

    /// <summary>How a letter of the prefix could be written as well.</summary>
    private static ReadOnlySpan<byte> EscapedAscii => "\\u00"u8;

    /// <summary>The bulkId that a whole text refers to, or null.</summary>
    public static string? Name(string text) => text.Length > Prefix.Length && text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : null;

    /// <summary>
    /// False when nothing in a value can be a reference. Seen from its bytes: nearly no operation of a bulk refers to anything, and the objects and
    /// strings of each would be made only to find that out.
    /// </summary>
    public static bool MayBeIn(JsonElement value)
    {
        var json = JsonMarshal.GetRawUtf8Value(value);
        return json.IndexOf(PrefixUtf8) >= 0 || json.IndexOf(EscapedAscii) >= 0;
    }

    /// <summary>The bulkIds that a value refers to, each once, in their order.</summary>
    public static IReadOnlyList<string> In(JsonNode? node)
    {
        var names = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Rewritten(node, isPath: false, name =>
        {
            if (seen.Add(name))
            {
                names.Add(name);
            }

            return null;
        });
        return names;
    }

    /// <summary>Puts ids in the place of references, within the value itself.</summary>
    /// <param name="node">The data.</param>
    /// <param name="idOf">The id that a bulkId stands for; null leaves the reference as it is.</param>
    public static void Resolve(JsonNode? node, Func<string, string?> idOf) => Rewrite(node, idOf);

    private static void Rewrite(JsonNode? node, Func<string, string?> idOf)
    {
        if (node is JsonArray array)
        {
            for (var i = 0; i < array.Count; i++)
            {
                if (Rewritten(array[i], isPath: false, idOf) is { } text)
                {
                    array[i] = text;
                }
            }
        }
        else if (node is JsonObject source)
        {
            List<(string Name, string Text)>? rewritten = null;
            foreach (var (name, value) in source)
            {
                if (Rewritten(value, name.Equals("path", StringComparison.OrdinalIgnoreCase), idOf) is { } text)
                {
                    (rewritten ??= []).Add((name, text));
                }
            }

            foreach (var (name, text) in rewritten ?? [])
            {
                source[name] = text;
            }
        }
    }

    /// <summary>The text that takes the place of a string; null when it stays, as all that is no string does.</summary>
    private static string? Rewritten(JsonNode? node, bool isPath, Func<string, string?> idOf)
    {
        if (node is not JsonValue value)
        {
            Rewrite(node, idOf);
            return null;
        }

        if (value.TryGetValue<JsonElement>(out var element) && !MayBeIn(element) || JsonText.AsString(value) is not { } text)
        {
            return null;
        }

        if (Name(text) is { } name)
        {
            return idOf(name);
        }

        return isPath && text.Contains(Prefix, StringComparison.Ordinal)
            ? Quoted().Replace(text, match => idOf(match.Groups[1].Value) is { } id ? $"\"{id}\"" : match.Value)
            : null;
    }

    [GeneratedRegex("\"" + Prefix + "([^\"\\\\]+)\"")]
    private static partial Regex Quoted();
}
