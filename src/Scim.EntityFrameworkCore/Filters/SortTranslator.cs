using Scim.Errors;
using Scim.Filters;
using Scim.Queries;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Filters;

/// <summary>
/// Turns a sort order into SQL: key columns where there are some, the resource that a followed reference names, else a value out of
/// the folded document.
/// </summary>
internal static class SortTranslator
{
    /// <summary>The order of a list.</summary>
    /// <exception cref="ScimException">400 invalidPath when the types of a query keep the attribute in ways that do not compare.</exception>
    public static ListOrder Translate(ListQuery query, DatabaseDialect dialect)
    {
        if (query.Sort is not { } sort)
        {
            return new ListOrder(null, Descending: false);
        }

        var keys = query.Targets.Select(target => (target.Type, Key: Key(target.Type, sort, dialect))).ToList();
        var key = keys is [var (_, only)] ? only : Joined(keys, dialect);
        return new ListOrder(key?.Expression == "r.id" ? null : key, sort.Descending);
    }

    private static SortKey? Key(ResourceType type, Sort sort, DatabaseDialect dialect) =>
        sort.Paths.TryGetValue(type, out var path) ? new KeyColumns(type).SortKey(path) ?? OfReference(type, path, dialect) ?? InDocument(path, dialect) : null;

    private static SortKey? OfReference(ResourceType type, BoundPath path, DatabaseDialect dialect)
    {
        if (!FollowedReference.Computes(type, path))
        {
            return null;
        }

        var types = path.Attribute.ReferencedTypes.ToArray();
        if (FollowedReference.IsAddress(path.SubAttribute!) && types.Length > 1)
        {
            throw ScimErrors.InvalidPath($"Resources cannot be sorted by {path}, an address of several resource types.");
        }

        // Addresses of one type differ by their ids alone.
        var value = FollowedReference.IsAddress(path.SubAttribute!) ? "lower(CAST(followed.id AS text))"
            : path.SubAttribute!.CaseExact ? "followed.display"
            : "coalesce(followed.display_name_key, followed.unique_key)";
        var expression =
            $"""
            (SELECT substr({value}, 1, {DatabaseDialect.SortedCharacters}) FROM resources AS followed
                WHERE followed.tenant_id = @list_tenant AND followed.id = r.reference_id AND followed.type IN ({string.Join(", ", types.Select(DatabaseDialect.Quote))}))
            """;
        return new SortKey(dialect.ByCodePoint(expression), SortKind.Text, MayBeAbsent: true, HasIndex: false);
    }

    private static SortKey InDocument(BoundPath path, DatabaseDialect dialect)
    {
        var isNumber = path.Target.Type is AttributeType.Integer or AttributeType.Decimal;
        return new SortKey(dialect.DocumentValue(path, isNumber), isNumber ? SortKind.Number : SortKind.Text, MayBeAbsent: true, HasIndex: false);
    }

    /// <summary>Several types in one order. The indexes hold one type each, so none but that of the ids gives the order.</summary>
    private static SortKey? Joined(List<(ResourceType Type, SortKey? Key)> keys, DatabaseDialect dialect)
    {
        var known = keys.Where(pair => pair.Key is not null).ToList();
        if (known.Count == 0)
        {
            return null;
        }

        var first = known[0].Key!;
        if (known.Exists(pair => pair.Key!.Kind != first.Kind))
        {
            throw ScimErrors.InvalidPath("The resource types do not agree on the type of the attribute to sort by: query one of them.");
        }

        if (known.Count == keys.Count && known.TrueForAll(pair => pair.Key!.Expression == first.Expression))
        {
            return first with { HasIndex = false };
        }

        var cases = known.Select(pair => $"WHEN {DatabaseDialect.Quote(pair.Type.Name)} THEN {pair.Key!.Expression}");
        var expression = $"CASE r.type {string.Join(' ', cases)} END";
        return new SortKey(first.Kind == SortKind.Text ? dialect.ByCodePoint(expression) : expression, first.Kind, MayBeAbsent: true, HasIndex: false);
    }
}
