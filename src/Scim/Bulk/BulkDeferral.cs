using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Patching;
using Scim.Paths;
using Scim.Schemas;

namespace Scim.Bulk;

/// <summary>
/// Takes the references of a circle out of a resource that is to be created, and gives the PATCH that adds them once the
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
        TakeFrom(type, data, prefix: "", names, operations);
        return operations.Count == 0 ? null : new JsonObject { ["schemas"] = new JsonArray(PatchRequest.SchemaUrn), ["Operations"] = operations };
    }

    private static void TakeFrom(ResourceType type, JsonObject owner, string prefix, IReadOnlySet<string> names, JsonArray operations)
    {
        foreach (var (name, value) in owner.ToArray())
        {
            if (!Refers(value, names))
            {
                continue;
            }

            if (prefix.Length == 0 && value is JsonObject extension && type.FindExtension(name) is not null)
            {
                TakeFrom(type, extension, name + ":", names, operations);
                continue;
            }

            var taken = TakeValue(owner, name, value!, names);
            if (PathResolver.Resolve(type, prefix + name)?.Attribute is { Mutability: not Mutability.ReadOnly } attribute)
            {
                RequireOptional(attribute);
                operations.Add((JsonNode)new JsonObject { ["op"] = "add", ["path"] = prefix + name, ["value"] = taken });
            }
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
