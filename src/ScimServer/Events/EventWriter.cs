using System.Text.Json;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Provisioning;
using Scim.EntityFrameworkCore.Rows;
using Scim.Resources;

namespace ScimServer.Events;

/// <summary>Writes a change as an event: id, type and time (EVT-86), and under <c>data</c> what it is about.</summary>
internal static class EventWriter
{
    /// <param name="writer">Where to.</param>
    /// <param name="change">The change.</param>
    /// <param name="tenant">The name of its tenant, for a reader who gets the events of all; null for one who gets those of one.</param>
    public static void Write(Utf8JsonWriter writer, ChangeRow change, string? tenant = null) => Write(writer, change, tenant, WriteData);

    /// <summary>Without any value of the resource but its ids: who gets it asks SCIM or the feed for the rest.</summary>
    /// <inheritdoc cref="Write(Utf8JsonWriter, ChangeRow, string?)"/>
    public static void WriteThin(Utf8JsonWriter writer, ChangeRow change, string? tenant = null) => Write(writer, change, tenant, WriteThinData);

    private static void Write(Utf8JsonWriter writer, ChangeRow change, string? tenant, Action<Utf8JsonWriter, ChangeRow> writeData)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, Id(change));
        writer.WriteString("type"u8, EventTypes.Of(change));
        writer.WriteString("timestamp"u8, Meta.Format(change.At));
        writer.WriteStartObject("data"u8);
        WriteIfPresent(writer, "tenant", tenant);
        writeData(writer, change);
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
        WriteRest(writer, change);
        writer.WriteRawValue(change.Delta, skipInputValidation: true);
    }

    private static void WriteThinData(Utf8JsonWriter writer, ChangeRow change)
    {
        writer.WriteString("resourceType"u8, change.ResourceType);
        writer.WriteString("id"u8, change.ResourceId);
        WriteIfPresent(writer, "externalId", change.ExternalId);
        WriteRest(writer, change);
        using var delta = JsonDocument.Parse(change.Delta);
        writer.WriteStartObject();
        if (change.IsErased)
        {
            writer.WriteBoolean("erased"u8, true);
        }

        writer.WritePropertyName("attributes"u8);
        delta.RootElement.GetProperty("attributes"u8).WriteTo(writer);
        writer.WriteEndObject();
    }

    /// <summary>What tells of the change itself, up to the name of the member that holds the delta.</summary>
    private static void WriteRest(Utf8JsonWriter writer, ChangeRow change)
    {
        writer.WriteNumber("version"u8, change.Version);
        writer.WriteString("txn"u8, RequestReference.Format(change.Txn));
        writer.WriteString("actor"u8, change.Actor);
        if (change.Parts > 1)
        {
            writer.WriteNumber("part"u8, change.Part + 1);
            writer.WriteNumber("parts"u8, change.Parts);
        }

        writer.WritePropertyName("change"u8);
    }

    private static void WriteIfPresent(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
