using Scim.Errors;
using Scim.Paths;
using Scim.Schemas;

namespace Scim.Filters;

/// <summary>
/// Binds a filter to several resource types (RFC 7644 §3.4.2.1). What a type does not have is taken as an attribute without a
/// value: such a term is true or false for every resource of the type, and is folded away before the rest is bound. So is one that no type has.
/// </summary>
internal sealed class TypesBinder
{
    private readonly ResourceType type;

    private TypesBinder(ResourceType type) => this.type = type;

    /// <summary>The filter for each type of which resources can match.</summary>
    /// <exception cref="ScimException">400 invalidFilter.</exception>
    public static IReadOnlyList<TypeFilter> Bind(Filter filter, IReadOnlyList<ResourceType> types)
    {
        var found = new List<TypeFilter>();
        foreach (var type in types)
        {
            var folded = new TypesBinder(type).Fold(filter, path => PathResolver.Resolve(type, path) is not null);
            if (folded.Constant != false)
            {
                found.Add(new TypeFilter(type, folded.Filter?.Bind(type)));
            }
        }

        return found;
    }

    private Folded Fold(Filter filter, Func<string, bool> isKnown) => filter switch
    {
        Filter.And and => And(Fold(and.Left, isKnown), Fold(and.Right, isKnown)),
        Filter.Or or => Or(Fold(or.Left, isKnown), Fold(or.Right, isKnown)),
        Filter.Not not => Not(Fold(not.Inner, isKnown)),
        Filter.Present present => isKnown(present.Path) ? new Folded(filter) : new Folded(false),
        Filter.Comparison comparison => isKnown(comparison.Path) ? new Folded(filter) : new Folded(IsMetByAbsence(comparison)),
        Filter.ValuePath valuePath => FoldValuePath(valuePath, isKnown),
        _ => throw new InvalidOperationException(),
    };

    private Folded FoldValuePath(Filter.ValuePath valuePath, Func<string, bool> isKnown)
    {
        if (!isKnown(valuePath.Path))
        {
            return new Folded(false);
        }

        if (PathResolver.Resolve(type, valuePath.Path) is not { SubAttribute: null, Attribute: { Type: AttributeType.Complex } attribute })
        {
            return new Folded(valuePath);
        }

        bool HasSub(string name) => attribute.FindSubAttribute(name) is not null;
        var inner = Fold(valuePath.Inner, HasSub);
        if (valuePath.Rest is not null)
        {
            inner = And(inner, Fold(valuePath.Rest, HasSub));
        }

        return inner.Constant switch
        {
            false => new Folded(false),
            true => new Folded(new Filter.Present(valuePath.Path)),
            null => new Folded(new Filter.ValuePath(valuePath.Path, inner.Filter!)),
        };
    }

    private static bool IsMetByAbsence(Filter.Comparison comparison) =>
        comparison.Operator == (comparison.Value is FilterLiteral.Null ? FilterOperator.Eq : FilterOperator.Ne);

    private static Folded And(Folded left, Folded right) => (left.Constant, right.Constant) switch
    {
        (false, _) or (_, false) => new Folded(false),
        (true, _) => right,
        (_, true) => left,
        _ => new Folded(new Filter.And(left.Filter!, right.Filter!)),
    };

    private static Folded Or(Folded left, Folded right) => (left.Constant, right.Constant) switch
    {
        (true, _) or (_, true) => new Folded(true),
        (false, _) => right,
        (_, false) => left,
        _ => new Folded(new Filter.Or(left.Filter!, right.Filter!)),
    };

    private static Folded Not(Folded inner) => inner.Constant is { } constant ? new Folded(!constant) : new Folded(new Filter.Not(inner.Filter!));

    /// <summary>A filter, or what it is for every resource of the type.</summary>
    private readonly record struct Folded(bool? Constant, Filter? Filter)
    {
        public Folded(bool constant)
            : this(constant, null)
        {
        }

        public Folded(Filter filter)
            : this(null, filter)
        {
        }
    }
}
