using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Schemas;

namespace Scim.Resources;

/// <summary>Values of immutable attributes stay what they were once they are set (RFC 7643 §7).</summary>
public static class ImmutableAttributes
{
    /// <summary>
    /// Gives immutable attributes of the document their values from before. What was given must match them (RFC 7644 §3.5.1), in
    /// any order and as caseExact has it compared. A PUT may leave them out: it gives no value that would have to match.
    /// </summary>
    /// <param name="document">What the request made of the resource.</param>
    /// <param name="before">What it was.</param>
    /// <param name="kind">Whether a value that is not there was left out or removed.</param>
    /// <exception cref="ScimException">400 mutability, naming the attribute.</exception>
    public static void Keep(ResourceDocument document, ResourceDocument before, RequestKind kind)
    {
        var type = before.Type;
        Keep(type.Schema.Attributes, document.Root, before.Root, kind, prefix: "");
        foreach (var (schema, _) in type.Extensions)
        {
            if (before.Root[schema.Id] is JsonObject old)
            {
                KeepInside(schema.Attributes, document.Root, schema.Id, old, kind, schema.Id + ":");
            }
        }
    }

    private static void Keep(ImmutableArray<SchemaAttribute> attributes, JsonObject data, JsonObject before, RequestKind kind, string prefix)
    {
        foreach (var attribute in attributes)
        {
            if (before[attribute.Name] is not { } old)
            {
                continue;
            }

            if (attribute.Mutability == Mutability.Immutable)
            {
                Keep(attribute, data, old, kind, prefix);
            }
            else if (old is JsonObject complex)
            {
                KeepInside(attribute.SubAttributes, data, attribute.Name, complex, kind, prefix);
            }
        }
    }

    private static void Keep(SchemaAttribute attribute, JsonObject data, JsonNode before, RequestKind kind, string prefix)
    {
        var now = data[attribute.Name];
        var isLeftOut = now is null && kind == RequestKind.Replace;
        if (!isLeftOut && !ValueComparer.Same(attribute, before, now))
        {
            throw ScimErrors.Mutability($"{prefix}{attribute} is immutable: it cannot be changed once it is set.");
        }

        data[attribute.Name] = before.DeepClone();
    }

    /// <summary>A complex value or an extension of which something is kept cannot be without what is required in it.</summary>
    private static void KeepInside(
        ImmutableArray<SchemaAttribute> attributes, JsonObject owner, string name, JsonObject before, RequestKind kind, string prefix)
    {
        if (owner[name] is JsonObject data)
        {
            Keep(attributes, data, before, kind, prefix);
            return;
        }

        var kept = new JsonObject();
        Keep(attributes, kept, before, kind, prefix);
        if (kept.Count == 0)
        {
            return;
        }

        foreach (var attribute in attributes.Where(attribute => attribute.Required && !kept.ContainsKey(attribute.Name)))
        {
            if (before[attribute.Name] is { } required)
            {
                kept.Add(attribute.Name, required.DeepClone());
            }
        }

        owner[name] = kept;
    }
}
