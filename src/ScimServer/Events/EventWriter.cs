using System.Buffers;
using System.Text;
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
    public static void Write(Utf8JsonWriter writer, ChangeRow change, string? tenant = null) => Write(writer, change, tenant, Write);

    /// <inheritdoc cref="Write(Utf8JsonWriter, ChangeRow, string?)"/>
    public static void Write(Utf8JsonWriter writer, in EventFields change, string? tenant = null)
    {
        Begin(writer, change, tenant);
        WriteIfPresent(writer, "externalId"u8, change.ExternalId);
        WriteIfPresent(writer, "display"u8, change.Display);
        WriteRest(writer, change);
        writer.WriteRawValue(change.Delta, skipInputValidation: true);
        End(writer);
    }

    /// <summary>Without any value of the resource but its ids: who gets it asks SCIM or the feed for the rest.</summary>
    /// <inheritdoc cref="Write(Utf8JsonWriter, ChangeRow, string?)"/>
    public static void WriteThin(Utf8JsonWriter writer, ChangeRow change, string? tenant = null) => Write(writer, change, tenant, WriteThin);

    public static string Id(ChangeRow change) => IdOf(change).ToString();

    private delegate void FieldsWriter(Utf8JsonWriter writer, in EventFields change, string? tenant);

    private static void Write(Utf8JsonWriter writer, ChangeRow change, string? tenant, FieldsWriter write)
    {
        var characters = change.Actor.Length + (change.ExternalId?.Length ?? 0) + (change.Display?.Length ?? 0) + change.Delta.Length;
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(characters));
        var used = 0;
        Range Take(string? text) => used..(used += Encoding.UTF8.GetBytes(text, bytes.AsSpan(used)));
        EventFields fields = new()
        {
            Id = IdOf(change),
            Parts = change.Parts,
            ResourceType = change.ResourceType,
            Kind = change.Kind,
            Version = change.Version,
            At = change.At,
            Actor = bytes.AsSpan(Take(change.Actor)),
            ExternalId = bytes.AsSpan(Take(change.ExternalId)),
            Display = bytes.AsSpan(Take(change.Display)),
            Delta = bytes.AsSpan(Take(change.Delta)),
        };
        write(writer, fields, tenant);
        ArrayPool<byte>.Shared.Return(bytes);
    }

    private static ChangeId IdOf(ChangeRow change) => new(change.Txn, change.ResourceId, change.Part);

    private static void WriteThin(Utf8JsonWriter writer, in EventFields change, string? tenant)
    {
        Begin(writer, change, tenant);
        WriteIfPresent(writer, "externalId"u8, change.ExternalId);
        WriteRest(writer, change);
        var json = new Utf8JsonReader(change.Delta);
        using var delta = JsonDocument.ParseValue(ref json);
        writer.WriteStartObject();
        if (delta.RootElement.TryGetProperty("erased"u8, out _))
        {
            writer.WriteBoolean("erased"u8, true);
        }

        writer.WritePropertyName("attributes"u8);
        delta.RootElement.GetProperty("attributes"u8).WriteTo(writer);
        writer.WriteEndObject();
        End(writer);
    }

    private static void Begin(Utf8JsonWriter writer, in EventFields change, string? tenant)
    {
        Span<byte> ascii = stackalloc byte[ChangeId.MaxLength];
        writer.WriteStartObject();
        writer.WriteString("id"u8, ascii[..change.Id.Format(ascii)]);
        writer.WriteString("type"u8, EventTypes.Of(change.ResourceType, change.Kind));
        Meta.Format(change.At, ascii);
        writer.WriteString("timestamp"u8, ascii[..Meta.TimeLength]);
        writer.WriteStartObject("data"u8);
        if (tenant is not null)
        {
            writer.WriteString("tenant"u8, tenant);
        }

        writer.WriteString("resourceType"u8, change.ResourceType);
        writer.WriteString("id"u8, change.Id.ResourceId);
    }

    private static void End(Utf8JsonWriter writer)
    {
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>What tells of the change itself, up to the name of the member that holds the delta.</summary>
    private static void WriteRest(Utf8JsonWriter writer, in EventFields change)
    {
        writer.WriteNumber("version"u8, change.Version);
        writer.WriteString("txn"u8, RequestReference.Format(change.Id.Txn));
        writer.WriteString("actor"u8, change.Actor);
        if (change.Parts > 1)
        {
            writer.WriteNumber("part"u8, change.Id.Part + 1);
            writer.WriteNumber("parts"u8, change.Parts);
        }

        writer.WritePropertyName("change"u8);
    }

    private static void WriteIfPresent(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        if (text.Length > 0)
        {
            writer.WriteString(name, text);
        }
    }
}
