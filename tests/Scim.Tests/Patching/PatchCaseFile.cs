using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Scim.Patching;
using Scim.Schemas;

namespace Scim.Tests.Patching;

/// <summary>
/// Reads tables of <c>start | operations ⇶ expected</c>. A start is the name of a resource below; an operation is written
/// <c>replace path = value</c>, several are divided by <c> ; </c>. ENT, USER and LEASE stand for URNs; // begins a heading.
/// </summary>
internal static partial class PatchCaseFile
{
    private const string Lease = "urn:example:Lease";

    public static TheoryData<string, string, string> Read(string name)
    {
        var data = new TheoryData<string, string, string>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Patching", name)))
        {
            if (line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal))
            {
                var (left, expected) = Cut(line, "⇶");
                var (start, operations) = Cut(left, "|");
                data.Add(start, operations, expected);
            }
        }

        return data;
    }

    public static JsonObject Message(string operations) => new()
    {
        ["schemas"] = new JsonArray(PatchRequest.SchemaUrn),
        ["Operations"] = new JsonArray([.. operations.Split(" ; ").Select(text => (JsonNode)Operation(text))]),
    };

    public static string Expand(string text) => Urns().Replace(text, match => match.Value switch
    {
        "ENT" => SchemaUrns.EnterpriseUser,
        "LEASE" => Lease,
        _ => SchemaUrns.User,
    });

    public static string Shrink(string text) => text
        .Replace(SchemaUrns.EnterpriseUser, "ENT", StringComparison.Ordinal)
        .Replace(SchemaUrns.User, "USER", StringComparison.Ordinal)
        .Replace(Lease, "LEASE", StringComparison.Ordinal);

    private static JsonObject Operation(string text)
    {
        var value = text.IndexOf("= ", StringComparison.Ordinal);
        var head = (value < 0 ? text : text[..value]).Trim();
        var (op, path) = head.Contains(' ', StringComparison.Ordinal) ? Cut(head, " ") : (head, "");
        var operation = new JsonObject { ["op"] = op };
        if (path.Length > 0)
        {
            operation["path"] = Expand(path);
        }

        if (value >= 0)
        {
            operation["value"] = JsonNode.Parse(Expand(text[(value + 2)..]));
        }

        return operation;
    }

    private static (string Left, string Right) Cut(string text, string mark)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return (text[..at].Trim(), text[(at + mark.Length)..].Trim());
    }

    [GeneratedRegex(@"\b(ENT|USER|LEASE)\b")]
    private static partial Regex Urns();
}
