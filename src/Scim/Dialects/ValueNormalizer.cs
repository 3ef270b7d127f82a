using System.Text.Json.Nodes;
using Scim.Json;
using Scim.Schemas;

namespace Scim.Dialects;

/// <summary>Finds every value of a request with the attribute that it is for, and lets the rules rewrite it.</summary>
internal sealed class ValueNormalizer(ValueRule[] rules)
{
    /// <summary>Its elements are left to whoever reads them: neither a number nor an array stands for a URN.</summary>
    private const string Schemas = "schemas";

    /// <summary>Rewrites the value of a PATCH operation.</summary>
    public void NormalizeOperation(ResourceType type, JsonObject operation, ICollection<string> applied)
    {
        if (operation["value"] is not { } value)
        {
            return;
        }

        if (operation["path"] is null)
        {
            NormalizeSchema(type, schema: null, value, applied);
        }
        else if (JsonText.AsString(operation["path"]) is { } path && ValueTarget.Resolve(type, path) is { } target)
        {
            if (target.Schema is { } schema)
            {
                NormalizeSchema(type, schema, value, applied);
            }
            else
            {
                Replace(operation, "value", value, Normalize(target.Attribute!, target.Many, value, applied));
            }
        }
    }

    /// <summary>Rewrites the values of a resource or a path-less PATCH, whose keys are paths, or of an extension's data when that is the owner.</summary>
    public void NormalizeMembers(ResourceType type, Schema? owner, JsonObject data, ICollection<string> applied)
    {
        foreach (var (key, value) in data.ToArray())
        {
            if (value is null || ValueTarget.ResolveKey(type, owner, key) is not { } target)
            {
                continue;
            }

            if (target.Schema is { } schema)
            {
                NormalizeSchema(type, schema, value, applied);
            }
            else
            {
                Replace(data, key, value, Normalize(target.Attribute!, target.Many, value, applied));
            }
        }
    }

    private void NormalizeSchema(ResourceType type, Schema? schema, JsonNode value, ICollection<string> applied)
    {
        if (value is JsonObject data)
        {
            NormalizeMembers(type, schema == type.Schema ? null : schema, data, applied);
        }
    }

    private JsonNode? Normalize(SchemaAttribute attribute, bool many, JsonNode? value, ICollection<string> applied)
    {
        if (attribute.Mutability == Mutability.ReadOnly)
        {
            return value;
        }

        foreach (var rule in rules)
        {
            if (rule.TryRewrite(attribute, many, ref value) && !applied.Contains(rule.Name))
            {
                applied.Add(rule.Name);
            }
        }

        if (many && value is JsonArray elements && attribute.Name != Schemas)
        {
            NormalizeElements(attribute, elements, applied);
        }
        else if (!many && value is JsonObject complex)
        {
            NormalizeSubAttributes(attribute, complex, applied);
        }

        return value;
    }

    private void NormalizeElements(SchemaAttribute attribute, JsonArray elements, ICollection<string> applied)
    {
        for (var i = 0; i < elements.Count; i++)
        {
            var element = elements[i];
            var normal = Normalize(attribute, many: false, element, applied);
            if (!ReferenceEquals(normal, element))
            {
                elements[i] = normal;
            }
        }
    }

    private void NormalizeSubAttributes(SchemaAttribute attribute, JsonObject complex, ICollection<string> applied)
    {
        List<KeyValuePair<string, JsonNode?>>? changed = null;
        foreach (var (name, value) in complex)
        {
            if (value is not null && attribute.FindSubAttribute(name) is { } sub)
            {
                var normal = Normalize(sub, sub.MultiValued, value, applied);
                if (!ReferenceEquals(normal, value))
                {
                    (changed ??= []).Add(new(name, normal));
                }
            }
        }

        foreach (var (name, value) in changed ?? [])
        {
            complex[name] = value;
        }
    }

    private static void Replace(JsonObject owner, string name, JsonNode? before, JsonNode? after)
    {
        if (!ReferenceEquals(before, after))
        {
            owner[name] = after;
        }
    }
}
