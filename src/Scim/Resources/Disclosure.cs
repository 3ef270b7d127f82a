using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Scim.Schemas;

namespace Scim.Resources;

/// <summary>
/// Writes values for readers other than the client that sent them: what is <c>returned: never</c> (RFC 7643 §7) is left out,
/// however deep it is and whether or not the document holds it.
/// </summary>
public static class Disclosure
{
    /// <summary>The document with its <c>schemas</c>.</summary>
    public static void Write(Utf8JsonWriter writer, ResourceDocument document)
    {
        writer.WriteStartObject();
        document.WriteSchemas(writer);
        foreach (var (name, value) in document.Root)
        {
            if (document.Type.FindCore(name) is { } attribute)
            {
                WriteAttribute(writer, attribute, value!);
            }
            else if (document.Type.FindExtension(name) is { } extension)
            {
                writer.WriteStartObject(name);
                WriteMembers(writer, extension.Attributes, value!.AsObject());
                writer.WriteEndObject();
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>One value of an attribute that may be told.</summary>
    public static void Write(Utf8JsonWriter writer, SchemaAttribute attribute, JsonNode value)
    {
        switch (value)
        {
            case JsonArray array:
                writer.WriteStartArray();
                foreach (var item in array)
                {
                    Write(writer, attribute, item!);
                }

                writer.WriteEndArray();
                break;
            case JsonObject complex:
                writer.WriteStartObject();
                WriteMembers(writer, attribute.SubAttributes, complex);
                writer.WriteEndObject();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static void WriteMembers(Utf8JsonWriter writer, ImmutableArray<SchemaAttribute> attributes, JsonObject owner)
    {
        foreach (var (name, value) in owner)
        {
            if (SchemaAttribute.Find(attributes, name) is { } attribute)
            {
                WriteAttribute(writer, attribute, value!);
            }
        }
    }

    private static void WriteAttribute(Utf8JsonWriter writer, SchemaAttribute attribute, JsonNode value)
    {
        if (attribute.Returned != Returned.Never)
        {
            writer.WritePropertyName(attribute.Name);
            Write(writer, attribute, value);
        }
    }
}
