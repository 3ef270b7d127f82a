using System.Text.Json;
using Scim.EntityFrameworkCore.Changes;
using Scim.Resources;

namespace ScimServer.Events;

/// <summary>
/// Writes a page of events: <c>{"cursor":"…","hasMore":false,"events":[…]}</c>. The cursor comes first, so that a reader in a hurry can ask for the next
/// page while it works on this one.
/// </summary>
internal static class EventPage
{
    /// <summary>What is made before it is sent: sending each event by itself would cost more than making it.</summary>
    public const int SentAtOnce = 32 * 1024;

    public static async Task WriteAsync(HttpResponse response, FeedPage page, CancellationToken cancellationToken)
    {
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        await using var writer = new Utf8JsonWriter(response.BodyWriter, JsonText.WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("cursor"u8, page.Cursor);
        writer.WriteBoolean("hasMore"u8, page.HasMore);
        writer.WriteStartArray("events"u8);
        foreach (var change in page.Changes)
        {
            EventWriter.Write(writer, change);
            if (writer.BytesPending >= SentAtOnce)
            {
                await writer.FlushAsync(cancellationToken);
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        await writer.FlushAsync(cancellationToken);
    }
}
