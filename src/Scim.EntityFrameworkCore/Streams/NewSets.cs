using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Leases;
using Scim.EntityFrameworkCore.Rows;
using Scim.Errors;

namespace Scim.EntityFrameworkCore.Streams;

/// <summary>Makes tokens of the changes behind the position of a stream, and moves the position over them.</summary>
internal sealed class NewSets(ScimDatabase database, ChangeFeed feed, WorkLeases leases)
{
    /// <summary>Numbers that a position moves on at once without a token, before it is written down.</summary>
    private const int UnwrittenMoves = 1_000;

    private static readonly TimeSpan UnwrittenFor = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> written = new();

    /// <summary>Whether there is anything to tell, without issuing it.</summary>
    public async Task<bool> AnyAsync(EventStreamRow stream, StreamFilter filter, CancellationToken cancellationToken)
    {
        var (rows, _, hasMore) = await ReadAsync(stream.TenantId, stream.Position, new FeedRequest { Kinds = filter.Kinds }, cancellationToken);
        return hasMore || rows.Any(row => filter.EventsOf(row).Length > 0);
    }

    /// <summary>Issues tokens, and says whether there may be more to issue. Null when the stream is not any more as it was read.</summary>
    public async Task<OwedSets?> IssueAsync(EventStreamRow stream, StreamFilter filter, Issuing issuing, Lease? lease, CancellationToken cancellationToken)
    {
        var (rows, reached, hasMore) = await ReadAsync(stream.TenantId, stream.Position, new FeedRequest { Kinds = filter.Kinds, Limit = issuing.Rows }, cancellationToken);
        var sets = Choose(stream, filter, rows, issuing).Take(issuing.Max).ToList();
        if (sets.Count == issuing.Max && sets[^1].Row.Seq < reached)
        {
            (reached, hasMore) = (sets[^1].Row.Seq, true);
        }

        var passed = rows.Where(row => row.Seq <= reached && issuing.IsHeld(row.ResourceId)).Select(row => row.ResourceId).Distinct().ToList();
        if (sets.Count == 0 && !hasMore && passed.Count == 0 && !IsToBeWritten(stream, reached, issuing.At))
        {
            return new OwedSets([], HasMore: false);
        }

        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.Open(stream.TenantId);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (lease is not null)
        {
            await leases.HoldAsync(context, lease);
        }

        var moved = await context.EventStreams.Where(row => row.Id == stream.Id && row.Position == stream.Position && row.Status == StreamStatus.Enabled)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Position, reached), CancellationToken.None);
        if (moved == 0 || !await HeldBack.IsHeldAsync(context, stream.Id, passed))
        {
            return null;
        }

        context.IssuedSets.AddRange(sets.Select(set => set.Row));
        await context.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        written[stream.Id] = issuing.At;
        stream.Position = reached;
        return new OwedSets(sets, hasMore);
    }

    /// <summary>The tokens of changes, but for those of resources that are held back. The last that there is room for of a resource holds back the rest of it from now on.</summary>
    private static IEnumerable<OwedSet> Choose(EventStreamRow stream, StreamFilter filter, List<ChangeRow> rows, Issuing issuing)
    {
        var each = new Dictionary<Guid, int>();
        foreach (var row in rows.Where(row => !issuing.IsHeld(row.ResourceId)))
        {
            var before = each.GetValueOrDefault(row.ResourceId);
            var room = issuing.RoomOf(row.ResourceId) - before;
            if ((before == 0 || room > 0) && filter.EventsOf(row) is { Length: > 0 } events)
            {
                each[row.ResourceId] = before + 1;
                var set = StreamSets.OfChange(stream, row, events, issuing.At);
                set.NextAttemptAt = room <= 1 ? issuing.At : null;
                yield return new OwedSet(set, row);
            }
        }
    }

    /// <summary>
    /// A position that moved over what is not told is written down now and then: often enough that it is not taken for one from
    /// before what is kept, and not at every look, since the numbers rise with the changes of other tenants too.
    /// </summary>
    private bool IsToBeWritten(EventStreamRow stream, long reached, DateTimeOffset now) =>
        reached > stream.Position
        && (reached - stream.Position >= UnwrittenMoves || !written.TryGetValue(stream.Id, out var last) || now - last >= UnwrittenFor);

    private async Task<(List<ChangeRow> Rows, long Reached, bool HasMore)> ReadAsync(int tenantId, long after, FeedRequest request, CancellationToken cancellationToken)
    {
        var (rows, reached, end, horizon) = await feed.ReadBehindAsync(tenantId, after, request, cancellationToken);
        return after < horizon ? throw ScimErrors.Gone(ChangeFeed.Expired) : (rows, reached, reached < end.Settled);
    }
}

/// <summary>How many tokens to issue, out of how many changes at most, when, and beside which; null for a stream that is polled, which has them all in one order.</summary>
internal sealed record Issuing(int Max, int Rows, DateTimeOffset At, DueSets? Window)
{
    /// <summary>Whether no more of a resource may be issued.</summary>
    public bool IsHeld(Guid resource) => Window?.Held.Contains(resource) == true;

    /// <summary>How many more of a resource may be.</summary>
    public int RoomOf(Guid resource) => Window is null ? int.MaxValue : DueSets.MaxEach - Window.Each.GetValueOrDefault(resource);
}
