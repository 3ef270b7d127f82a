using Scim.Errors;

namespace Scim.Bulk;

/// <summary>
/// The <c>path</c> of an operation, read as the URL of the single request below the base URL (RFC 7644 §3.7): slashes too many do not count,
/// percent-encoding is decoded, a query is no part of the path, and a fragment is never sent.
/// </summary>
/// <param name="Segments">What stands between the slashes, decoded.</param>
/// <param name="Query">The query with its question mark; empty when there is none.</param>
internal sealed record BulkPath(IReadOnlyList<string> Segments, string Query)
{
    /// <exception cref="ScimException">400 invalidSyntax for a character that no URL can hold.</exception>
    public static BulkPath Parse(string text)
    {
        var url = Before(text, '#');
        var path = Before(url, '?');
        string[] segments = [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        return segments.Any(segment => segment.Contains('\0', StringComparison.Ordinal))
            ? throw ScimErrors.InvalidSyntax("path holds the character U+0000.")
            : new BulkPath(segments, url[path.Length..]);
    }

    private static string Before(string text, char end) => text.IndexOf(end, StringComparison.Ordinal) is var index and >= 0 ? text[..index] : text;
}
