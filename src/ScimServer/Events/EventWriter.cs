using System.Text.Json;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Rows;
using Scim.Resources;

namespace ScimServer.Events;

/// <summary>Writes a change as an event: id, type and time (EVT-86), and under <c>data</c> what it is about.</summary>
internal static class EventWriter
{
    public static void Write(Utf8JsonWriter writer, ChangeRow change)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, Id(change));
        writer.WriteString("type"u8, EventTypes.Of(change));
        writer.WriteString("timestamp"u8, Meta.Format(change.At));
        writer.WriteStartObject("data"u8);
        WriteData(writer, change);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static string Id(ChangeRow change) => new ChangeId(change.Txn, change.ResourceId, change.Part).ToString();

    private static void WriteData(Utf8JsonWriter writer, ChangeRow change)
    {
        writer.WriteString("resourceType"u8, change.ResourceType);
        writer.WriteString("id"u8, change.ResourceId);
        WriteIfPresent(writer, "externalId", change.ExternalId);
        WriteIfPresent(writer, "display", change.Display);
        writer.WriteNumber("version"u8, change.Version);
        writer.WriteString("txn"u8, change.Txn);
        writer.WriteString("actor"u8, change.Actor);
        if (change.Parts > 1)
        {
            writer.WriteNumber("part"u8, change.Part + 1);
            writer.WriteNumber("parts"u8, change.Parts);
        }

        writer.WritePropertyName("change"u8);
        writer.WriteRawValue(change.Delta, skipInputValidation: true);
    }

    private static void WriteIfPresent(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
