using System.Globalization;

namespace Scim.Resources;

/// <summary>Entity tags of resources (RFC 7644 §3.14): weak, since the same version can be sent in several projections.</summary>
public static class ETag
{
    /// <summary>The tag of a version, for example <c>W/"3"</c>.</summary>
    public static string Format(long version) => string.Create(CultureInfo.InvariantCulture, $"W/\"{version}\"");
}

/// <summary>An If-Match or If-None-Match header: nothing, <c>*</c>, or a list of tags (RFC 9110 §13.1).</summary>
public sealed class ETagCondition
{
    private readonly bool any;
    private readonly string[] tags;

    private ETagCondition(bool isPresent, bool any, string[] tags)
    {
        IsPresent = isPresent;
        this.any = any;
        this.tags = tags;
    }

    /// <summary>No header was sent.</summary>
    public static ETagCondition None { get; } = new(false, false, []);

    /// <summary>True when the header was sent.</summary>
    public bool IsPresent { get; }

    /// <summary>Reads the header's values; a malformed tag is one that matches no version.</summary>
    public static ETagCondition Parse(IEnumerable<string?> headerValues)
    {
        var parts = headerValues.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToArray();
        return parts.Length == 0 ? None : new ETagCondition(true, parts.Contains("*"), parts);
    }

    /// <summary>
    /// Whether one of the tags is that of the version. The comparison is weak: SCIM's own examples send weak tags in If-Match.
    /// </summary>
    public bool Matches(long version)
    {
        if (any)
        {
            return true;
        }

        var weak = ETag.Format(version);
        return tags.Any(tag => tag == weak || tag.AsSpan().SequenceEqual(weak.AsSpan(2)));
    }
}
