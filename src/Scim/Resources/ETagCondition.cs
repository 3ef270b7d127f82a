using Scim.Errors;

namespace Scim.Resources;

/// <summary>An If-Match or If-None-Match header: nothing, <c>*</c>, or a list of tags (RFC 9110 §13.1).</summary>
public sealed class ETagCondition
{
    private const string Any = "*";

    private readonly IReadOnlyList<string>? tags;

    private ETagCondition(bool isPresent, IReadOnlyList<string>? tags)
    {
        IsPresent = isPresent;
        this.tags = tags;
    }

    /// <summary>No header was sent.</summary>
    public static ETagCondition None { get; } = new(false, []);

    /// <summary>True when the header was sent.</summary>
    public bool IsPresent { get; }

    /// <summary>Reads the values of a header, or the <c>version</c> of a bulk operation.</summary>
    /// <param name="name">What the values are called, for the error.</param>
    /// <param name="values">One for each time that it was sent; none when it was not.</param>
    /// <exception cref="ScimException">
    /// 400 invalidValue for what is neither <c>*</c> nor a list of tags: a client that sends a condition must not have it
    /// passed over. An empty list is a list: it names no version.
    /// </exception>
    public static ETagCondition Parse(string name, IReadOnlyCollection<string?> values)
    {
        if (values.Count == 0)
        {
            return None;
        }

        var text = string.Join(',', values);
        if (text.Trim() == Any)
        {
            return new ETagCondition(true, null);
        }

        var tags = new List<string>();
        return TryReadTags(text, tags)
            ? new ETagCondition(true, tags)
            : throw ScimErrors.InvalidValue($"{name} must be one or more entity tags, for example {ETag.Format(1)}, or {Any}, not \"{ScimErrors.Shorten(text)}\".");
    }

    /// <summary>
    /// Whether one of the tags is that of the version. The comparison is weak also in If-Match, where RFC 9110 §13.1.1 has it
    /// strong: RFC 7644's own examples send weak tags there, and a strong comparison with a weak tag is never true.
    /// </summary>
    public bool Matches(long version)
    {
        if (tags is null)
        {
            return true;
        }

        var opaque = ETag.Format(version)[2..];
        return tags.Any(tag => tag == opaque);
    }

    /// <summary>The opaque part of each tag. A comma may be part of it, and between two tags there may be several (RFC 9110 §5.6.1, §8.8.3).</summary>
    private static bool TryReadTags(string text, List<string> tags)
    {
        var rest = text.AsSpan();
        while (true)
        {
            rest = rest.TrimStart(" \t,");
            if (rest.IsEmpty)
            {
                return true;
            }

            rest = rest.StartsWith("W/", StringComparison.Ordinal) ? rest[2..] : rest;
            var end = rest.IsEmpty || rest[0] != '"' ? -1 : rest[1..].IndexOf('"');
            if (end < 0 || rest.Slice(1, end).ContainsAnyInRange('\0', ' ') || rest.Slice(1, end).Contains('\x7f'))
            {
                return false;
            }

            tags.Add(rest[..(end + 2)].ToString());
            rest = rest[(end + 2)..].TrimStart(" \t");
            if (!rest.IsEmpty && rest[0] != ',')
            {
                return false;
            }
        }
    }
}
