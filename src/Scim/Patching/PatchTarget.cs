using Scim.Errors;
using Scim.Filters;
using Scim.Paths;
using Scim.Schemas;

namespace Scim.Patching;

/// <summary>What a path of a PATCH stands for, found in the schemas.</summary>
internal abstract record PatchTarget
{
    private PatchTarget()
    {
    }

    /// <summary>All of the core schema, or all data of an extension (the path is a URN).</summary>
    public sealed record WholeSchema(Schema Schema, bool IsExtension) : PatchTarget;

    /// <summary>An attribute with all its values.</summary>
    public sealed record WholeAttribute(ResolvedPath Path, SchemaAttribute Attribute) : PatchTarget;

    /// <summary>A sub-attribute of a single complex value.</summary>
    public sealed record SubValue(ResolvedPath Path, SchemaAttribute Attribute, SchemaAttribute SubAttribute) : PatchTarget;

    /// <summary>The <c>$ref</c> of a reference to a resource, which is computed: to set it is to set what it names.</summary>
    public sealed record Address(ResolvedPath Path, SchemaAttribute Attribute) : PatchTarget;

    /// <summary>Elements of a multi-valued attribute, or a sub-attribute of each of them.</summary>
    public sealed record Elements(ResolvedPath Path, SchemaAttribute Attribute, ElementSelection Selection, SchemaAttribute? SubAttribute) : PatchTarget;

    /// <summary>
    /// What a client may name without effect: <c>schemas</c>, which the server computes from the data (ENTRA-17), and attributes of an extension that
    /// this server does not have.
    /// </summary>
    public sealed record Nothing : PatchTarget;

    /// <exception cref="ScimException">400 invalidPath, or invalidFilter for the filter between brackets.</exception>
    public static PatchTarget Resolve(ResourceType type, PatchPath path)
    {
        if (PathResolver.HasForeignUrn(type, path.Attribute))
        {
            return new Nothing();
        }

        var resolved = PathResolver.Resolve(type, path.Attribute)
            ?? throw ScimErrors.InvalidPath($"a {type} has no attribute \"{ScimErrors.Shorten(path.Attribute)}\".");
        return path.ValueFilter is { } filter
            ? OfValuePath(resolved, filter, path)
            : OfAttributePath(resolved, path);
    }

    /// <summary>The attribute that the target belongs to; null for a whole schema.</summary>
    public SchemaAttribute? Owner => this switch
    {
        WholeAttribute target => target.Attribute,
        SubValue target => target.Attribute,
        Address target => target.Attribute,
        Elements target => target.Attribute,
        _ => null,
    };

    /// <summary>The sub-attribute that the target stands for, or else the attribute; null for a whole schema.</summary>
    public SchemaAttribute? Named => this switch
    {
        SubValue target => target.SubAttribute,
        Elements { SubAttribute: { } sub } => sub,
        _ => Owner,
    };

    /// <summary>True when only the server sets what the path names.</summary>
    public bool IsReadOnly => this switch
    {
        WholeAttribute target => target.Attribute.Mutability == Mutability.ReadOnly,
        SubValue target => IsReadOnlyPair(target.Attribute, target.SubAttribute),
        Address target => target.Attribute.Mutability == Mutability.ReadOnly,
        Elements target => IsReadOnlyPair(target.Attribute, target.SubAttribute),
        _ => false,
    };

    private static PatchTarget OfAttributePath(ResolvedPath resolved, PatchPath path)
    {
        if (resolved.Attribute is not { } attribute)
        {
            return new WholeSchema(resolved.Extension ?? resolved.ResourceType.Schema, resolved.Extension is not null);
        }

        if (IsComputed(resolved))
        {
            return new Nothing();
        }

        if (path.SubAttribute is not null)
        {
            throw ScimErrors.InvalidPath($"\"{ScimErrors.Shorten(path.ToString())}\" names more than one sub-attribute.");
        }

        return resolved.SubAttribute is not { } sub ? new WholeAttribute(resolved, attribute)
            : attribute.MultiValued ? new Elements(resolved, attribute, ElementSelection.All, sub)
            : sub.Mutability == Mutability.ReadOnly || attribute.Takes(sub) ? new SubValue(resolved, attribute, sub)
            : new Address(resolved, attribute);
    }

    private static PatchTarget OfValuePath(ResolvedPath resolved, Filter filter, PatchPath path)
    {
        if (IsComputed(resolved))
        {
            return new Nothing();
        }

        if (resolved is not { Attribute: { MultiValued: true } attribute, SubAttribute: null })
        {
            throw ScimErrors.InvalidPath($"a filter in brackets needs a multi-valued attribute, which \"{resolved}\" is not.");
        }

        var sub = path.SubAttribute is null ? null
            : attribute.FindSubAttribute(path.SubAttribute)
                ?? throw ScimErrors.InvalidPath($"{attribute} has no sub-attribute \"{ScimErrors.Shorten(path.SubAttribute)}\".");
        return new Elements(resolved, attribute, ElementSelection.Of(attribute, filter), sub);
    }

    /// <summary>Only <c>schemas</c> is a common attribute that clients may write and no document holds.</summary>
    private static bool IsComputed(ResolvedPath path) =>
        path is { IsCommon: true, Attribute: { MultiValued: true, Returned: Returned.Always } };

    private static bool IsReadOnlyPair(SchemaAttribute attribute, SchemaAttribute? sub) =>
        attribute.Mutability == Mutability.ReadOnly || sub?.Mutability == Mutability.ReadOnly;
}
