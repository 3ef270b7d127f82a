using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Scim.Json;
using Scim.Schemas;

namespace Scim.Resources;

/// <summary>
/// The document folded for matching: strings as their caseExact characteristic compares them, dateTimes in UTC at one
/// width. The tenant is a member of it, so that an index over it cuts to the tenant by itself. Data that was stored under a
/// schema which the server no longer has is not in it: no filter can name it.
/// </summary>
public static class SearchDocument
{
    /// <summary>The member that holds the tenant. No attribute's name can begin with a dollar sign but <c>$ref</c>.</summary>
    public const string TenantMember = "$t";

    /// <summary>The folded document as JSON text.</summary>
    public static string Build(ResourceDocument document, int tenantId)
    {
        using var json = JsonBuffer.Rent();
        var writer = json.Writer;
        writer.WriteStartObject();
        writer.WriteString(TenantMember, tenantId.ToString(CultureInfo.InvariantCulture));
        document.WriteSchemas(writer);
        foreach (var (name, value) in document.Root)
        {
            if (document.Type.FindCore(name) is { } attribute)
            {
                writer.WritePropertyName(name);
                WriteFolded(writer, attribute, value!);
            }
            else if (document.Type.FindExtension(name) is { } extension && value is JsonObject data)
            {
                writer.WritePropertyName(name);
                WriteObject(writer, extension.Attributes, data);
            }
        }

        writer.WriteEndObject();
        return json.ToString();
    }

    private static void WriteFolded(Utf8JsonWriter writer, SchemaAttribute attribute, JsonNode value)
    {
        switch (value)
        {
            case JsonArray array:
                writer.WriteStartArray();
                foreach (var item in array)
                {
                    WriteFolded(writer, attribute, item!);
                }

                writer.WriteEndArray();
                break;
            case JsonObject complex:
                WriteObject(writer, attribute.SubAttributes, complex);
                break;
            default:
                WriteValue(writer, attribute, value);
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, ImmutableArray<SchemaAttribute> attributes, JsonObject data)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in data)
        {
            if (SchemaAttribute.Find(attributes, name) is { } attribute)
            {
                writer.WritePropertyName(name);
                WriteFolded(writer, attribute, value!);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, SchemaAttribute attribute, JsonNode value)
    {
        if (JsonText.AsString(value) is not { } text)
        {
            value.WriteTo(writer);
        }
        else if (attribute.Type == AttributeType.DateTime && Folding.TryDateTime(text, out var fixedWidth))
        {
            writer.WriteStringValue(fixedWidth);
        }
        else
        {
            writer.WriteStringValue(Folding.Fold(attribute, text));
        }
    }
}
