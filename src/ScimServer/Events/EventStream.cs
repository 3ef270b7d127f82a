using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Rows;
using Scim.Resources;

namespace ScimServer.Events;

/// <summary>
/// Server-Sent Events: each event as it happens, until the client goes, the server stops or the token ends. The id of a message
/// is the cursor behind it, so that a client that connects again with Last-Event-ID goes on where it was.
/// </summary>
internal sealed class EventStream(ChangeFeed feed, int tenantId, EventsOptions options, EventsCredential credential)
{
    /// <summary>How long nothing may be sent: proxies cut off what is silent for a minute.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <summary>What is made before it is sent: sending each event by itself would cost more than making it.</summary>
    private const int SentAtOnce = 32 * 1024;

    /// <summary>A stream whose token may have ended is asked for it so often.</summary>
    private static readonly TimeSpan Check = TimeSpan.FromSeconds(5);

    public async Task RunAsync(HttpContext context, FeedRequest request, CancellationToken ending)
    {
        // The first read is before the answer: a cursor that is no good is a refusal.
        var first = await feed.ReadAsync(tenantId, request with { Limit = 1 }, ending);
        if (request.After == FeedRequest.Now)
        {
            request = request with { After = first.Cursor };
        }

        context.Response.ContentType = EventsQuery.StreamMediaType;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await FollowAsync(context.Response.BodyWriter, request, ending);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client has gone, or the server stops: the client connects again elsewhere.
        }
    }

    private async Task FollowAsync(PipeWriter body, FeedRequest request, CancellationToken ending)
    {
        var silentSince = TimeProvider.System.GetTimestamp();
        await SendAsync(body, request.After is null ? ": begun\n\n" : $"id: {request.After}\n\n", ending);
        while (await credential.IsValidAsync(ending))
        {
            var page = await feed.WaitAsync(tenantId, request, Check, TimeSpan.FromMilliseconds(options.LookMilliseconds), ending);
            if (page.Changes.Count > 0 && !await credential.IsValidAsync(ending))
            {
                return;
            }

            foreach (var change in page.Changes)
            {
                Write(body, change, page.CursorBehind(change));
                if (body.UnflushedBytes >= SentAtOnce)
                {
                    await body.FlushAsync(ending);
                }
            }

            if (page.Changes.Count > 0)
            {
                await body.FlushAsync(ending);
                silentSince = TimeProvider.System.GetTimestamp();
            }

            request = request with { After = page.Cursor };
            if (TimeProvider.System.GetElapsedTime(silentSince) >= Silence)
            {
                // An id alone is no message, but the client remembers it: what the filter passes over is not read again.
                await SendAsync(body, $": nothing new\nid: {page.Cursor}\n\n", ending);
                silentSince = TimeProvider.System.GetTimestamp();
            }
        }
    }

    private static void Write(PipeWriter body, ChangeRow change, string cursor)
    {
        body.Write(Encoding.ASCII.GetBytes($"id: {cursor}\nevent: {EventTypes.Of(change)}\ndata: "));
        using (var writer = new Utf8JsonWriter(body, JsonText.WriterOptions))
        {
            EventWriter.Write(writer, change);
        }

        body.Write("\n\n"u8);
    }

    private static async Task SendAsync(PipeWriter body, string text, CancellationToken ending) =>
        await body.WriteAsync(Encoding.ASCII.GetBytes(text), ending);
}
