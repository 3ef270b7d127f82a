using System.Text.RegularExpressions;

namespace ScimServer.Tests.Isolation;

/// <summary>Paths out of the patterns of the route table.</summary>
internal static partial class HostilePath
{
    /// <summary>Puts something that fits into each parameter: a number, an id, or what is given for its name.</summary>
    public static string Fill(string pattern, Func<string, string> text) => Parameter().Replace(pattern, match => match.Groups["constraint"].Value switch
    {
        "int" or "long" => "1",
        "guid" => Guid.Empty.ToString(),
        _ => text(match.Groups["name"].Value),
    });

    [GeneratedRegex(@"\{\**(?<name>\w+)(:(?<constraint>\w+))?[^}]*\}")]
    private static partial Regex Parameter();
}
