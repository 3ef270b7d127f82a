using System.Linq.Expressions;
using Scim.EntityFrameworkCore.Rows;
using Scim.Filters;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Filters;

/// <summary>
/// Turns a bound filter into a predicate on rows that EF Core translates. Key columns become comparisons, memberships and what is computed
/// of a reference EXISTS, and everything else one call of <see cref="ScimFunctions.Matches"/> per largest part that only looks at the document.
/// </summary>
internal sealed class FilterTranslator
{
    private readonly ResourceType type;
    private readonly ScimDbContext context;
    private readonly KeyColumns columns;

    private FilterTranslator(ResourceType type, ScimDbContext context)
    {
        this.type = type;
        this.context = context;
        columns = new KeyColumns(type);
    }

    /// <summary>The predicate for the rows of a type; the caller restricts the query to the type.</summary>
    /// <exception cref="Errors.ScimException">400 invalidFilter when a computed attribute is compared in a way that cannot be answered.</exception>
    public static Expression<Func<ResourceRow, bool>> Translate(BoundFilter filter, ResourceType type, ScimDbContext context) =>
        new FilterTranslator(type, context).Translate(filter);

    /// <summary>
    /// Takes a filter apart into what the document decides and what others decide; both must hold. Either is null when there is nothing of
    /// the kind.
    /// </summary>
    public static (BoundFilter? Document, BoundFilter? Others) Split(BoundFilter filter, ResourceType type, ScimDbContext context)
    {
        var translator = new FilterTranslator(type, context);
        var operands = Flatten<BoundFilter.And>(filter).ToLookup(translator.IsDocumentOnly);
        return (Join(operands[true]), Join(operands[false]));
    }

    private static BoundFilter? Join(IEnumerable<BoundFilter> operands)
    {
        var all = operands.ToList();
        return all.Count == 0 ? null : all.Aggregate((left, right) => new BoundFilter.And(left, right));
    }

