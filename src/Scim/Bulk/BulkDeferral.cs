using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Patching;
using Scim.Paths;
using Scim.Schemas;

namespace Scim.Bulk;

/// <summary>
/// Takes references out of a resource that is to be created before what they refer to, and gives the PATCH that adds them once the
/// other resources exist (RFC 7644 §3.7.1).
/// </summary>
public static class BulkDeferral
{
    /// <summary>
    /// Removes from <paramref name="data"/> what refers to one of the names: of an attribute with several values the values
    /// that do, else the attribute. What the server would ignore is removed for good.
    /// </summary>
    /// <returns>The body of a PATCH; null when nothing is left to add.</returns>
    /// <exception cref="ScimException">409 when the resource cannot be created without the reference.</exception>
    public static JsonObject? Take(ResourceType type, JsonObject data, IReadOnlySet<string> names)
    {
        var operations = new JsonArray();
        foreach (var (owner, name, path, attribute) in Referring(type, data, prefix: "", names).ToArray())
        {
            var taken = TakeValue(owner, name, owner[name]!, names);
            if (attribute is not null)
            {
                RequireOptional(attribute);
                operations.Add((JsonNode)new JsonObject { ["op"] = "add", ["path"] = path, ["value"] = taken });
            }
        }

        return operations.Count == 0 ? null : new JsonObject { ["schemas"] = new JsonArray(PatchRequest.SchemaUrn), ["Operations"] = operations };
    }

    /// <summary>Whether the resource can be created without what refers to one of the names.</summary>
    public static bool IsPossible(ResourceType type, JsonObject data, IReadOnlySet<string> names) =>
        Referring(type, data, prefix: "", names).All(reference => reference.Attribute is not { Required: true });

    /// <summary>The members that refer to one of the names, with the attribute that each is; null where the server would ignore it.</summary>
    private static IEnumerable<(JsonObject Owner, string Name, string Path, SchemaAttribute? Attribute)> Referring(
        ResourceType type, JsonObject owner, string prefix, IReadOnlySet<string> names)
    {
        foreach (var (name, value) in owner)
        {
            if (!Refers(value, names))
            {
                continue;
            }

            if (prefix.Length == 0 && value is JsonObject extension && type.FindExtension(name) is not null)
            {
                foreach (var reference in Referring(type, extension, name + ":", names))
                {
                    yield return reference;
                }

                continue;
            }

            yield return (owner, name, prefix + name, PathResolver.Resolve(type, prefix + name)?.Attribute is { Mutability: not Mutability.ReadOnly } attribute ? attribute : null);
        }
    }

    private static JsonNode TakeValue(JsonObject owner, string name, JsonNode value, IReadOnlySet<string> names)
    {
        if (value is not JsonArray array)
        {
            owner.Remove(name);
            return value;
        }

        var elements = array.ToLookup(element => Refers(element, names));
        array.Clear();
        foreach (var kept in elements[false])
        {
            array.Add(kept);
        }

        return new JsonArray([.. elements[true]]);
    }

    private static bool Refers(JsonNode? value, IReadOnlySet<string> names) => BulkReferences.In(value).Any(names.Contains);

    private static void RequireOptional(SchemaAttribute attribute)
    {
        if (attribute.Required)
        {
            throw ScimErrors.Conflict($"{attribute} is required and refers in a circle to a resource that does not exist yet (RFC 7644, 3.7.1). Nothing was created.");
        }
    }
}
