using Scim.Paths;
using Scim.Schemas;

namespace Scim.Projections;

/// <summary>Decides for every attribute of a type whether an answer holds it (RFC 7643 §7 <c>returned</c>, RFC 7644 §3.9).</summary>
internal static class ProjectionBuilder
{
    /// <summary>What is returned always or by default.</summary>
    public static Projection Default(ResourceType type) =>
        Build(type, isDefault: true, (attribute, _) => attribute.Returned is Returned.Always or Returned.Default ? Whole(attribute, []) : null);

    /// <summary>
    /// What is returned by default and, of what is returned on request, what the client has just written: "returned in response to
    /// any PUT, POST, or PATCH operations if the attribute was specified by the client" (RFC 7643 §7).
    /// </summary>
    public static Projection Written(ResourceType type, Func<SchemaAttribute, bool> isWritten) => Build(type, isDefault: true, (attribute, _) =>
        attribute.Returned is Returned.Always or Returned.Default || (attribute.Returned == Returned.Request && isWritten(attribute))
            ? [.. attribute.SubAttributes.Where(sub => sub.Returned is Returned.Always or Returned.Default || (sub.Returned == Returned.Request && (isWritten(sub) || isWritten(attribute))))]
            : null);

    /// <summary>What is always returned, and what is named (<c>attributes</c>).</summary>
    public static Projection Only(ResourceType type, IReadOnlyList<ResolvedPath> paths)
    {
        var named = Named(paths);
        return Build(type, isDefault: false, (attribute, schema) => attribute.Returned switch
        {
            Returned.Never => null,
            Returned.Always => Whole(attribute, named),
            _ when named.Contains(attribute) => Whole(attribute, named),
            Returned.Default when IsNamed(paths, schema) => Whole(attribute, named),
            _ => attribute.SubAttributes.Any(sub => IsReturnable(sub) && named.Contains(sub))
                ? [.. attribute.SubAttributes.Where(sub => sub.Returned == Returned.Always || (IsReturnable(sub) && named.Contains(sub)))]
                : null,
        });
    }

    /// <summary>What is returned by default without what is named (<c>excludedAttributes</c>); that has no effect on "always".</summary>
    public static Projection Except(ResourceType type, IReadOnlyList<ResolvedPath> paths)
    {
        var named = Named(paths);
        return Build(type, isDefault: false, (attribute, schema) => attribute.Returned switch
        {
            Returned.Always => Without(attribute, named),
            Returned.Default when !named.Contains(attribute) && !IsNamed(paths, schema) => Without(attribute, named),
            _ => null,
        });
    }

    /// <param name="type">The resource type.</param>
    /// <param name="isDefault">Whether the client asked for nothing in particular.</param>
    /// <param name="select">From a top-level attribute and its schema (null: common) to the sub-attributes let through; null to leave it out.</param>
    private static Projection Build(ResourceType type, bool isDefault, Func<SchemaAttribute, Schema?, IReadOnlyCollection<SchemaAttribute>?> select)
    {
        var included = new HashSet<SchemaAttribute>();
        foreach (var (attribute, schema) in Attributes(type))
        {
            if (select(attribute, schema) is { } subAttributes && (subAttributes.Count > 0 || attribute.SubAttributes.Length == 0))
            {
                included.Add(attribute);
                included.UnionWith(subAttributes);
            }
        }

        return new Projection(type, isDefault, included);
    }

    private static IEnumerable<(SchemaAttribute Attribute, Schema? Schema)> Attributes(ResourceType type)
    {
        foreach (var attribute in type.CommonAttributes)
        {
            yield return (attribute, null);
        }

        foreach (var schema in type.Schemas)
        {
            foreach (var attribute in schema.Attributes)
            {
                yield return (attribute, schema);
            }
        }
    }

    private static HashSet<SchemaAttribute> Named(IReadOnlyList<ResolvedPath> paths) =>
        [.. paths.Select(path => path.Target).OfType<SchemaAttribute>()];

    /// <summary>Whether a path stands for the whole schema; common attributes are of no schema (RFC 7643 §3.1).</summary>
    private static bool IsNamed(IReadOnlyList<ResolvedPath> paths, Schema? schema) =>
        schema is not null && paths.Any(path => path.Attribute is null && (path.Extension ?? path.ResourceType.Schema) == schema);

    private static bool IsReturnable(SchemaAttribute attribute) => attribute.Returned != Returned.Never;

    /// <summary>All sub-attributes but those that are returned on request only and not named.</summary>
    private static SchemaAttribute[] Whole(SchemaAttribute attribute, HashSet<SchemaAttribute> named) =>
        [.. attribute.SubAttributes.Where(sub => sub.Returned is Returned.Always or Returned.Default || (IsReturnable(sub) && named.Contains(sub)))];

    private static SchemaAttribute[] Without(SchemaAttribute attribute, HashSet<SchemaAttribute> named) =>
        [.. attribute.SubAttributes.Where(sub => sub.Returned == Returned.Always || (sub.Returned == Returned.Default && !named.Contains(sub)))];
}
