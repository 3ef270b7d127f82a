using Scim.Schemas;

namespace Scim.Filters;

/// <summary>
/// The attribute that a bound term looks at. Inside a value path the term is relative: <paramref name="Attribute"/> is the
/// sub-attribute of the element, and there is neither extension nor sub-attribute.
/// </summary>
/// <param name="Extension">The extension that holds the attribute, or null.</param>
/// <param name="Attribute">The attribute.</param>
/// <param name="SubAttribute">The sub-attribute, or null.</param>
public sealed record BoundPath(Schema? Extension, SchemaAttribute Attribute, SchemaAttribute? SubAttribute)
{
    /// <summary>
    /// Whether it is, inside a value path, the element itself: one of several values that have no sub-attributes is called <c>value</c>
    /// (<see cref="SchemaAttribute.FindInElement"/>).
    /// </summary>
    public bool IsElement { get; init; }

    /// <summary>The most specific attribute that the path names.</summary>
    public SchemaAttribute Target => SubAttribute ?? Attribute;

    /// <summary>The path in its canonical spelling, for example <c>name.familyName</c>.</summary>
    public override string ToString()
    {
        var names = IsElement ? "value" : SubAttribute is null ? Attribute.Name : $"{Attribute.Name}.{SubAttribute.Name}";
        return Extension is null ? names : $"{Extension.Id}:{names}";
    }
}
