namespace Scim.EntityFrameworkCore.Filters;

/// <summary>
/// The total order of a list as SQL: by a sort key, absent values last (descending: first), ties by id in the same direction.
/// </summary>
/// <param name="Key">The sort key; null for the order of the ids alone.</param>
/// <param name="Descending">Whether the order is turned around.</param>
internal sealed record ListOrder(SortKey? Key, bool Descending)
{
    /// <summary>The parameter with the sort value of the resource before the page.</summary>
    public const string KeyParameter = "list_key";

    /// <summary>The parameter with the id of the resource before the page.</summary>
    public const string IdParameter = "list_id";

    /// <summary>Whether an index holds the rows in this order, so that a part of the list can be read alone.</summary>
    public bool HasIndex => Key is null or { HasIndex: true };

    /// <summary>The sort value of a row.</summary>
    public string Value => Key?.Expression ?? "NULL";

    /// <summary>What follows ORDER BY.</summary>
    public string By
    {
        get
        {
            var id = Descending ? "r.id DESC" : "r.id";
            return Key switch
            {
                null => id,
                { MayBeAbsent: false } => Descending ? $"{Key.Expression} DESC, {id}" : $"{Key.Expression}, {id}",
                _ => Descending ? $"{Key.Expression} DESC NULLS FIRST, {id}" : $"{Key.Expression} NULLS LAST, {id}",
            };
        }
    }

    /// <summary>
    /// Conditions of which the rows behind a position meet one; those that meet the first come first. They are two where values
    /// may be absent: an index serves each, but not both in one condition with OR. Without an index they are one.
    /// </summary>
    public IReadOnlyList<string> Behind(bool positionHasKey)
    {
        var parts = Parts(positionHasKey);
        return HasIndex || parts.Length == 1 ? parts : [$"({string.Join(" OR ", parts.Select(part => $"({part})"))})"];
    }

    private string[] Parts(bool positionHasKey)
    {
        var beyond = Descending ? "<" : ">";
        var byId = $"r.id {beyond} @{IdParameter}";
        if (Key is null)
        {
            return [byId];
        }

        var byKey = $"({Key.Expression}, r.id) {beyond} (@{KeyParameter}, @{IdParameter})";
        return (positionHasKey, Descending) switch
        {
            (true, false) when Key.MayBeAbsent => [byKey, $"{Key.Expression} IS NULL"],
            (true, _) => [byKey],
            (false, false) => [$"{Key.Expression} IS NULL AND {byId}"],
            (false, true) => [$"{Key.Expression} IS NULL AND {byId}", $"{Key.Expression} IS NOT NULL"],
        };
    }
}
