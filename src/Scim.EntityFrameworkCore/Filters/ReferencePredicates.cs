using System.Linq.Expressions;
using Scim.EntityFrameworkCore.Rows;
using Scim.Filters;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Filters;

/// <summary>Filters on what is computed of a <see cref="FollowedReference"/>: EXISTS on the resource that it names.</summary>
internal sealed class ReferencePredicates
{
    private readonly ScimDbContext context;
    private readonly BoundPath path;
    private readonly SchemaAttribute sub;

    /// <summary>For a path that is computed.</summary>
    public ReferencePredicates(ScimDbContext context, BoundPath path)
    {
        this.context = context;
        this.path = path;
        sub = path.SubAttribute!;
    }

    /// <summary><c>manager.displayName pr</c>: the resource exists, and has a name where that is asked for.</summary>
    public Expression<Func<ResourceRow, bool>> Present() => Exists(FollowedReference.IsAddress(sub)
        ? Predicates.Constant<ResourceRow>(true)
        : target => target.Display != null);

    /// <summary>The name or the address compares so; <c>ne</c> is also met where there is none.</summary>
    public Expression<Func<ResourceRow, bool>> Compare(BoundFilter.Comparison comparison)
    {
        if (comparison.Operator == FilterOperator.Ne)
        {
            return Predicates.Not(Compare(comparison with { Operator = FilterOperator.Eq }));
        }

        var text = ((BoundLiteral.String)comparison.Value).Value;
        return FollowedReference.IsAddress(sub) ? Address(comparison.Operator, text) : Exists(Name(comparison.Operator, text));
    }

    /// <summary>As with <c>meta.location</c> and <c>members.$ref</c>, the base URL is not the database's to know.</summary>
    private Expression<Func<ResourceRow, bool>> Address(FilterOperator comparison, string url)
    {
        if (comparison != FilterOperator.Eq)
        {
            throw ValuePredicates.Unanswerable(path, comparison);
        }

        return Locations.IdBehind(url, endpoint: null) is { } id
            ? Predicates.And(row => row.ReferenceId == id, Exists(Predicates.Constant<ResourceRow>(true)))
            : Predicates.Constant<ResourceRow>(false);
    }

    /// <summary>The folded name is in one of two columns; <c>eq</c> is written so that the index of each serves.</summary>
    private Expression<Func<ResourceRow, bool>> Name(FilterOperator comparison, string text) => (sub.CaseExact, comparison) switch
    {
        (false, FilterOperator.Eq) => target => target.DisplayNameKey == text || (target.DisplayNameKey == null && target.UniqueKey == text),
        (false, _) => Predicates.On<ResourceRow, string?>(target => target.DisplayNameKey ?? target.UniqueKey, ValuePredicates.Text(comparison, text)),

        // The name as it is shown is in a column without an order by code point.
        (true, FilterOperator.Eq) => target => target.Display == text,
        (true, _) => throw ValuePredicates.Unanswerable(path, comparison),
    };

    /// <summary>The resource exists, is of a type that may be referred to, and meets the predicate.</summary>
    private Expression<Func<ResourceRow, bool>> Exists(Expression<Func<ResourceRow, bool>> predicate)
    {
        var types = path.Attribute.ReferencedTypes.ToArray();
        Expression<Func<ResourceRow, IQueryable<ResourceRow>>> targets =
            row => context.Resources.Where(target => target.Id == row.ReferenceId && types.Contains(target.Type));
        var any = Expression.Call(typeof(Queryable), nameof(Queryable.Any), [typeof(ResourceRow)], targets.Body, Expression.Quote(predicate));
        return Expression.Lambda<Func<ResourceRow, bool>>(any, targets.Parameters);
    }
}
