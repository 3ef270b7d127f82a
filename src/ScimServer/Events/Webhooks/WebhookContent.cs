using System.Text;
using System.Text.Json;
using Scim.EntityFrameworkCore.Rows;
using Scim.Json;
using Scim.Resources;

namespace ScimServer.Events.Webhooks;

/// <summary>
/// The body of a webhook. It is made of a row that only an erasure updates, so every attempt sends the same bytes (EVT-84).
/// </summary>
/// <param name="Bytes">What is sent.</param>
/// <param name="Text">The same as text: the library signs text.</param>
internal sealed record WebhookContent(byte[] Bytes, string Text)
{
    /// <summary>A change: as the feed tells it, or thin, with what changed but no values (EVT-86).</summary>
    public static WebhookContent Of(ChangeRow change, bool isFull, string? tenant) => Write(writer =>
    {
        if (isFull)
        {
            EventWriter.Write(writer, change, tenant);
        }
        else
        {
            EventWriter.WriteThin(writer, change, tenant);
        }
    });

    /// <summary>An operational event.</summary>
    public static WebhookContent Of(OperationalEventRow row) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, Id(row));
        writer.WriteString("type"u8, row.Type);
        writer.WriteString("timestamp"u8, Meta.Format(row.At));
        writer.WritePropertyName("data"u8);
        writer.WriteRawValue(row.Data, skipInputValidation: true);
        writer.WriteEndObject();
    });

    /// <summary>The id of an operational event.</summary>
    public static string Id(OperationalEventRow row) => $"evt_{row.Id:N}";

    private static WebhookContent Write(Action<Utf8JsonWriter> write)
    {
        using var json = JsonBuffer.Rent();
        write(json.Writer);
        var bytes = json.ToArray();
        return new WebhookContent(bytes, Encoding.UTF8.GetString(bytes));
    }
}
