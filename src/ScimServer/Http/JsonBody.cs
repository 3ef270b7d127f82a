using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Scim.Errors;

namespace ScimServer.Http;

/// <summary>A JSON object out of a body's bytes, strictly: valid UTF-8, no comments or trailing commas, and whatever else <see cref="JsonCheck"/> looks at.</summary>
internal static class JsonBody
{
    /// <exception cref="ScimException">400 invalidSyntax.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> utf8, int maxDepth)
    {
        var json = Text(utf8);
        new JsonCheck(json, maxDepth).Check();
        return JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = maxDepth });
    }

    /// <summary>
    /// The body of a bulk. An operation that holds what no body may hold is there as it was sent, at any depth, and has to be left alone: it is one of
    /// the faults, by its position.
    /// </summary>
    /// <exception cref="ScimException">400 invalidSyntax for what is no JSON, and for what is wrong outside of the operations.</exception>
    public static (JsonElement Body, IReadOnlyDictionary<int, ScimException> Faults) ParseBulk(ReadOnlySpan<byte> utf8, int maxDepth)
    {
        var json = Text(utf8);
        var faults = new JsonCheck(json, maxDepth).CheckBulk();
        return (JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = faults.Count == 0 ? maxDepth : int.MaxValue }), faults);
    }

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> utf8)
    {
        var json = utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8;
        if (json.Trim(" \t\r\n"u8).IsEmpty)
        {
            throw ScimErrors.InvalidSyntax("The request has no body. A JSON object is expected.");
        }

        return Utf8.IsValid(json) ? json : throw ScimErrors.InvalidSyntax("The body is not valid UTF-8.");
    }
}
