using System.Text.Json;
using Scim.EntityFrameworkCore.Rows;
using Scim.Patching;
using Scim.Resources;
using Scim.Schemas;

namespace ScimServer.Events.SecurityEvents;

/// <summary>Writes what stands under each URI of a token (RFC 9967 §2.2, §2.4).</summary>
internal sealed class EventPayloads(SchemaRegistry schemas)
{
    /// <summary>The object <c>events</c>.</summary>
    public void Write(Utf8JsonWriter writer, ChangeRow change, IReadOnlyList<string> events)
    {
        using var json = JsonDocument.Parse(change.Delta);
        var delta = new ChangeDelta(json.RootElement);
        writer.WriteStartObject();
        foreach (var uri in events)
        {
            writer.WriteStartObject(uri);
            switch (uri)
            {
                case SecurityEventUris.CreateFull:
                    WriteVersion(writer, change);
                    WriteDocument(writer, change, delta);
                    break;
                case SecurityEventUris.PatchFull:
                    WriteVersion(writer, change);
                    WritePatch(writer, change, delta);
                    break;
                case SecurityEventUris.CreateNotice:
                    WriteVersion(writer, change);
                    WriteAttributes(writer, delta.Attributes.Prepend("id"));
                    break;
                case SecurityEventUris.PatchNotice or SecurityEventUris.PutNotice:
                    WriteVersion(writer, change);
                    WriteAttributes(writer, events.Contains(SecurityEventUris.PatchFull) ? delta.Untold : delta.Attributes);
                    break;
                default:
                    // delete, activate and deactivate have no payload (§2.4.4 to §2.4.6).
                    break;
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    /// <summary>As the ETag header has it: one spelling everywhere (EVT-17).</summary>
    private static void WriteVersion(Utf8JsonWriter writer, ChangeRow change) => writer.WriteString("version"u8, ETag.Format(change.Version));

    private static void WriteAttributes(Utf8JsonWriter writer, IEnumerable<string> paths)
    {
        writer.WriteStartArray("attributes"u8);
        foreach (var path in paths)
        {
            writer.WriteStringValue(path);
        }

        writer.WriteEndArray();
    }

    /// <summary>The resource with the id that it was given, so that replicas can use the same (§2.4.1).</summary>
    private void WriteDocument(Utf8JsonWriter writer, ChangeRow change, ChangeDelta delta)
    {
        const string Schemas = "schemas";
        writer.WriteStartObject("data"u8);
        var members = delta.Document?.EnumerateObject().ToList() ?? [];
        foreach (var schema in members.Where(member => member.NameEquals(Schemas)))
        {
            schema.WriteTo(writer);
        }

        writer.WriteString("id"u8, change.ResourceId);
        foreach (var member in members.Where(member => !member.NameEquals(Schemas)))
        {
            member.WriteTo(writer);
        }

        if (Type(change).MembersAttribute is { } attribute && delta.Operations.FirstOrDefault(operation => operation.Path == attribute.Name).Value is { } added)
        {
            WriteMembers(writer, attribute.Name, added);
        }

        writer.WriteEndObject();
    }

    private void WritePatch(Utf8JsonWriter writer, ChangeRow change, ChangeDelta delta)
    {
        var members = Type(change).MembersAttribute?.Name;
        writer.WriteStartObject("data"u8);
        writer.WriteStartArray("schemas"u8);
        writer.WriteStringValue(PatchRequest.SchemaUrn);
        writer.WriteEndArray();
        writer.WriteStartArray("Operations"u8);
        foreach (var operation in delta.Operations)
        {
            if (operation.Path == members)
            {
                WriteMembership(writer, operation);
            }
            else
            {
                WriteOperation(writer, operation.Op, operation.Path);
                operation.Value?.WriteTo(Named(writer, "value"));
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>RFC 7644 §3.5.2.2 removes single values by a filter; a value beside a remove is a habit of some clients.</summary>
    private void WriteMembership(Utf8JsonWriter writer, ChangeOperation operation)
    {
        if (operation.Op == "add")
        {
            WriteOperation(writer, operation.Op, operation.Path);
            WriteMembers(writer, "value", operation.Value!.Value);
            writer.WriteEndObject();
            return;
        }

        foreach (var member in operation.Value!.Value.EnumerateArray())
        {
            WriteOperation(writer, operation.Op, $"{operation.Path}[value eq \"{member.GetProperty("value").GetString()}\"]");
            writer.WriteEndObject();
        }
    }

    /// <summary>Members as the schema has them; the externalId that the log adds is no attribute of theirs.</summary>
    private void WriteMembers(Utf8JsonWriter writer, string name, JsonElement members)
    {
        writer.WriteStartArray(name);
        foreach (var member in members.EnumerateArray())
        {
            var (value, type) = (member.GetProperty("value").GetString(), member.GetProperty("type").GetString()!);
            writer.WriteStartObject();
            writer.WriteString("value"u8, value);
            if (schemas.FindResourceType(type) is { } known)
            {
                writer.WriteString("$ref"u8, $"{known.Endpoint}/{value}");
            }

            writer.WriteString("type"u8, type);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteOperation(Utf8JsonWriter writer, string op, string path)
    {
        writer.WriteStartObject();
        writer.WriteString("op"u8, op);
        writer.WriteString("path"u8, path);
    }

    private static Utf8JsonWriter Named(Utf8JsonWriter writer, string name)
    {
        writer.WritePropertyName(name);
        return writer;
    }

    private ResourceType Type(ChangeRow change) => schemas.FindResourceType(change.ResourceType)!;
}
