using System.Collections.Concurrent;
using Scim.Filters;

namespace Scim.EntityFrameworkCore.Filters;

/// <summary>What is known beforehand of how many resources a filter matches.</summary>
internal sealed class FilterSelectivity
{
    private const int MaxKept = 4_096;

    private readonly ConcurrentDictionary<(int TenantId, string Query), bool> many = new();

    /// <summary>
    /// Whether an index finds what the filter asks for: an equality, in every alternative. Without one all resources have to
    /// be looked at anyway.
    /// </summary>
    public static bool IsAnchored(BoundFilter filter) => filter switch
    {
        BoundFilter.And and => IsAnchored(and.Left) || IsAnchored(and.Right),
        BoundFilter.Or or => IsAnchored(or.Left) && IsAnchored(or.Right),
        BoundFilter.Elements elements => IsAnchored(elements.Inner),
        BoundFilter.Comparison comparison => comparison.Operator == FilterOperator.Eq,
        _ => false,
    };

    /// <summary>Whether the filter matched many of the tenant's resources when it was last asked.</summary>
    public bool MatchedMany(int tenantId, string query) => many.ContainsKey((tenantId, query));

    /// <summary>Keeps what was seen. Queries are forgotten together when there are too many of them: they are soon learnt again.</summary>
    public void Remember(int tenantId, string query, bool matchesMany)
    {
        if (!matchesMany)
        {
            many.TryRemove((tenantId, query), out _);
            return;
        }

        if (many.Count >= MaxKept)
        {
            many.Clear();
        }

        many[(tenantId, query)] = true;
    }
}
