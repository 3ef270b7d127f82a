using Scim.Projections;
using Scim.Resources;

namespace Scim.Queries;

/// <summary>A page of a list (RFC 7644 §3.4.2.4, RFC 9865 §2).</summary>
/// <param name="Resources">The resources, each with the projection of its type.</param>
public sealed record ListPage(IReadOnlyList<(Resource Resource, Projection Projection)> Resources)
{
    /// <summary>How many resources match in all. A page by cursor has it only where it costs little (RFC 9865 §2).</summary>
    public long? TotalResults { get; init; }

    /// <summary>The 1-based index of the first resource of the page; null in a page by cursor.</summary>
    public int? StartIndex { get; init; }

    /// <summary>Where the next page begins; null on the last page and in a page by index.</summary>
    public string? NextCursor { get; init; }
}
