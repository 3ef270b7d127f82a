using Scim.Errors;
using Scim.Filters;
using Scim.Projections;
using Scim.Schemas;

namespace Scim.Queries;

/// <summary>
/// A query of one resource type (RFC 7644 §3.4.2) with its bounds applied, from a query string or from the body of a
/// <c>/.search</c>. Sorting and cursors are not offered: their parameters are passed over, as §3.4.2 has it for unknown ones.
/// </summary>
/// <param name="Filter">The filter as it was written, not yet bound to the resource type; null for all resources.</param>
/// <param name="StartIndex">The 1-based position of the first resource; at least 1.</param>
/// <param name="Count">The size of the page; 0 asks for the total alone.</param>
/// <param name="Projection">The attributes that are sent.</param>
public sealed record ListQuery(Filter? Filter, int StartIndex, int Count, Projection Projection)
{
    /// <summary>Reads the parameters of a request.</summary>
    /// <exception cref="ScimException">400 invalidFilter or invalidValue.</exception>
    public static ListQuery Parse(ResourceType type, SearchRequest request, ScimLimits limits) =>
        new(
            request.Filter is null ? null : Filter.Parse(request.Filter, limits),
            Math.Max(1, PagingNumber.Parse("startIndex", request.StartIndex) ?? 1),
            Math.Clamp(PagingNumber.Parse("count", request.Count) ?? limits.DefaultPageSize, 0, limits.MaxPageSize),
            Projection.Parse(type, request.Attributes, request.ExcludedAttributes));
}
