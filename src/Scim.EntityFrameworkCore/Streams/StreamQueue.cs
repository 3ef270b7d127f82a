using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Leases;
using Scim.EntityFrameworkCore.Rows;
using Scim.Errors;

namespace Scim.EntityFrameworkCore.Streams;

/// <summary>
/// What the receiver of a stream is owed: changes behind its position become tokens, which wait until they are acknowledged. Only
/// so many are issued as are asked for, so what is stored is bounded by what a receiver takes at once.
/// </summary>
public sealed class StreamQueue
{
    /// <summary>Errors of a stream that are kept.</summary>
    public const int KeptErrors = 100;

    /// <summary>Characters of changes that are read for one answer, but for its last.</summary>
    private const int MaxCharacters = 4 * 1024 * 1024;

    private readonly ScimDatabase database;
    private readonly NewSets news;
    private readonly WorkLeases leases;
    private readonly TimeProvider time;

    /// <summary>Made by the container.</summary>
    public StreamQueue(ScimDatabase database, ChangeFeed feed, WorkLeases leases, TimeProvider time)
    {
        this.database = database;
        news = new NewSets(database, feed, leases);
        this.leases = leases;
        this.time = time;
    }

    /// <summary>Completes with the next change of the tenant that this process commits. Taken before reading.</summary>
    public Task NextChange(int tenantId) => database.Changes.Next(tenantId);

    /// <summary>Up to where the change log can be read, for all tenants. Taken before reading.</summary>
    public async Task<long> SettledAsync(CancellationToken cancellationToken) => (await database.Dialect.LogEndAsync(database, cancellationToken)).Settled;

