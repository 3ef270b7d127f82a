using System.Globalization;

namespace Scim.Resources;

/// <summary>Entity tags of resources (RFC 7644 §3.14): weak, since the same version can be sent in several projections.</summary>
public static class ETag
{
    /// <summary>The tag of a version, for example <c>W/"3"</c>.</summary>
    public static string Format(long version) => string.Create(CultureInfo.InvariantCulture, $"W/\"{version}\"");
}
