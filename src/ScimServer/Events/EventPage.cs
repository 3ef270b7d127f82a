using System.Text.Json;
using Scim.EntityFrameworkCore.Changes;
using Scim.Json;

namespace ScimServer.Events;

/// <summary>
/// Writes a page of events: <c>{"cursor":"…","hasMore":false,"events":[…]}</c>. The cursor comes first, so that a reader in a hurry can ask for the next
/// page while this one is on its way.
/// </summary>
internal static class EventPage
{
    public static async Task WriteAsync(HttpResponse response, LongPage page, CancellationToken cancellationToken)
    {
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        await using var writer = new Utf8JsonWriter(response.BodyWriter, JsonText.WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("cursor"u8, page.Cursor);
        writer.WriteBoolean("hasMore"u8, page.HasMore);
        writer.WriteStartArray("events"u8);
        foreach (var change in page.Begin)
        {
            EventWriter.Write(writer, change);
        }

        if (page.Rest is { } rest)
        {
            do
            {
                await SendAsync(writer, response, cancellationToken);
            }
            while (await rest.ReadAsync((in EventFields fields) => EventWriter.Write(writer, fields), cancellationToken));
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        await SendAsync(writer, response, cancellationToken);
    }

    /// <summary>The writer by itself hands on what it wrote, and does not send it.</summary>
    private static async Task SendAsync(Utf8JsonWriter writer, HttpResponse response, CancellationToken cancellationToken)
    {
        await writer.FlushAsync(cancellationToken);
        await response.BodyWriter.FlushAsync(cancellationToken);
    }
}