    private Expression<Func<ResourceRow, bool>> Translate(BoundFilter filter) => filter switch
    {
        _ when IsDocumentOnly(filter) => Matches(filter),
        BoundFilter.And and => TranslateAll<BoundFilter.And>(and, Predicates.And, (left, right) => new BoundFilter.And(left, right)),
        BoundFilter.Or or => TranslateAll<BoundFilter.Or>(or, Predicates.Or, (left, right) => new BoundFilter.Or(left, right)),
        BoundFilter.Not not => Predicates.Not(Translate(not.Inner)),
        BoundFilter.Comparison comparison => Relation(comparison.Path)?.Compare(comparison) ?? Reference(comparison.Path)?.Compare(comparison) ?? columns.Compare(comparison),
        BoundFilter.Present present => Relation(present.Path)?.Present(present.Path) ?? Reference(present.Path)?.Present() ?? columns.Present(present.Path),
        BoundFilter.Elements elements => Relation(elements.Path)?.Any(elements.Inner) ?? Translate(OfResource(elements)),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>Operands of one operator: those that only look at the document are asked in one call.</summary>
    private Expression<Func<ResourceRow, bool>> TranslateAll<TOperator>(
        BoundFilter filter,
        Func<Expression<Func<ResourceRow, bool>>, Expression<Func<ResourceRow, bool>>, Expression<Func<ResourceRow, bool>>> join,
        Func<BoundFilter, BoundFilter, BoundFilter> joinBound)
        where TOperator : BoundFilter
    {
        var operands = Flatten<TOperator>(filter).ToLookup(IsDocumentOnly);
        var predicates = operands[false].Select(Translate).ToList();
        if (operands[true].Any())
        {
            predicates.Add(Matches(operands[true].Aggregate(joinBound)));
        }

        return Predicates.Balanced(predicates, join);
    }

    private static IEnumerable<BoundFilter> Flatten<TOperator>(BoundFilter filter)
        where TOperator : BoundFilter
    {
        var open = new Stack<BoundFilter>([filter]);
        while (open.TryPop(out var next))
        {
            if (next is TOperator and BoundFilter.And and)
            {
                open.Push(and.Right);
                open.Push(and.Left);
            }
            else if (next is TOperator and BoundFilter.Or or)
            {
                open.Push(or.Right);
                open.Push(or.Left);
            }
            else
            {
                yield return next;
            }
        }
    }

    private Expression<Func<ResourceRow, bool>> Matches(BoundFilter filter)
    {
        var argument = context.DocumentArgument(type, filter);
        return row => ScimFunctions.Matches(row.Search, argument);
    }

    private bool IsDocumentOnly(BoundFilter filter) => filter switch
    {
        BoundFilter.And and => IsDocumentOnly(and.Left) && IsDocumentOnly(and.Right),
        BoundFilter.Or or => (IsDocumentOnly(or.Left) && IsDocumentOnly(or.Right)) || (IsKnownToDocument(or) && LooksAtDocument(or)),
        BoundFilter.Not not => IsDocumentOnly(not.Inner),
        BoundFilter.Comparison comparison => IsInDocument(comparison.Path),
        BoundFilter.Present present => IsInDocument(present.Path),
        BoundFilter.Elements elements => IsInDocument(elements.Path) && !FollowedReference.Computes(type, elements),
        _ => true,
    };

    /// <summary>
    /// Alternatives of which one is in the document alone are asked of the document together, where it has them all: its one index
    /// serves them better than two indexes joined.
    /// </summary>
    private bool IsKnownToDocument(BoundFilter filter) => filter switch
    {
        BoundFilter.And and => IsKnownToDocument(and.Left) && IsKnownToDocument(and.Right),
        BoundFilter.Or or => IsKnownToDocument(or.Left) && IsKnownToDocument(or.Right),
        BoundFilter.Not not => IsKnownToDocument(not.Inner),
        BoundFilter.Comparison comparison => IsInDocument(comparison.Path) || columns.CopiesDocument(comparison.Path),
        BoundFilter.Present present => IsInDocument(present.Path) || columns.CopiesDocument(present.Path),
        _ => IsDocumentOnly(filter),
    };

    private bool LooksAtDocument(BoundFilter filter) => filter switch
    {
        BoundFilter.And and => LooksAtDocument(and.Left) || LooksAtDocument(and.Right),
        BoundFilter.Or or => LooksAtDocument(or.Left) || LooksAtDocument(or.Right),
        BoundFilter.Not not => LooksAtDocument(not.Inner),
        _ => IsDocumentOnly(filter),
    };

    private bool IsInDocument(BoundPath path) => path.Attribute.Relation == Schemas.Relation.None && !columns.Holds(path) && !FollowedReference.Computes(type, path);

    private RelationPredicates? Relation(BoundPath path) =>
        path.Attribute.Relation == Schemas.Relation.None ? null : new RelationPredicates(context, path.Attribute);

    private ReferencePredicates? Reference(BoundPath path) => FollowedReference.Computes(type, path) ? new ReferencePredicates(context, path) : null;

    /// <summary><c>meta[…]</c>, <c>manager[…]</c>: of one object that is there the filter in brackets is one on <c>meta.…</c>.</summary>
    private static BoundFilter.And OfResource(BoundFilter.Elements elements) => new(new BoundFilter.Present(elements.Path), Rebase(elements.Inner, elements.Path));

    private static BoundFilter Rebase(BoundFilter inner, BoundPath owner) => inner switch
    {
        BoundFilter.And and => new BoundFilter.And(Rebase(and.Left, owner), Rebase(and.Right, owner)),
        BoundFilter.Or or => new BoundFilter.Or(Rebase(or.Left, owner), Rebase(or.Right, owner)),
        BoundFilter.Not not => new BoundFilter.Not(Rebase(not.Inner, owner)),
        BoundFilter.Comparison comparison => comparison with { Path = owner with { SubAttribute = comparison.Path.Attribute } },
        BoundFilter.Present present => new BoundFilter.Present(owner with { SubAttribute = present.Path.Attribute }),
        _ => throw new InvalidOperationException(),
    };
}
