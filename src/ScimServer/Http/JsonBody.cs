using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Scim.Errors;

namespace ScimServer.Http;

/// <summary>
/// A JSON object out of a body's bytes, strictly: valid UTF-8, bounded depth, no comments or trailing commas, no name twice
/// in an object (in any case: RFC 7643 §2.1 makes them one attribute), and no string that a database could not hold.
/// </summary>
internal static class JsonBody
{
    private const int KeptNames = 64;

    /// <exception cref="ScimException">400 invalidSyntax.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> utf8, int maxDepth)
    {
        var json = utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8;
        if (json.Trim(" \t\r\n"u8).IsEmpty)
        {
            throw ScimErrors.InvalidSyntax("The request has no body. A JSON object is expected.");
        }

        if (!Utf8.IsValid(json))
        {
            throw ScimErrors.InvalidSyntax("The body is not valid UTF-8.");
        }

        Check(json, maxDepth);
        return JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = maxDepth });
    }

    private static void Check(ReadOnlySpan<byte> json, int maxDepth)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw ScimErrors.InvalidSyntax("The body must be a JSON object.");
            }

            CheckTokens(ref reader);
        }
        catch (JsonException exception)
        {
            throw ScimErrors.InvalidSyntax(reader.CurrentDepth >= maxDepth
                ? $"The body is nested more than {maxDepth} levels deep."
                : $"The body is not valid JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
        }
    }

    private static void CheckTokens(ref Utf8JsonReader reader)
    {
        var (names, spare) = (new Stack<HashSet<string>>(), new Stack<HashSet<string>>());
        names.Push(new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    names.Push(spare.TryPop(out var free) ? free : new HashSet<string>(StringComparer.OrdinalIgnoreCase));
                    break;
                case JsonTokenType.EndObject:
                    Keep(names.Pop(), spare);
                    break;
                case JsonTokenType.PropertyName when !names.Peek().Add(Text(ref reader)):
                    throw ScimErrors.InvalidSyntax($"\"{ScimErrors.Shorten(reader.GetString()!)}\" is given twice in one object.");
                case JsonTokenType.String when reader.ValueIsEscaped:
                    Text(ref reader);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>A bulk has thousands of objects. A set that was once large is slow to clear, for ever.</summary>
    private static void Keep(HashSet<string> names, Stack<HashSet<string>> spare)
    {
        if (names.Count <= KeptNames)
        {
            names.Clear();
            spare.Push(names);
        }
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        string text;
        try
        {
            text = reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw ScimErrors.InvalidSyntax("A string of the body holds one half of a surrogate pair (\\ud800 to \\udfff).");
        }

        return text.Contains('\0', StringComparison.Ordinal)
            ? throw ScimErrors.InvalidSyntax("A string of the body holds the character \\u0000.")
            : text;
    }
}
