using System.Collections.Immutable;
using System.Text.Json;

namespace Scim.Schemas;

/// <summary>Writes a schema as RFC 7643 §7 has it, every characteristic named, so that no reader needs to know the defaults.</summary>
internal static class SchemaWriter
{
    public static byte[] Write(Schema schema)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WriteTexts(writer, "schemas", [SchemaUrns.Schema]);
            writer.WriteString("id"u8, schema.Id);
            writer.WriteString("name"u8, schema.Name);
            if (schema.Description.Length > 0)
            {
                writer.WriteString("description"u8, schema.Description);
            }

            WriteAttributes(writer, "attributes", schema.Attributes);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteAttributes(Utf8JsonWriter writer, string member, ImmutableArray<SchemaAttribute> attributes)
    {
        writer.WriteStartArray(member);
        foreach (var attribute in attributes)
        {
            WriteAttribute(writer, attribute);
        }

        writer.WriteEndArray();
    }

    private static void WriteAttribute(Utf8JsonWriter writer, SchemaAttribute attribute)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, attribute.Name);
        writer.WriteString("type"u8, DefinitionObject.WordOf(attribute.Type));
        writer.WriteBoolean("multiValued"u8, attribute.MultiValued);
        writer.WriteString("description"u8, attribute.Description);
        writer.WriteBoolean("required"u8, attribute.Required);
        if (attribute.CanonicalValues.Count > 0)
        {
            WriteTexts(writer, "canonicalValues", attribute.CanonicalValues);
        }

        writer.WriteBoolean("caseExact"u8, attribute.CaseExact);
        writer.WriteString("mutability"u8, DefinitionObject.WordOf(attribute.Mutability));
        writer.WriteString("returned"u8, DefinitionObject.WordOf(attribute.Returned));
        writer.WriteString("uniqueness"u8, DefinitionObject.WordOf(attribute.Uniqueness));
        if (attribute.ReferenceTypes.Count > 0)
        {
            WriteTexts(writer, "referenceTypes", attribute.ReferenceTypes);
        }

        if (attribute.SubAttributes.Length > 0)
        {
            WriteAttributes(writer, "subAttributes", attribute.SubAttributes);
        }

        writer.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string member, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(member);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
