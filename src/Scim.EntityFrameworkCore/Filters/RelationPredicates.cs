using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Rows;
using Scim.Filters;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Filters;

/// <summary>Filters on <c>members</c> and <c>groups</c>: EXISTS on memberships.</summary>
internal sealed class RelationPredicates
{
    private readonly ScimDbContext context;
    private readonly SchemaAttribute attribute;

    /// <summary>For a relation attribute of the type that is searched.</summary>
    public RelationPredicates(ScimDbContext context, SchemaAttribute attribute)
    {
        this.context = context;
        this.attribute = attribute;
    }

    private bool IsMembers => attribute.Relation == Relation.Members;

    private Expression<Func<MembershipRow, Guid>> OtherId => IsMembers ? pair => pair.MemberId : pair => pair.GroupId;

    /// <summary><c>members.value eq "…"</c>: a member compares so; <c>ne</c> is also met where there is none.</summary>
    public Expression<Func<ResourceRow, bool>> Compare(BoundFilter.Comparison comparison)
    {
        var element = comparison with { Path = new BoundPath(null, comparison.Path.Target, null) };
        var some = Any(element);
        return comparison.Operator == FilterOperator.Ne ? Predicates.Or(some, Predicates.Not(Any(null))) : some;
    }

    /// <summary><c>members pr</c>, <c>members.display pr</c>. Every membership has an id, a reference and a type.</summary>
    public Expression<Func<ResourceRow, bool>> Present(BoundPath path) =>
        Any(path.SubAttribute is null or { Name: "value" or "$ref" or "type" } ? null : new BoundFilter.Present(new BoundPath(null, path.Target, null)));

    /// <summary>The memberships of any resource that meet the filter of a value path.</summary>
    public Expression<Func<MembershipRow, bool>> Matching(BoundFilter inner) => Translate(inner);

    /// <summary>A member, or group, that meets the filter of a value path exists; with none, any exists.</summary>
    public Expression<Func<ResourceRow, bool>> Any(BoundFilter? inner)
    {
        var pairs = Pairs(inner);
        Expression<Func<ResourceRow, IQueryable<MembershipRow>>> own = IsMembers
            ? row => pairs.Where(pair => pair.GroupId == row.Id)
            : row => pairs.Where(pair => pair.MemberId == row.Id);
        var met = inner is null ? Predicates.Constant<MembershipRow>(true) : Translate(inner);
        var any = Expression.Call(typeof(Queryable), nameof(Queryable.Any), [typeof(MembershipRow)], own.Body, Expression.Quote(met));
        return Expression.Lambda<Func<ResourceRow, bool>>(any, own.Parameters);
    }

    /// <summary>
    /// A resource's groups are also those that it is in through other groups (RFC 7643 §4.1.2). Without a filter the direct ones
    /// tell as much: who is in no group directly is in none.
    /// </summary>
    private IQueryable<MembershipRow> Pairs(BoundFilter? inner)
    {
        if (IsMembers || inner is null)
        {
            return context.Memberships;
        }

        return NestedMemberships.Of(context, RequiredId(inner));
    }

    /// <summary>The group that the filter asks for, when it asks for one.</summary>
    private static Guid? RequiredId(BoundFilter inner) => inner switch
    {
        BoundFilter.And and => RequiredId(and.Left) ?? RequiredId(and.Right),
        BoundFilter.Comparison { Operator: FilterOperator.Eq, Path.Target.Name: "value", Value: BoundLiteral.String text }
            when Guid.TryParseExact(text.Value, "D", out var id) => id,
        _ => null,
    };

    private Expression<Func<MembershipRow, bool>> Translate(BoundFilter inner) => inner switch
    {
        BoundFilter.And and => Predicates.And(Translate(and.Left), Translate(and.Right)),
        BoundFilter.Or or => Predicates.Or(Translate(or.Left), Translate(or.Right)),
        BoundFilter.Not not => Predicates.Not(Translate(not.Inner)),
        BoundFilter.Present present => TranslatePresent(present.Path.Target),
        BoundFilter.Comparison comparison => TranslateComparison(comparison),
        _ => throw new InvalidOperationException(),
    };

