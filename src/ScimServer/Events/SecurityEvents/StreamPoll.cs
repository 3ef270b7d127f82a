using System.Text.Json;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Streams;
using Scim.Errors;
using Scim.Json;

namespace ScimServer.Events.SecurityEvents;

/// <summary>Answers polls: settles what the receiver acknowledges, waits for what it is owed, and writes it.</summary>
public sealed class StreamPoll
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly EventStreams streams;
    private readonly StreamQueue queue;
    private readonly SetIssuer issuer;
    private readonly TimeSpan look;
    private readonly TimeSpan wait;

    /// <summary>Made by the container.</summary>
    public StreamPoll(EventStreams streams, StreamQueue queue, SetIssuer issuer, IOptions<EventsOptions> events, IOptions<SecurityEventsOptions> options)
    {
        (this.streams, this.queue, this.issuer) = (streams, queue, issuer);
        look = TimeSpan.FromMilliseconds(events.Value.LookMilliseconds);
        wait = TimeSpan.FromSeconds(options.Value.PollWaitSeconds);
    }

    /// <summary>Settles, and waits for what is owed.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="ending">Ends the waiting: a server that is about to stop answers those who wait at once.</param>
    /// <param name="aborted">The client has gone.</param>
    internal async Task<OwedSets> TakeAsync(EventStreamRow stream, PollRequest request, CancellationToken ending, CancellationToken aborted)
    {
        await queue.SettleAsync(stream, request.Acknowledged, request.Errors, aborted);
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var next = queue.NextChange(stream.TenantId);
            var settled = await queue.SettledAsync(aborted);
            var owed = await TakeAsync(await FindAsync(stream, aborted), request.MaxEvents, aborted);
            var left = wait - TimeProvider.System.GetElapsedTime(started);
            if (owed is { Sets.Count: > 0 } or { HasMore: true } || request.ReturnImmediately || left <= TimeSpan.Zero || ending.IsCancellationRequested)
            {
                return owed;
            }

            await WaitAsync(next, settled, left < LongestWait ? left : LongestWait, ending);
            aborted.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Writes the answer (RFC 8936 §2.3), its tokens in the order of the stream.</summary>
    internal async Task WriteAsync(HttpResponse response, EventStreamRow stream, OwedSets owed, CancellationToken aborted)
    {
        var gone = owed.Sets.Where(set => !issuer.CanIssue(set)).Select(set => new SetError(set.Row.Jti, SetErrors.Expired, null)).ToList();
        await queue.SettleAsync(stream, [], gone, aborted);
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        await using var writer = new Utf8JsonWriter(response.BodyWriter, JsonText.WriterOptions);
        writer.WriteStartObject();
        writer.WriteStartObject("sets"u8);
        foreach (var set in owed.Sets.Where(issuer.CanIssue))
        {
            writer.WriteString(set.Row.Jti, await issuer.IssueAsync(stream, set, aborted));
            await writer.FlushAsync(aborted);
        }

        writer.WriteEndObject();
        if (owed.HasMore)
        {
            writer.WriteBoolean("moreAvailable"u8, true);
        }

        writer.WriteEndObject();
        await writer.FlushAsync(aborted);
    }

    private async Task WaitAsync(Task next, long settled, TimeSpan longest, CancellationToken ending)
    {
        try
        {
            await queue.WaitAsync(next, settled, look, longest, ending);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The server stops, or the client has gone.
        }
    }

    private async Task<OwedSets> TakeAsync(EventStreamRow stream, int max, CancellationToken aborted)
    {
        try
        {
            var filter = issuer.FilterOf(stream);
            return max == 0 ? new OwedSets([], await queue.AnyAsync(stream, filter, aborted)) : await queue.TakeAsync(stream, filter, max, aborted);
        }
        catch (ScimException refusal) when (refusal.Error.Status == StatusCodes.Status410Gone)
        {
            await queue.FallBehindAsync(stream, aborted);
            return new OwedSets([], HasMore: false);
        }
    }

    private async Task<EventStreamRow> FindAsync(EventStreamRow stream, CancellationToken aborted) =>
        await streams.FindAsync(stream.TenantId, stream.Id, aborted) ?? throw ScimErrors.NotFound("The stream has been deleted.");
}
