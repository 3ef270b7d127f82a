using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ScimServer.Provisioning;

/// <summary>
/// Replaces the values in one failed request by their kind and length: names, paths, operations, types, truth values and ids of this
/// server stay, so that an operator sees what was wrong without seeing about whom. What it replaces it also replaces in the error's detail.
/// </summary>
internal sealed partial class Redaction(KnownWords words, bool keepsValues)
{
    public const string Secret = "<secret>";

    /// <summary>What stands where bytes were no text (<see cref="WellFormedJson"/>).</summary>
    private const char Damage = '\ufffd';

    private const int MaxName = 64;
    private const int MaxDetail = 1000;
    private const int ShortenedLength = 100;

    private static readonly HashSet<string> Comparisons = new(["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"], StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<string> Operators = new([.. Comparisons, "pr", "and", "or", "not"], StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> replaced = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> kept = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A value of an attribute.</summary>
    /// <param name="text">The value.</param>
    /// <param name="name">The attribute; null when it is not known.</param>
    public string Value(string text, string? name)
    {
        if (name is not null && words.IsSecret(name))
        {
            replaced.Add(text);
            return Secret;
        }

        return IsHarmless(text) || (keepsValues && name is not null && words.HasAttribute(name)) ? text : Replace(text);
    }

    /// <summary>What is to be hidden whatever the options say.</summary>
    public string Hide(string text)
    {
        replaced.Add(text);
        return Secret;
    }

    /// <summary>The name of a member: it is kept as far as it can be one.</summary>
    public string Name(string name)
    {
        if (words.Has(name) || (name.Length <= MaxName && AttributeName().IsMatch(name)))
        {
            kept.Add(name);
            return name;
        }

        return Expression(name);
    }

    /// <summary>Whether a path leads to something that is never returned.</summary>
    public bool IsSecretPath(string path) => Word().Matches(path).Any(word => words.IsSecret(word.Value));

    /// <summary>A filter, a path of a PATCH, a list of attributes: names and operators stay, values go.</summary>
    public string Expression(string text)
    {
        var result = new StringBuilder(text.Length);
        var before = "";
        var isSecret = false;
        foreach (Match match in Token().Matches(text))
        {
            var token = match.Value;
            if (token[0] == '"')
            {
                var value = token.Trim('"');
                result.Append('"').Append(isSecret ? Hide(value) : Literal(value, before)).Append('"');
            }
            else if (char.IsWhiteSpace(token[0]))
            {
                result.Append(token);
                continue;
            }
            else if ("()[],".Contains(token[0], StringComparison.Ordinal))
            {
                result.Append(token);
                token = "";
            }
            else if (Comparisons.Contains(before))
            {
                result.Append(isSecret ? Hide(token) : Literal(token, before));
            }
            else
            {
                isSecret = Operators.Contains(token) ? isSecret : IsSecretPath(token);
                result.Append(Operators.Contains(token) || IsPath(token, before, text[(match.Index + match.Length)..]) ? Keep(token) : Replace(token));
            }

            before = token;
        }

        return result.ToString();
    }

    /// <summary>The path of a URL.</summary>
    public string Address(string path) => string.Join('/', path.Split('/').Select(segment =>
        segment.Length == 0 || words.HasSegment(segment) || IsOwnId(segment) ? segment : Replace(segment)));

    /// <summary>An error's detail: what was replaced in the request, and whatever else it quotes that is no word of the protocol.</summary>
    public string Detail(string detail)
    {
        var text = detail;
        foreach (var value in replaced.Where(value => value.Length > 1).OrderByDescending(value => value.Length))
        {
            text = text.Replace(value, words.Has(value) ? value : Placeholder(value), StringComparison.OrdinalIgnoreCase);
            if (value.Length > ShortenedLength)
            {
                text = text.Replace(value[..ShortenedLength], Placeholder(value), StringComparison.OrdinalIgnoreCase);
            }
        }

        text = Quoted().Replace(text, match => IsTold(match.Groups[1].Value) ? match.Value : $"\"{Placeholder(match.Groups[1].Value)}\"");
        return text.Length <= MaxDetail ? text : text[..MaxDetail] + "…";
    }

    /// <summary>What took the place of a value.</summary>
    public static string Placeholder(string text) =>
        text.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"<{Kind(text)}, {text.Length} characters>");

    private static string Kind(string text) => text switch
    {
        _ when text.Contains(Damage, StringComparison.Ordinal) => "damaged text",
        _ when string.IsNullOrWhiteSpace(text) => "blanks",
        _ when text.All(char.IsAsciiDigit) => "digits",
        _ when Guid.TryParse(text, out _) => "UUID",
        _ when text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) => "URL",
        _ when text.StartsWith("urn:", StringComparison.OrdinalIgnoreCase) => "URN",
        _ when text.Contains('@', StringComparison.Ordinal) && !text.Contains(' ', StringComparison.Ordinal) => "e-mail",
        _ when Date().IsMatch(text) => "date",
        _ => "text",
    };

