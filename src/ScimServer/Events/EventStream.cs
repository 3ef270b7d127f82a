using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Rows;
using Scim.Json;
using ScimServer.Authentication;
using ScimServer.Http;

namespace ScimServer.Events;

/// <summary>
/// Server-Sent Events: each event as it happens, until the client goes, the server stops or the token ends. The id of a message
/// is the cursor behind it, so that a client that connects again with Last-Event-ID goes on where it was.
/// </summary>
internal sealed class EventStream(ChangeFeed feed, int tenantId, EventsOptions options, LastingCredential credential)
{
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

        await ServerSentEvents.AnswerAsync(context, answer => FollowAsync(answer, request, ending), ending);
    }

    private async Task FollowAsync(ServerSentEvents answer, FeedRequest request, CancellationToken ending)
    {
        await answer.SendAsync(request.After is null ? ": begun\n\n" : $"id: {request.After}\n\n", ending);
        while (await credential.IsValidAsync(ending))
        {
            var page = await feed.WaitAsync(tenantId, request, Check, TimeSpan.FromMilliseconds(options.LookMilliseconds), ending);
            if (page.Changes.Count > 0 && !await credential.IsValidAsync(ending))
            {
                return;
            }

            foreach (var change in page.Changes)
            {
                Write(answer.Body, change, page.CursorBehind(change));
                if (answer.Body.UnflushedBytes >= SentAtOnce)
                {
                    await answer.FlushAsync(ending);
                }
            }

            if (page.Changes.Count > 0)
            {
                await answer.FlushAsync(ending);
            }

            request = request with { After = page.Cursor };
            if (answer.IsSilent)
            {
                // An id alone is no message, but the client remembers it: what the filter passes over is not read again.
                await answer.SendAsync($": nothing new\nid: {page.Cursor}\n\n", ending);
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
}