    private Expression<Func<MembershipRow, bool>> TranslatePresent(SchemaAttribute sub) => sub.Name switch
    {
        "value" or "$ref" or "type" => Predicates.Constant<MembershipRow>(true),
        "display" => OfOther(row => (row.DisplayNameKey ?? row.UniqueKey) != null),
        _ => Predicates.Constant<MembershipRow>(false),
    };

    private Expression<Func<MembershipRow, bool>> TranslateComparison(BoundFilter.Comparison comparison)
    {
        var text = (comparison.Value as BoundLiteral.String)?.Value ?? "";
        return comparison.Path.Target.Name switch
        {
            "value" => Predicates.On(OtherId, ValuePredicates.Id(comparison.Operator, text)),
            "display" => OfOther(Predicates.On<ResourceRow, string?>(
                row => row.DisplayNameKey ?? row.UniqueKey, ValuePredicates.Text(comparison.Operator, text))),
            "type" => IsMembers ? TypeOfMember(comparison, text) : Directness(comparison, text),
            "$ref" => Reference(comparison, text),
            _ => Predicates.Constant<MembershipRow>(comparison.Operator == FilterOperator.Ne),
        };
    }

    /// <summary>A predicate on the resource at the other end.</summary>
    private Expression<Func<MembershipRow, bool>> OfOther(Expression<Func<ResourceRow, bool>> predicate)
    {
        Expression<Func<Guid, IQueryable<ResourceRow>>> other = id => context.Resources.Where(row => row.Id == id);
        var own = OtherId;
        var source = Predicates.Substitute(other, own.Body);
        var any = Expression.Call(typeof(Queryable), nameof(Queryable.Any), [typeof(ResourceRow)], source, Expression.Quote(predicate));
        return Expression.Lambda<Func<MembershipRow, bool>>(any, own.Parameters);
    }

    /// <summary><c>members.type</c> is the name of the member's resource type.</summary>
    private Expression<Func<MembershipRow, bool>> TypeOfMember(BoundFilter.Comparison comparison, string literal)
    {
        var target = comparison.Path.Target;
        var names = (attribute.FindSubAttribute("$ref")?.ReferenceTypes ?? [])
            .Where(name => FilterEvaluator.CompareText(Folding.Fold(target, name), comparison.Operator, literal))
            .ToArray();
        return names.Length == 0 ? Predicates.Constant<MembershipRow>(false) : OfOther(row => names.Contains(row.Type));
    }

    /// <summary><c>groups.type</c> is direct, or indirect when only another group's membership leads to the group.</summary>
    private Expression<Func<MembershipRow, bool>> Directness(BoundFilter.Comparison comparison, string literal)
    {
        var target = comparison.Path.Target;
        bool Holds(string word) => FilterEvaluator.CompareText(Folding.Fold(target, word), comparison.Operator, literal);
        Expression<Func<MembershipRow, bool>> direct =
            pair => context.Memberships.Any(own => own.GroupId == pair.GroupId && own.MemberId == pair.MemberId);
        return (Holds("direct"), Holds("indirect")) switch
        {
            (true, true) => Predicates.Constant<MembershipRow>(true),
            (true, false) => direct,
            (false, true) => Predicates.Not(direct),
            _ => Predicates.Constant<MembershipRow>(false),
        };
    }

    private Expression<Func<MembershipRow, bool>> Reference(BoundFilter.Comparison comparison, string url)
    {
        var equal = Locations.IdBehind(url, endpoint: null) is { } id
            ? Predicates.On<MembershipRow, Guid>(OtherId, value => value == id)
            : Predicates.Constant<MembershipRow>(false);
        return comparison.Operator switch
        {
            FilterOperator.Eq => equal,
            FilterOperator.Ne => Predicates.Not(equal),
            _ => throw ValuePredicates.Unanswerable(new BoundPath(null, attribute, comparison.Path.Target), comparison.Operator),
        };
    }
}
