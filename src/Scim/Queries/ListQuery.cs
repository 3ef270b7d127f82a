using Scim.Errors;
using Scim.Filters;
using Scim.Projections;
using Scim.Schemas;

namespace Scim.Queries;

/// <summary>
/// A query (RFC 7644 §3.4.2) of one resource type, or of several from the root, with its bounds applied; from a query string
/// or from the body of a <c>/.search</c>.
/// </summary>
public sealed record ListQuery
{
    private ListQuery()
    {
    }

    /// <summary>The filter as it was written; null for all resources.</summary>
    public Filter? Filter { get; private init; }

    /// <summary>The types of which resources can match, each with its filter and projection.</summary>
    public required IReadOnlyList<QueryTarget> Targets { get; init; }

    /// <summary>The names of the types that are queried, also those of which nothing can match.</summary>
    private string Types { get; init; } = "";

    /// <summary>The order; null for the order of the ids, which is the order of creation.</summary>
    public Sort? Sort { get; private init; }

    /// <summary>The 1-based position of the first resource; at least 1.</summary>
    public int StartIndex { get; private init; }

    /// <summary>The size of the page; 0 asks for the total alone.</summary>
    public int Count { get; private init; }

    /// <summary>Null for a page by index; empty for the first page of a walk by cursor, else where the page begins (RFC 9865 §2).</summary>
    public string? Cursor { get; private init; }

    /// <summary>Reads the parameters of a request to the endpoint of a type.</summary>
    /// <exception cref="ScimException">400 invalidFilter, invalidPath, invalidValue or invalidCount.</exception>
    public static ListQuery Parse(ResourceType type, SearchRequest request, ScimLimits limits)
    {
        var filter = request.Filter is null ? null : Filter.Parse(request.Filter, limits);
        var target = new QueryTarget(type, filter?.Bind(type), Projection.Parse(type, request.Attributes, request.ExcludedAttributes));
        return Paged(request, limits) with
        {
            Filter = filter,
            Types = type.Name,
            Targets = [target],
            Sort = Sort.Parse([type], request.SortBy, request.SortOrder),
        };
    }

    /// <summary>Reads the parameters of a request to the root: an attribute that a type does not have is one without a value (RFC 7644 §3.4.2.1).</summary>
    /// <exception cref="ScimException">As for one type, but that an attribute may be unknown in a filter.</exception>
    public static ListQuery Parse(IReadOnlyList<ResourceType> types, SearchRequest request, ScimLimits limits)
    {
        var filter = request.Filter is null ? null : Filter.Parse(request.Filter, limits);
        var projections = types.ToDictionary(type => type, type => Projection.Parse(type, request.Attributes, request.ExcludedAttributes));
        var matching = filter?.Bind(types) ?? [.. types.Select(type => new TypeFilter(type, null))];
        return Paged(request, limits) with
        {
            Filter = filter,
            Types = string.Join(',', types.Select(type => type.Name)),
            Targets = [.. matching.Select(match => new QueryTarget(match.Type, match.Filter, projections[match.Type]))],
            Sort = Sort.Parse(types, request.SortBy, request.SortOrder),
        };
    }

    /// <summary>What makes the query this one and no other, but for the page; a cursor is bound to it.</summary>
    public override string ToString() => $"{Types}\n{Filter}\n{Sort}";

    private static ListQuery Paged(SearchRequest request, ScimLimits limits)
    {
        var byCursor = request.Cursor is not null;
        if (byCursor && !string.IsNullOrWhiteSpace(request.StartIndex))
        {
            throw ScimErrors.InvalidValue("\"cursor\" and \"startIndex\" are two ways to page (RFC 9865, 2.4): send one of them.");
        }

        var count = byCursor ? PagingNumber.ParseCount(request.Count) : PagingNumber.Parse("count", request.Count);
        return new ListQuery
        {
            Targets = [],
            StartIndex = Math.Max(1, PagingNumber.Parse("startIndex", request.StartIndex) ?? 1),
            Count = Math.Clamp(count ?? limits.DefaultPageSize, 0, limits.MaxPageSize),
            Cursor = request.Cursor,
        };
    }
}
