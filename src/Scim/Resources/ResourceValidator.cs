using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Json;
using Scim.Schemas;

namespace Scim.Resources;

/// <summary>Checks a canonical document as a whole, after it was read or patched.</summary>
public static class ResourceValidator
{
    /// <summary>
    /// Gives attributes that always have a value theirs (<see cref="SchemaAttribute.InitialValue"/>): the one from before when
    /// the request left it out, else the initial one.
    /// </summary>
    public static void Complete(ResourceDocument document, ResourceDocument? before)
    {
        foreach (var attribute in document.Type.Schema.Attributes)
        {
            if (attribute.InitialValue is { } initial && !document.Root.ContainsKey(attribute.Name))
            {
                document.Root.Add(attribute.Name, before?[attribute]?.DeepClone() ?? JsonValue.Create(initial));
            }
        }
    }

    /// <summary>
    /// Required attributes and extensions are there (RFC 7643 §7), and no multi-valued attribute has two primary values (§2.4).
    /// </summary>
    /// <param name="document">The document.</param>
    /// <param name="before">
    /// What a PATCH began with. What it left as it was is not held against it: a schema may have become stricter since, and a
    /// user must be disabled all the same.
    /// </param>
    /// <exception cref="ScimException">400 invalidValue, naming the attribute.</exception>
    public static void Validate(ResourceDocument document, ResourceDocument? before = null)
    {
        var type = document.Type;
        CheckObject(type.Schema.Attributes, document.Root, before?.Root, prefix: "");
        foreach (var extension in type.Extensions)
        {
            var old = before?.Root[extension.Schema.Id] as JsonObject;
            if (document.Root[extension.Schema.Id] is JsonObject data)
            {
                CheckObject(extension.Schema.Attributes, data, old, extension.Schema.Id + ":");
            }
            else if (extension.Required && (before is null || old is not null))
            {
                throw ScimErrors.InvalidValue($"A {type.Name} must have the extension {extension.Schema.Id}.");
            }
        }
    }

    private static void CheckObject(ImmutableArray<SchemaAttribute> attributes, JsonObject data, JsonObject? before, string prefix)
    {
        foreach (var attribute in attributes)
        {
            var value = data[attribute.Name];
            if (before is not null && JsonNode.DeepEquals(value, before[attribute.Name]))
            {
                continue;
            }

            if (value is null || IsBlank(value))
            {
                CheckMayBeAbsent(attribute, prefix);
                continue;
            }

            CheckPrimary(attribute, value, prefix);
            CheckSubAttributes(attribute, value, prefix);
        }
    }

    /// <summary>"A non-empty value" (RFC 7643 §4.1.1, §4.2): blanks name nobody.</summary>
    private static bool IsBlank(JsonNode value) => JsonText.AsString(value) is { } text && string.IsNullOrWhiteSpace(text);

    private static void CheckMayBeAbsent(SchemaAttribute attribute, string prefix)
    {
        // What the server sets, keeps elsewhere or hides is not in the document.
        var isClients = attribute is { Mutability: not (Mutability.ReadOnly or Mutability.WriteOnly), Relation: Relation.None };
        if (attribute.Required && isClients)
        {
            throw ScimErrors.InvalidValue($"{prefix}{attribute} is required.");
        }
    }

    private static void CheckPrimary(SchemaAttribute attribute, JsonNode value, string prefix)
    {
        if (attribute.PrimarySubAttribute is not { } primary || value is not JsonArray array)
        {
            return;
        }

        var hasPrimary = false;
        foreach (var element in array)
        {
            var isPrimary = element is JsonObject complex && complex[primary.Name] is { } flag && flag.GetValue<bool>();
            if (isPrimary && hasPrimary)
            {
                throw ScimErrors.InvalidValue($"Only one of {prefix}{attribute} may be primary (RFC 7643 §2.4).");
            }

            hasPrimary |= isPrimary;
        }
    }

    private static void CheckSubAttributes(SchemaAttribute attribute, JsonNode value, string prefix)
    {
        if (attribute.SubAttributes.Length == 0)
        {
            return;
        }

        if (value is JsonObject complex)
        {
            CheckObject(attribute.SubAttributes, complex, before: null, prefix);
        }
        else if (value is JsonArray array)
        {
            foreach (var element in array)
            {
                if (element is JsonObject one)
                {
                    CheckObject(attribute.SubAttributes, one, before: null, prefix);
                }
            }
        }
    }
}
