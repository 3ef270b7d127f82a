namespace ScimServer.Tests.Discovery;

/// <summary>The listing of RFC 7643 §8.7.1 with its corrections, from <c>rfc7643-8.7.1.txt</c>.</summary>
internal static class SchemaListing
{
    private const string Correction = "corrected by ";

    /// <summary>The lines of a schema by the path of the attribute.</summary>
    public static IReadOnlyDictionary<string, string> Read(string urn)
    {
        var lines = new Dictionary<string, string>();
        var schema = "";
        foreach (var line in Lines())
        {
            if (line.StartsWith("schema ", StringComparison.Ordinal))
            {
                schema = line["schema ".Length..];
            }
            else if (schema == urn)
            {
                var text = line.StartsWith(Correction, StringComparison.Ordinal) ? line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..] : line;
                lines[text.Split(" | ")[0]] = text;
            }
        }

        return lines;
    }

    private static IEnumerable<string> Lines()
    {
        using var stream = typeof(SchemaListing).Assembly.GetManifestResourceStream("rfc7643-8.7.1.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line;
            }
        }
    }
}
