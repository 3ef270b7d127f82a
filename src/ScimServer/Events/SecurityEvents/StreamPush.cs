using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Leases;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Streams;
using Scim.Errors;

namespace ScimServer.Events.SecurityEvents;

/// <summary>
/// Pushes the tokens of a stream (RFC 8935): those of a resource one after the other, those of several resources side by side. What is
/// noted is noted for a batch at once, so a token can come twice when an instance dies, never not at all. A batch does not wait longer than
/// a second for those that are slow: their resources are passed over until they are answered.
/// </summary>
internal sealed partial class StreamPush(
    EventStreams streams, StreamQueue queue, SetTransmitter transmitter, PushSchedule schedule, StreamMetrics metrics, IOptions<EventsOptions> options, ILogger<StreamPush> logger)
{
    private const int SideBySide = 8;

    private static readonly DueTokens Nothing = new([], null);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private static readonly Task Never = new TaskCompletionSource().Task;

    private readonly TimeSpan look = TimeSpan.FromMilliseconds(options.Value.LookMilliseconds);

    /// <summary>Pushes until cancelled or the stream is gone.</summary>
    public async Task RunAsync(int tenantId, Guid streamId, Lease lease, CancellationToken ending)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ending);
        using var pushes = new PushesUnderWay(SideBySide);
        EventStreamRow? stream = null;
        try
        {
            while (!ending.IsCancellationRequested)
            {
                var next = queue.NextChange(tenantId);
                var settled = await queue.SettledAsync(ending);
                stream = await streams.FindAsync(tenantId, streamId, ending);
                if (stream is null)
                {
                    return;
                }

                // Whether the receiver asked for a pause that is there at the begin was known to who pushed before.
                pushes.LeftAloneUntil ??= stream.RetryAt ?? DateTimeOffset.MinValue;
                var wait = stream.RetryAt - schedule.Now;
                var isPausing = wait > TimeSpan.Zero;
                var isLeftAlone = isPausing && pushes.LeftAloneUntil > schedule.Now;
                if ((isLeftAlone && pushes.IsEmpty) || !await StepAsync(stream, lease, pushes, isLeftAlone, isPausing ? Never : next, ended.Token))
                {
                    await (isPausing ? Task.Delay(wait < LongestWait ? wait.Value : LongestWait, ending) : queue.WaitAsync(next, settled, look, LongestWait, ending));
                }
            }
        }
        finally
        {
            // What the receiver has need not be sent again. If the lease is lost, this is refused.
            await ended.CancelAsync();
            await pushes.EndAsync();
            metrics.Remove(streamId);
            await NoteAsync(stream, lease, pushes);
        }
    }

    /// <summary>Pushes what is due. False when there is nothing to do.</summary>
    private async Task<bool> StepAsync(EventStreamRow stream, Lease lease, PushesUnderWay pushes, bool isLeftAlone, Task next, CancellationToken ending)
    {
        DueTokens due;
        try
        {
            due = isLeftAlone ? Nothing : await queue.DueAsync(stream, transmitter.FilterOf(stream), pushes.Tokens, lease, ending);
        }
        catch (ScimException refusal) when (refusal.Error.Status == StatusCodes.Status410Gone)
        {
            await queue.FallBehindAsync(stream, ending);
            return true;
        }

        foreach (var chain in due.Sets.GroupBy(set => set.Row.ResourceId ?? Guid.CreateVersion7()))
        {
            pushes.Start([.. chain], set => transmitter.PushAsync(stream, set, ending));
        }

        metrics.Set(stream, pushes.Oldest ?? due.FullSince);
        if (pushes.IsEmpty)
        {
            return false;
        }

        // While only slow ones are under way, a new change is not kept waiting by them.
        await pushes.WaitAsync(LongestWait, due.Sets.Count == 0 ? next : Never, ending);
        await NoteAsync(stream, lease, pushes);
        return true;
    }

    private async Task NoteAsync(EventStreamRow? stream, Lease lease, PushesUnderWay pushes)
    {
        if (stream is not null && pushes.Take() is { Count: > 0 } results)
        {
            metrics.Count(stream, results);
            var outcome = Conclude(stream, results);
            if (outcome.RetryAt is not null)
            {
                pushes.Halt();
                pushes.LeftAloneUntil = outcome.IsAsked ? outcome.RetryAt : pushes.LeftAloneUntil;
            }

            await queue.NoteAsync(stream, transmitter.FilterOf(stream), lease, outcome);
        }
    }

    private PushOutcome Conclude(EventStreamRow stream, IReadOnlyList<PushResult> results)
    {
        var outcome = schedule.Conclude(stream, results);
        if (outcome.PauseReason is not null)
        {
            Log.Paused(logger, stream.Id, stream.TenantId, outcome.PauseReason);
        }
        else if (outcome.RetryAt is not null && stream.FailingSince is null)
        {
            Log.Failing(logger, stream.Id, stream.TenantId, outcome.Failed[0].HttpStatus, outcome.Failed[0].Error.Err);
        }

        foreach (var failed in outcome.Failed.Where(failed => failed.GivenUp))
        {
            Log.GivenUp(logger, failed.Error.Jti, stream.Id, stream.TenantId, failed.Error.Err);
        }

        return outcome;
    }

    private static partial class Log
    {
        [LoggerMessage(5211, LogLevel.Warning, "The receiver of the stream {Stream} of tenant {Tenant} takes nothing (status {Status}, {Error}); tried again")]
        public static partial void Failing(ILogger logger, Guid stream, int tenant, int? status, string error);

        [LoggerMessage(5212, LogLevel.Error, "Paused the stream {Stream} of tenant {Tenant}: {Reason}")]
        public static partial void Paused(ILogger logger, Guid stream, int tenant, string reason);

        [LoggerMessage(5213, LogLevel.Error, "Gave up the token {Jti} of the stream {Stream} of tenant {Tenant}: {Error}")]
        public static partial void GivenUp(ILogger logger, string jti, Guid stream, int tenant, string error);
    }
}
