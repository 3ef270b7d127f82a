using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Leases;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Streams;
using Scim.Errors;

namespace ScimServer.Events.SecurityEvents;

/// <summary>
/// Pushes the tokens of a stream (RFC 8935): those of a resource one after the other, those of several resources side by side. What is
/// noted is noted for a batch at once, so a token can come twice when an instance dies, never not at all.
/// </summary>
internal sealed partial class StreamPush(
    EventStreams streams, StreamQueue queue, SetTransmitter transmitter, PushSchedule schedule, IOptions<EventsOptions> options, ILogger<StreamPush> logger)
{
    /// <summary>Tokens that may be issued and not taken.</summary>
    private const int Window = 200;

    /// <summary>The same while a receiver takes nothing: enough that one token that nobody can take does not look like a dead receiver.</summary>
    private const int Probe = 8;

    private const int SideBySide = 8;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly TimeSpan look = TimeSpan.FromMilliseconds(options.Value.LookMilliseconds);

    /// <summary>Pushes until cancelled or the stream is gone.</summary>
    public async Task RunAsync(int tenantId, Guid streamId, Lease lease, CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            var next = queue.NextChange(tenantId);
            var settled = await queue.SettledAsync(ending);
            if (await streams.FindAsync(tenantId, streamId, ending) is not { } stream)
            {
                return;
            }

            var wait = stream.RetryAt - schedule.Now;
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait < LongestWait ? wait.Value : LongestWait, ending);
            }
            else if (!await StepAsync(stream, lease, ending))
            {
                await queue.WaitAsync(next, settled, look, LongestWait, ending);
            }
        }
    }

    /// <summary>Pushes what is due. False when nothing is.</summary>
    private async Task<bool> StepAsync(EventStreamRow stream, Lease lease, CancellationToken ending)
    {
        IReadOnlyList<OwedSet> due;
        try
        {
            due = await queue.DueAsync(stream, transmitter.FilterOf(stream), stream.FailingSince is null ? Window : Probe, lease, ending);
        }
        catch (ScimException refusal) when (refusal.Error.Status == StatusCodes.Status410Gone)
        {
            await queue.FallBehindAsync(stream, ending);
            return true;
        }

        if (due.Count == 0)
        {
            return false;
        }

        var results = new ConcurrentBag<PushResult>();
        try
        {
            var chains = due.GroupBy(set => set.Row.ResourceId ?? Guid.CreateVersion7()).ToList();
            await Parallel.ForEachAsync(chains, new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = ending }, (chain, token) => PushAsync(stream, chain, results, token));
        }
        finally
        {
            // Also when it is ended: what the receiver has need not be sent again. If the lease is lost, this is refused.
            if (!results.IsEmpty)
            {
                await queue.NoteAsync(stream, lease, Conclude(stream, [.. results]));
            }
        }

        return true;
    }

    /// <summary>What follows a token that was refused waits with it.</summary>
    private async ValueTask PushAsync(EventStreamRow stream, IEnumerable<OwedSet> chain, ConcurrentBag<PushResult> results, CancellationToken cancellationToken)
    {
        foreach (var set in chain)
        {
            var result = await transmitter.PushAsync(stream, set, cancellationToken);
            results.Add(result);
            if (result.IsRefused)
            {
                return;
            }
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