    /// <summary>Ids of this server are drawn by it, as UUIDs of version 7, and say nothing about a person.</summary>
    private static bool IsOwnId(string text) => Guid.TryParseExact(text, "D", out var id) && id.Version == 7;

    private bool IsHarmless(string text) => text.Length == 0 || words.HasValue(text) || bool.TryParse(text, out _) || IsOwnId(text) || words.Has(text) || Urn().IsMatch(text);

    private bool IsTold(string quoted) =>
        quoted.Length == 0 || quoted[0] == '<' || kept.Contains(quoted) || keepsValues || quoted.Split('.', ' ').All(word => IsHarmless(word) || kept.Contains(word) || Operators.Contains(word));

    private string Literal(string value, string before) =>
        IsHarmless(value) || value.Equals("null", StringComparison.OrdinalIgnoreCase) || (keepsValues && Comparisons.Contains(before)) ? value : Replace(value);

    private bool IsPath(string token, string before, string rest)
    {
        var name = token.TrimStart('.');
        var urn = name.LastIndexOf(':');
        if (urn > 0 && words.Has(name[..urn]))
        {
            name = name[(urn + 1)..];
        }

        if (words.Has(name) || name.Split('.').All(words.Has))
        {
            return true;
        }

        // A name that no schema has is what was wrong, as long as it stands where a name stands.
        var next = string.IsNullOrWhiteSpace(rest) ? "" : Token().Match(rest.TrimStart()).Value;
        return (before.Length == 0 || Operators.Contains(before)) && name.Length <= MaxName && AttributePath().IsMatch(token) && (next.Length == 0 || next[0] is '[' or ']' or ')' or ',' || Operators.Contains(next));
    }

    private string Keep(string token)
    {
        kept.Add(token);
        return token;
    }

    private string Replace(string text)
    {
        replaced.Add(text);
        return Placeholder(text);
    }

    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"?|\s+|[()\[\],]|[^\s()\[\],"]+
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Token();

    [GeneratedRegex(@"^[A-Za-z$][A-Za-z0-9_$-]*$")]
    private static partial Regex AttributeName();

    [GeneratedRegex(@"^\.?(urn:[A-Za-z0-9:._-]+:)?[A-Za-z$][A-Za-z0-9_$-]*(\.[A-Za-z$][A-Za-z0-9_$-]*)*$")]
    private static partial Regex AttributePath();

    /// <summary>Schemas and messages, those that nobody has too.</summary>
    [GeneratedRegex(@"^urn:ietf:params:scim:(schemas|api:messages):[A-Za-z0-9:._-]{1,200}$")]
    private static partial Regex Urn();

    [GeneratedRegex("[A-Za-z0-9]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d")]
    private static partial Regex Date();

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Quoted();
}