    /// <summary>
    /// Waits until there may be something new: all who wait share one look at the end of the log, and while it stays where it is nobody asks
    /// for streams of their own.
    /// </summary>
    /// <param name="next">The next change that this process commits.</param>
    /// <param name="settled">Up to where was read.</param>
    /// <param name="look">How often to look.</param>
    /// <param name="longest">How long to wait at most: a stream can change without a change of a resource.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task WaitAsync(Task next, long settled, TimeSpan look, TimeSpan longest, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        do
        {
            await Task.WhenAny(next, Task.Delay(look < longest ? look : longest, cancellationToken));
        }
        while (!cancellationToken.IsCancellationRequested && !next.IsCompleted && TimeProvider.System.GetElapsedTime(started) < longest && await SettledAsync(cancellationToken) == settled);
    }

    /// <summary>The tokens that were issued and not acknowledged, and then new ones; while the stream is not enabled, only what it says of itself.</summary>
    /// <param name="stream">The stream, read just before.</param>
    /// <param name="filter">What it tells.</param>
    /// <param name="max">Tokens at most.</param>
    /// <param name="cancellationToken">Heeded until the write.</param>
    /// <exception cref="ScimException">404 when the stream has been deleted meanwhile; 410 when changes that it has not told are not kept any more.</exception>
    public async Task<OwedSets> TakeAsync(EventStreamRow stream, StreamFilter filter, int max, CancellationToken cancellationToken)
    {
        await using var context = database.Open(stream.TenantId);
        while (true)
        {
            var issued = await IssuedAsync(context, stream, max, cancellationToken);
            if (issued.HasMore || stream.Status != StreamStatus.Enabled)
            {
                return issued;
            }

            if (issued.Sets.Count == max)
            {
                return issued with { HasMore = await news.AnyAsync(stream, filter, cancellationToken) };
            }

            if (await news.IssueAsync(stream, filter, new Issuing(max - issued.Sets.Count, max - issued.Sets.Count, time.GetUtcNow(), Window: null), lease: null, cancellationToken) is { } more)
            {
                return new OwedSets([.. issued.Sets, .. more.Sets], more.HasMore);
            }

            // Somebody else moved the position on, or changed the stream.
            stream = await context.EventStreams.SingleOrDefaultAsync(row => row.Id == stream.Id, cancellationToken) ?? throw ScimErrors.NotFound("The stream has been deleted.");
        }
    }

    /// <summary>What is to be pushed now: tokens whose time has come, and new ones (<see cref="DueSets"/>).</summary>
    /// <param name="stream">The stream, read just before.</param>
    /// <param name="filter">What it tells.</param>
    /// <param name="underWay">The <c>jti</c> of those that are being pushed already. They hold back what follows them.</param>
    /// <param name="lease">The right to issue.</param>
    /// <param name="cancellationToken">Heeded until the write.</param>
    /// <exception cref="LeaseLostException">Another instance pushes the stream now.</exception>
    /// <exception cref="ScimException">410 when changes that the stream has not told are not kept any more.</exception>
    internal async Task<DueTokens> DueAsync(
        EventStreamRow stream, StreamFilter filter, IReadOnlySet<string> underWay, Lease lease, CancellationToken cancellationToken)
    {
        await using var context = database.Open(stream.TenantId);
        var now = time.GetUtcNow();
        var due = new DueSets(stream, underWay, now);
        due.Add(await Issued(context, stream).Take(DueSets.MaxIssued).ToListAsync(cancellationToken));
        var issued = new Dictionary<string, OwedSet>();
        while (due.Wanted > 0 && await news.IssueAsync(stream, filter, new Issuing(due.Wanted, DueSets.Window, now, due), lease, cancellationToken) is { } more)
        {
            due.Add(more.Sets.Select(set => set.Row));
            foreach (var set in more.Sets)
            {
                issued.Add(set.Row.Jti, set);
            }

            if (!more.HasMore)
            {
                break;
            }
        }

        var chosen = due.Choose();
        var before = await WithChangesAsync(context, [.. chosen.Where(row => !issued.ContainsKey(row.Jti))], cancellationToken);
        return new DueTokens([.. before, .. chosen.Where(row => issued.ContainsKey(row.Jti)).Select(row => issued[row.Jti])], due.FullSince);
    }

    /// <summary>Notes what became of tokens that were pushed.</summary>
    /// <exception cref="LeaseLostException">Another instance pushes the stream now. Nothing is noted: it pushes them again.</exception>
    internal async Task NoteAsync(EventStreamRow stream, StreamFilter filter, Lease lease, PushOutcome outcome)
    {
        var now = time.GetUtcNow();
        using var turn = await database.Dialect.EnterWriteAsync(CancellationToken.None);
        await using var context = database.Open(stream.TenantId);
        await using var transaction = await context.Database.BeginTransactionAsync();
        await leases.HoldAsync(context, lease);
        if (await StreamSets.LockAsync(database, context, stream.Id, CancellationToken.None) is not { } row)
        {
            return;
        }

        await ForgetAsync(context, row, filter, [.. outcome.Delivered, .. outcome.Failed.Where(failed => failed.GivenUp).Select(failed => failed.Row)]);
        foreach (var failed in outcome.Failed.Where(failed => !failed.GivenUp))
        {
            await HeldBack.HoldAsync(context, failed, now);
        }

        context.StreamErrors.AddRange(outcome.Failed.Select(failed => Error(stream, failed.Error, failed.HttpStatus, failed.GivenUp)));
        row.DeliveredAt = outcome.Delivered.Count > 0 ? now : row.DeliveredAt;
        if (outcome.RetryAt is not null)
        {
            (row.FailingSince, row.RetryAt, row.Failures) = (row.FailingSince ?? now, outcome.RetryAt, row.Failures + (outcome.RetryAt == row.RetryAt ? 0 : 1));
        }
        else if (outcome.IsAlive)
        {
            (row.FailingSince, row.RetryAt, row.Failures) = (null, null, 0);
        }

        if (outcome.PauseReason is not null && row.Status == StreamStatus.Enabled)
        {
            await EventStreams.SetStatusAsync(context, row, StreamStatus.Paused, outcome.PauseReason, settled: 0);
            context.IssuedSets.Add(StreamSets.StatusChanged(row, now));
            AdminLog.Note(context, now, "stream.pause", tenant: null, detail: $"{row.Id}: {outcome.PauseReason}");
        }

        await context.SaveChangesAsync(CancellationToken.None);
        await TrimErrorsAsync(context, stream.Id);
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <summary>Whether anything is owed that may be sent, without issuing it.</summary>
    public async Task<bool> AnyAsync(EventStreamRow stream, StreamFilter filter, CancellationToken cancellationToken)
    {
        await using var context = database.Open(stream.TenantId);
        if (await Sendable(context, stream).AnyAsync(cancellationToken))
        {
            return true;
        }

        return stream.Status == StreamStatus.Enabled && await news.AnyAsync(stream, filter, cancellationToken);
    }

    /// <summary>Forgets what its receiver has, and notes what it could not take. Unknown tokens are passed over (EVT-64).</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="acknowledged">The <c>jti</c> of what it has.</param>
    /// <param name="refused">What it could not take; it is not sent again.</param>
    /// <param name="cancellationToken">Heeded until the write.</param>
    public async Task SettleAsync(
        EventStreamRow stream, IReadOnlyCollection<string> acknowledged, IReadOnlyCollection<SetError> refused, CancellationToken cancellationToken)
    {
        if (acknowledged.Count + refused.Count == 0)
        {
            return;
        }

        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.Open(stream.TenantId);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (await StreamSets.LockAsync(database, context, stream.Id, cancellationToken) is not { } row)
        {
            return;
        }

        row.DeliveredAt = await DeleteAsync(context, stream, acknowledged) > 0 ? time.GetUtcNow() : row.DeliveredAt;
        var known = refused.Count == 0 ? [] : await context.IssuedSets
            .Where(set => set.StreamId == stream.Id && refused.Select(error => error.Jti).Contains(set.Jti)).Select(set => set.Jti).ToListAsync(CancellationToken.None);
        context.StreamErrors.AddRange(refused.Where(error => known.Contains(error.Jti)).Take(KeptErrors).Select(error => Error(stream, error, httpStatus: null, givenUp: true)));
        await DeleteAsync(context, stream, known);
        await context.SaveChangesAsync(CancellationToken.None);
        if (known.Count > 0)
        {
            await TrimErrorsAsync(context, stream.Id);
        }

        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <summary>Disables a stream whose next changes are not kept any more, and tells its receiver.</summary>
    public async Task FallBehindAsync(EventStreamRow stream, CancellationToken cancellationToken)
    {
        const string Reason = "Changes that follow what was taken are not kept any more. Read all resources, then enable the stream again.";
        var end = await database.Dialect.LogEndAsync(database, cancellationToken);
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.Open(stream.TenantId);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (await StreamSets.LockAsync(database, context, stream.Id, cancellationToken) is { Status: StreamStatus.Enabled } row && row.Position == stream.Position)
        {
            await EventStreams.SetStatusAsync(context, row, StreamStatus.Disabled, Reason, end.Settled);
            context.IssuedSets.Add(StreamSets.StatusChanged(row, time.GetUtcNow()));
            await context.SaveChangesAsync(CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
        }
    }

    private static async Task TrimErrorsAsync(ScimDbContext context, Guid streamId)
    {
        var oldest = await context.StreamErrors.Where(error => error.StreamId == streamId).OrderByDescending(error => error.Id).Skip(KeptErrors).Select(error => error.Id).ToListAsync();
        if (oldest.Count > 0)
        {
            await context.StreamErrors.Where(error => error.StreamId == streamId && oldest.Contains(error.Id)).ExecuteDeleteAsync();
        }
    }

    private StreamErrorRow Error(EventStreamRow stream, SetError error, int? httpStatus, bool givenUp)
    {
        var now = time.GetUtcNow();
        return new StreamErrorRow
        {
            TenantId = stream.TenantId,
            StreamId = stream.Id,
            Id = Guid.CreateVersion7(now),
            At = now,
            Jti = error.Jti,
            HttpStatus = httpStatus,
            Err = error.Err,
            Description = error.Description,
            GivenUp = givenUp,
        };
    }

    private static Task<int> DeleteAsync(ScimDbContext context, EventStreamRow stream, IReadOnlyCollection<string> jtis) => jtis.Count == 0
        ? Task.FromResult(0)
        : context.IssuedSets.Where(set => set.StreamId == stream.Id && jtis.Contains(set.Jti)).ExecuteDeleteAsync(CancellationToken.None);

    /// <summary>Forgets tokens that are done, and issues what they held back. What they held back of a stream that was disabled meanwhile is forgotten too.</summary>
    private async Task ForgetAsync(ScimDbContext context, EventStreamRow stream, StreamFilter filter, IReadOnlyCollection<IssuedSetRow> done)
    {
        var holding = done.Where(row => row is { NextAttemptAt: not null, ResourceId: not null }).Select(row => row.Jti).ToList();
        var released = holding.Count == 0 ? [] : await context.IssuedSets.Where(set => set.StreamId == stream.Id && holding.Contains(set.Jti)).ToListAsync();
        await DeleteAsync(context, stream, [.. done.Select(row => row.Jti)]);
        if (released.Count > 0)
        {
            await HeldBack.ReleaseAsync(context, stream, filter, released, time.GetUtcNow());
        }
    }

    private static async Task<OwedSets> IssuedAsync(ScimDbContext context, EventStreamRow stream, int max, CancellationToken cancellationToken)
    {
        var rows = await Sendable(context, stream).Take(max + 1).ToListAsync(cancellationToken);
        var sets = await WithChangesAsync(context, [.. rows.Take(max)], cancellationToken);
        return new OwedSets(sets, rows.Count > sets.Count);
    }

    private static IQueryable<IssuedSetRow> Issued(ScimDbContext context, EventStreamRow stream) =>
        context.IssuedSets.Where(set => set.StreamId == stream.Id).OrderBy(set => set.Seq).ThenBy(set => set.Payload != null).ThenBy(set => set.IssuedAt);

    /// <summary>Those that may be sent: while the stream is not enabled, what it says of itself and nothing else (EVT-70).</summary>
    private static IQueryable<IssuedSetRow> Sendable(ScimDbContext context, EventStreamRow stream) =>
        Issued(context, stream).Where(set => set.Payload != null || stream.Status == StreamStatus.Enabled);

    /// <summary>What the tokens tell; of very long ones only the first.</summary>
    private static async Task<IReadOnlyList<OwedSet>> WithChangesAsync(ScimDbContext context, IReadOnlyList<IssuedSetRow> rows, CancellationToken cancellationToken)
    {
        var seqs = rows.Where(row => row.Payload is null).Select(row => row.Seq).ToList();
        var changes = new Dictionary<long, ChangeRow>();
        var (characters, last) = (0L, long.MaxValue);
        if (seqs.Count > 0)
        {
            await foreach (var change in context.Changes.Where(change => seqs.Contains(change.Seq)).OrderBy(change => change.Seq).AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                changes.Add(change.Seq, change);
                characters += change.Delta.Length;
                if (characters > MaxCharacters)
                {
                    last = change.Seq;
                    break;
                }
            }
        }

        return [.. rows.TakeWhile(row => row.Seq <= last).Select(row => new OwedSet(row, row.Payload is null ? changes.GetValueOrDefault(row.Seq) : null))];
    }
}
