using Scim.Errors;
using Scim.Filters;
using Scim.Paths;
using Scim.Schemas;

namespace Scim.Queries;

/// <summary>
/// The order of a list (RFC 7644 §3.4.2.3). Resources without a value come last when ascending and first when descending;
/// what is equal follows in the order of the ids, in the same direction, so that the order is total and pages are stable.
/// </summary>
/// <param name="Paths">The attribute whose value decides, for each type that has it.</param>
/// <param name="Descending">Whether the order is turned around.</param>
public sealed record Sort(IReadOnlyDictionary<ResourceType, BoundPath> Paths, bool Descending)
{
    private const string Ascending = "ascending";
    private const string DescendingWord = "descending";

    /// <summary>Reads <c>sortBy</c> and <c>sortOrder</c>; null when the client does not ask for an order.</summary>
    /// <exception cref="ScimException">400 invalidPath for an attribute that cannot be sorted by, invalidValue for an unknown order.</exception>
    public static Sort? Parse(IReadOnlyList<ResourceType> types, string? sortBy, string? sortOrder)
    {
        var descending = IsDescending(sortOrder);
        var path = sortBy?.Trim() ?? "";
        if (path.Length == 0)
        {
            return null;
        }

        var paths = new Dictionary<ResourceType, BoundPath>();
        foreach (var type in types)
        {
            if (PathResolver.Resolve(type, path) is { } resolved)
            {
                paths[type] = Sortable(resolved);
            }
        }

        return paths.Count > 0
            ? new Sort(paths, descending)
            : throw ScimErrors.InvalidPath($"\"sortBy\" names \"{ScimErrors.Shorten(path)}\", which {Names(types)} not have.");
    }

    /// <summary>The parameters in their canonical spelling.</summary>
    public override string ToString() =>
        $"{string.Join(',', Paths.Select(pair => $"{pair.Key.Name}={pair.Value}"))} {(Descending ? DescendingWord : Ascending)}";

    private static bool IsDescending(string? sortOrder)
    {
        var word = sortOrder?.Trim() ?? "";
        if (word.Length == 0 || word.Equals(Ascending, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        return word.Equals(DescendingWord, StringComparison.OrdinalIgnoreCase)
            ? true
            : throw ScimErrors.InvalidValue($"\"sortOrder\" must be \"{Ascending}\" or \"{DescendingWord}\", not \"{ScimErrors.Shorten(word)}\".");
    }

    private static BoundPath Sortable(ResolvedPath path)
    {
        if (path.Attribute is not { } attribute)
        {
            throw ScimErrors.InvalidPath($"\"sortBy\" names the schema {path}: name an attribute of it.");
        }

        if (attribute.Relation != Relation.None)
        {
            throw ScimErrors.InvalidPath($"Resources cannot be sorted by {path}: it is a list without an order of its own.");
        }

        if (attribute.Returned == Returned.Never || path.Target!.Returned == Returned.Never)
        {
            throw ScimErrors.InvalidPath($"{path} is never returned, so that nothing can be sorted by it.");
        }

        return WithValue(new BoundPath(path.Extension, attribute, path.SubAttribute));
    }

    /// <summary>A complex attribute alone means its <c>value</c>, as in filters.</summary>
    private static BoundPath WithValue(BoundPath path)
    {
        if (path.Target.Type != AttributeType.Complex)
        {
            return path;
        }

        return path.Attribute.DefaultSubAttribute is { } value
            ? path with { SubAttribute = value }
            : throw ScimErrors.InvalidPath($"{path} is a complex attribute: name a sub-attribute to sort by, for example {path}.{path.Target.SubAttributes[0].Name}.");
    }

    private static string Names(IReadOnlyList<ResourceType> types) =>
        types.Count == 1 ? $"a {types[0].Name} does" : $"{string.Join(" and ", types.Select(type => type.Name))} do";
}
