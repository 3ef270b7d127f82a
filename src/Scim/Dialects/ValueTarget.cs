using Scim.Paths;
using Scim.Schemas;

namespace Scim.Dialects;

/// <summary>What the value under a path is for. The filter of a value path does not matter here: it is skipped.</summary>
/// <param name="Schema">A whole schema, whose value is an object of attributes; else null.</param>
/// <param name="Attribute">The attribute or sub-attribute; null for a whole schema.</param>
/// <param name="Many">True where an array belongs.</param>
internal readonly record struct ValueTarget(Schema? Schema, SchemaAttribute? Attribute, bool Many)
{
    /// <summary>The same for a key of an object whose keys are paths: mostly it is the plain name of an attribute.</summary>
    /// <param name="type">The type of the resource.</param>
    /// <param name="extension">The extension whose data the object is; null for the resource itself.</param>
    /// <param name="key">The key.</param>
    public static ValueTarget? ResolveKey(ResourceType type, Schema? extension, string key) =>
        (extension is null ? type.FindCore(key) : extension.Find(key)) is { } attribute
            ? new ValueTarget(null, attribute, attribute.MultiValued)
            : Resolve(type, extension is null ? key : $"{extension.Id}:{key}");

    /// <summary>Null when the path is malformed or names nothing that the type has: then it is for others to refuse.</summary>
    public static ValueTarget? Resolve(ResourceType type, string path)
    {
        var bracket = path.IndexOf('[', StringComparison.Ordinal);
        if (bracket >= 0)
        {
            return ResolveElement(type, path[..bracket], path[(path.LastIndexOf(']') + 1)..]);
        }

        return PathResolver.Resolve(type, path) switch
        {
            null => null,
            { Target: { } target } => new ValueTarget(null, target, target.MultiValued),
            { Extension: { } extension } => new ValueTarget(extension, null, false),
            _ => new ValueTarget(type.Schema, null, false),
        };
    }

    private static ValueTarget? ResolveElement(ResourceType type, string path, string rest)
    {
        if (PathResolver.Resolve(type, path) is not { Attribute: { } attribute, SubAttribute: null })
        {
            return null;
        }

        if (rest.Length == 0)
        {
            return new ValueTarget(null, attribute, false);
        }

        return rest[0] == '.' && attribute.FindSubAttribute(rest[1..]) is { } sub ? new ValueTarget(null, sub, sub.MultiValued) : null;
    }
}
