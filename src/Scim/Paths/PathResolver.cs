using Scim.Schemas;

namespace Scim.Paths;

/// <summary>Finds attribute paths of clients in the schemas of a resource type.</summary>
public static class PathResolver
{
    private static readonly string[] StandardUrns = ["urn:ietf:params:scim:schemas:core:", "urn:ietf:params:scim:schemas:extension:enterprise:"];

    /// <summary>
    /// Resolves <c>userName</c>, <c>name.familyName</c>, <c>urn:…:User:userName</c>, <c>urn:…:User:manager.value</c> or a whole
    /// URN, in any case (RFC 7643 §2.1, RFC 7644 §3.10). A URN contains dots and colons itself, so it is split off as the
    /// longest known schema URN. An unqualified name that core does not have is looked for in the extensions, as Entra ID
    /// sends <c>manager</c> (ENTRA-36, ENTRA-40).
    /// </summary>
    /// <returns>The path, or null when it is malformed or names nothing that the type has.</returns>
    public static ResolvedPath? Resolve(ResourceType type, string path)
    {
        if (SplitUrn(type, path) is not { } split)
        {
            return path.StartsWith("urn:", StringComparison.OrdinalIgnoreCase) ? null : ResolveUnqualified(type, path);
        }

        var (schema, rest) = split;
        var extension = schema == type.Schema ? null : schema;
        if (rest.Length == 0)
        {
            return new ResolvedPath(type, extension, null, null);
        }

        return extension is null
            ? ResolveNames(type, null, type.FindCore, rest)
            : ResolveNames(type, extension, extension.Find, rest);
    }

    /// <summary>True when the path begins with the URN of a schema that this server may well not have.</summary>
    public static bool HasForeignUrn(ResourceType type, string path) =>
        path.StartsWith("urn:", StringComparison.OrdinalIgnoreCase) && SplitUrn(type, path) is null && !IsMisspelt(type, path);

    /// <summary>
    /// True when the path begins with a URN that is none of the type's and can be none of a foreign schema: one of RFC 7643, or one of the type's with
    /// a dot behind it where a colon belongs. What it is meant to say must not be passed over: it may be <c>active</c>.
    /// </summary>
    public static bool IsMisspelt(ResourceType type, string path) =>
        SplitUrn(type, path) is null
        && (StandardUrns.Any(urn => path.StartsWith(urn, StringComparison.OrdinalIgnoreCase))
            || type.Schemas.Any(schema => path.StartsWith(schema.Id + ".", StringComparison.OrdinalIgnoreCase)));

    private static (Schema Schema, string Names)? SplitUrn(ResourceType type, string path)
    {
        Schema? longest = null;
        foreach (var schema in type.Schemas)
        {
            var isPrefix = path.StartsWith(schema.Id, StringComparison.OrdinalIgnoreCase)
                && (path.Length == schema.Id.Length || path[schema.Id.Length] == ':');
            if (isPrefix && schema.Id.Length > (longest?.Id.Length ?? 0))
            {
                longest = schema;
            }
        }

        return longest is null ? null : (longest, path.Length == longest.Id.Length ? "" : NonEmptyRest(path, longest));
    }

    /// <summary>A colon with nothing behind it is malformed; a blank name is one that no schema has.</summary>
    private static string NonEmptyRest(string path, Schema schema)
    {
        var rest = path[(schema.Id.Length + 1)..];
        return rest.Length == 0 ? " " : rest;
    }

    private static ResolvedPath? ResolveUnqualified(ResourceType type, string path)
    {
        if (ResolveNames(type, null, type.FindCore, path) is { } core)
        {
            return core;
        }

        var name = path.Split('.', 2)[0];
        if (type.FindCore(name) is not null)
        {
            return null;
        }

        foreach (var extension in type.Extensions)
        {
            if (ResolveNames(type, extension.Schema, extension.Schema.Find, path) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static ResolvedPath? ResolveNames(ResourceType type, Schema? extension, Func<string, SchemaAttribute?> find, string names)
    {
        var dot = names.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return find(names) is { } alone ? new ResolvedPath(type, extension, alone, null) : null;
        }

        return find(names[..dot]) is { } attribute && attribute.FindSubAttribute(names[(dot + 1)..]) is { } sub
            ? new ResolvedPath(type, extension, attribute, sub)
            : null;
    }
}
