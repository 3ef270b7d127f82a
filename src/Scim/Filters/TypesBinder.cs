using Scim.Errors;
using Scim.Paths;
using Scim.Schemas;

namespace Scim.Filters;

/// <summary>
/// Binds a filter to several resource types (RFC 7644 §3.4.2.1). What a type does not have is taken as an attribute without a
/// value: such a term is true or false for every resource of the type, and is folded away before the rest is bound.
/// </summary>
internal sealed class TypesBinder
{
    private readonly ResourceType type;
    private readonly HashSet<string> missing = new(StringComparer.OrdinalIgnoreCase);

    private TypesBinder(ResourceType type) => this.type = type;

    /// <summary>The filter for each type of which resources can match.</summary>
    /// <exception cref="ScimException">400 invalidFilter, also for an attribute that none of the types has.</exception>
    public static IReadOnlyList<TypeFilter> Bind(Filter filter, IReadOnlyList<ResourceType> types)
    {
        var found = new List<TypeFilter>();
        HashSet<string>? missingEverywhere = null;
        foreach (var type in types)
        {
            var binder = new TypesBinder(type);
            var folded = binder.Fold(filter, path => PathResolver.Resolve(type, path) is not null, "");
            if (folded.Constant != false)
            {
                found.Add(new TypeFilter(type, folded.Filter?.Bind(type)));
            }

            missingEverywhere ??= [.. binder.missing];
            missingEverywhere.IntersectWith(binder.missing);
        }

        return missingEverywhere is { Count: > 0 }
            ? throw ScimErrors.InvalidFilter($"No resource type has an attribute \"{ScimErrors.Shorten(missingEverywhere.First())}\".")
            : found;
    }

    private Folded Fold(Filter filter, Func<string, bool> isKnown, string owner) => filter switch
    {
        Filter.And and => And(Fold(and.Left, isKnown, owner), Fold(and.Right, isKnown, owner)),
        Filter.Or or => Or(Fold(or.Left, isKnown, owner), Fold(or.Right, isKnown, owner)),
        Filter.Not not => Not(Fold(not.Inner, isKnown, owner)),
        Filter.Present present => IsKnown(present.Path, isKnown, owner) ? new Folded(filter) : new Folded(false),
        Filter.Comparison comparison => IsKnown(comparison.Path, isKnown, owner) ? new Folded(filter) : new Folded(IsMetByAbsence(comparison)),
        Filter.ValuePath valuePath => FoldValuePath(valuePath, isKnown, owner),
        _ => throw new InvalidOperationException(),
    };

    private Folded FoldValuePath(Filter.ValuePath valuePath, Func<string, bool> isKnown, string owner)
    {
        if (!IsKnown(valuePath.Path, isKnown, owner))
        {
            // Then its sub-attributes are missing as well.
            Fold(valuePath.Inner, _ => false, $"{valuePath.Path}.");
            return new Folded(false);
        }

        if (PathResolver.Resolve(type, valuePath.Path) is not { SubAttribute: null, Attribute: { Type: AttributeType.Complex } attribute })
        {
            return new Folded(valuePath);
        }

        bool HasSub(string name) => attribute.FindSubAttribute(name) is not null;
        var inner = Fold(valuePath.Inner, HasSub, $"{valuePath.Path}.");
        if (valuePath.Rest is not null)
        {
            inner = And(inner, Fold(valuePath.Rest, HasSub, $"{valuePath.Path}."));
        }

        return inner.Constant switch
        {
            false => new Folded(false),
            true => new Folded(new Filter.Present(valuePath.Path)),
            null => new Folded(new Filter.ValuePath(valuePath.Path, inner.Filter!)),
        };
    }

    private bool IsKnown(string path, Func<string, bool> isKnown, string owner)
    {
        if (isKnown(path))
        {
            return true;
        }

        missing.Add(owner + path);
        return false;
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
