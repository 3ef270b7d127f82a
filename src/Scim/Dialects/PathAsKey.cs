using System.Text.Json.Nodes;
using Scim.Paths;
using Scim.Schemas;

namespace Scim.Dialects;

/// <summary>
/// Paths as keys of a resource: <c>{"name.givenName":"Una","urn:…:enterprise:2.0:User:employeeNumber":"7"}</c>, as Entra ID
/// writes them in a path-less PATCH (ENTRA-21) and mapping tables of connectors write them in POST and PUT. They are
/// nested where they belong; what is already given there stays. In PATCH every key is a path anyway.
/// </summary>
internal sealed class PathAsKey : MessageRule
{
    public override string Name => nameof(PathAsKey);

    public override bool RewriteResource(ResourceType type, JsonObject body)
    {
        var rewritten = false;
        foreach (var key in body.Select(member => member.Key).Where(key => IsPath(type, key)).ToList())
        {
            var value = body[key];
            body.Remove(key);
            Nest(PathResolver.Resolve(type, key)!, body, value);
            rewritten = true;
        }

        return rewritten;
    }

    /// <summary>Only what is written as a path: an unqualified name of an extension's attribute stays an unknown attribute.</summary>
    private static bool IsPath(ResourceType type, string key) =>
        key.AsSpan().ContainsAny('.', ':')
        && type.FindExtension(key) is null
        && PathResolver.Resolve(type, key) is { Attribute: { } attribute } path
        && !(attribute.MultiValued && path.SubAttribute is not null);

    private static void Nest(ResolvedPath path, JsonObject body, JsonNode? value)
    {
        var owner = path.Extension is null ? body : Object(body, path.Extension.Id);
        if (path.SubAttribute is not null)
        {
            owner = owner is null ? null : Object(owner, path.Attribute!.Name);
        }

        if (owner is not null && JsonForm.FindKey(owner, path.Target!.Name) is null)
        {
            owner[path.Target.Name] = value;
        }
    }

    /// <summary>The object under that name, made when there is none; null when something else is there.</summary>
    private static JsonObject? Object(JsonObject owner, string name)
    {
        if (JsonForm.FindKey(owner, name) is { } key && owner[key] is { } existing)
        {
            return existing as JsonObject;
        }

        var added = new JsonObject();
        owner[JsonForm.FindKey(owner, name) ?? name] = added;
        return added;
    }
}
