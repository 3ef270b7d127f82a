using Scim.Errors;
using Scim.Paths;
using Scim.Schemas;

namespace Scim.Filters;

/// <summary>Finds the attributes that a filter names and checks each term against the attribute's characteristics.</summary>
internal sealed class FilterBinder
{
    private const string ValueSuffix = ".value";

    private readonly Func<string, BoundTarget> resolve;

    private FilterBinder(Func<string, BoundTarget> resolve) => this.resolve = resolve;

    public static BoundFilter Bind(Filter filter, ResourceType type) =>
        new FilterBinder(path => ResolveInType(type, path)).Bind(filter);

    public static BoundFilter Bind(Filter filter, SchemaAttribute elements) =>
        new FilterBinder(path => ResolveInElement(elements, path)).Bind(filter);

    private BoundFilter Bind(Filter filter) => filter switch
    {
        Filter.And and => new BoundFilter.And(Bind(and.Left), Bind(and.Right)),
        Filter.Or or => new BoundFilter.Or(Bind(or.Left), Bind(or.Right)),
        Filter.Not not => new BoundFilter.Not(Bind(not.Inner)),
        Filter.Present present => BindPresent(resolve(present.Path)),
        Filter.Comparison comparison => BindComparison(comparison),
        Filter.ValuePath valuePath => BindValuePath(valuePath),
        _ => throw new InvalidOperationException(),
    };

    private static BoundFilter BindPresent(BoundTarget target) =>
        target.Path is { } path ? new BoundFilter.Present(path) : new BoundFilter.HasExtension(target.Extension!);

    private BoundFilter BindComparison(Filter.Comparison comparison)
    {
        var target = resolve(comparison.Path);
        if (comparison.Value is FilterLiteral.Null)
        {
            return BindNull(comparison, target);
        }

        var path = target.Path ?? throw ScimErrors.InvalidFilter($"{comparison.Path} is a schema; only \"pr\" can be asked of it.");
        path = WithDefaultSubAttribute(path);
        var value = LiteralBinder.Bind(path, comparison.Operator, comparison.Value);
        return AbsentPrimary.CountsAsFalse(new BoundFilter.Comparison(path, comparison.Operator, value));
    }

    /// <summary>Unassigned and null are the same state (RFC 7643 §2.5), so null asks for absence.</summary>
    private static BoundFilter BindNull(Filter.Comparison comparison, BoundTarget target) => comparison.Operator switch
    {
        FilterOperator.Eq => new BoundFilter.Not(BindPresent(target)),
        FilterOperator.Ne => BindPresent(target),
        _ => throw ScimErrors.InvalidFilter(
            $"The operator \"{comparison.Operator.Word()}\" cannot be used with null ({comparison.Path}); \"eq\" and \"ne\" can."),
    };

    /// <summary>A complex attribute alone means its <c>value</c> (RFC 7644 §3.4.2.2 example <c>emails co "example.com"</c>; ENTRA-40).</summary>
    private static BoundPath WithDefaultSubAttribute(BoundPath path)
    {
        if (path.Target.Type != AttributeType.Complex)
        {
            return path;
        }

        return path.SubAttribute is null && path.Attribute.DefaultSubAttribute is { } value
            ? path with { SubAttribute = value }
            : throw ScimErrors.InvalidFilter($"{path} is a complex attribute: name a sub-attribute{Example(path)}.");
    }

    private static string Example(BoundPath path) =>
        path.Target.SubAttributes is [var first, ..] ? $", for example {path}.{first.Name}" : "";

    private BoundFilter.Elements BindValuePath(Filter.ValuePath valuePath)
    {
        var target = resolve(valuePath.Path);
        if (target.Path is not { SubAttribute: null, IsElement: false, Attribute: var attribute } path || attribute is { Type: not AttributeType.Complex, MultiValued: false })
        {
            throw ScimErrors.InvalidFilter($"{valuePath.Path} has no sub-attributes, so that no filter in brackets can follow it.");
        }

        var inner = new FilterBinder(name => ResolveInElement(attribute, name));
        var bound = inner.Bind(valuePath.Inner);
        return new BoundFilter.Elements(path, valuePath.Rest is null ? bound : new BoundFilter.And(bound, inner.Bind(valuePath.Rest)));
    }

    private static BoundTarget ResolveInType(ResourceType type, string path)
    {
        var resolved = PathResolver.Resolve(type, path) ?? ResolveValues(type, path)
            ?? throw ScimErrors.InvalidFilter($"{type.Name} has no attribute \"{ScimErrors.Shorten(path)}\".");
        if (resolved.Attribute is { } attribute)
        {
            return new BoundTarget(Readable(new BoundPath(resolved.Extension, attribute, resolved.SubAttribute)), null);
        }

        return resolved.Extension is { } extension
            ? new BoundTarget(null, extension)
            : throw ScimErrors.InvalidFilter($"{path} is the schema of every {type.Name}: name an attribute of it.");
    }

    /// <summary><c>tags.value</c>: of values that have no sub-attributes, they themselves (RFC 7643 §2.4).</summary>
    private static ResolvedPath? ResolveValues(ResourceType type, string path) =>
        path.EndsWith(ValueSuffix, StringComparison.OrdinalIgnoreCase)
        && PathResolver.Resolve(type, path[..^ValueSuffix.Length]) is { SubAttribute: null, Attribute: { MultiValued: true, Type: not AttributeType.Complex } } values
            ? values
            : null;

    private static BoundTarget ResolveInElement(SchemaAttribute elements, string name)
    {
        var attribute = elements.FindInElement(name)
            ?? throw ScimErrors.InvalidFilter($"{elements} has no sub-attribute \"{ScimErrors.Shorten(name)}\".");
        return new BoundTarget(Readable(new BoundPath(null, attribute, null) { IsElement = attribute == elements }), null);
    }

    /// <summary>What is never returned must not be found out by asking either.</summary>
    private static BoundPath Readable(BoundPath path) =>
        path.Attribute.Returned == Returned.Never || path.Target.Returned == Returned.Never
            ? throw ScimErrors.InvalidFilter($"{path} is never returned, so that no filter can be answered on it.")
            : path;

    /// <summary>What a path names: an attribute, or a whole extension.</summary>
    private readonly record struct BoundTarget(BoundPath? Path, Schema? Extension);
}
