using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Streams;

/// <summary>
/// Finds the oldest event that the receiver of a stream has not acknowledged, whether its token has been issued or not. It issues
/// nothing, so the stream of a receiver that never comes still costs no row.
/// </summary>
public sealed class StreamBacklog
{
    /// <summary>Changes that are looked at in one go; nearly always the first of them is told.</summary>
    private const int Rows = 10;

    private readonly ScimDatabase database;
    private readonly ChangeFeed feed;

    /// <summary>Made by the container.</summary>
    public StreamBacklog(ScimDatabase database, ChangeFeed feed)
    {
        this.database = database;
        this.feed = feed;
    }

    /// <summary>Looks.</summary>
    /// <param name="stream">The stream, read just before.</param>
    /// <param name="filter">What it tells.</param>
    /// <param name="before">What was seen at the last look, so that what has been looked through is not read again; null for the first.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<BacklogLook> LookAsync(EventStreamRow stream, StreamFilter filter, BacklogLook? before, CancellationToken cancellationToken) =>
        await OldestIssuedAsync(stream, cancellationToken) is { } issued
            ? new BacklogLook(stream, issued, stream.Position)
            : await LookBehindAsync(stream, filter, before, cancellationToken);

    /// <summary>When the change of the first token happened that waits; when the token was issued if it tells no change, or one that is not kept any more.</summary>
    private async Task<DateTimeOffset?> OldestIssuedAsync(EventStreamRow stream, CancellationToken cancellationToken)
    {
        await using var context = database.Open(stream.TenantId);
        var first = await context.IssuedSets.Where(set => set.StreamId == stream.Id).OrderBy(set => set.Seq).ThenBy(set => set.Payload != null)
            .Select(set => new { set.Seq, set.IssuedAt, IsNote = set.Payload != null }).FirstOrDefaultAsync(cancellationToken);
        if (first is null || first.IsNote)
        {
            return first?.IssuedAt;
        }

        var happened = await context.Changes.Where(change => change.Seq == first.Seq).Select(change => (DateTimeOffset?)change.At).FirstOrDefaultAsync(cancellationToken);
        return happened ?? first.IssuedAt;
    }

    private async Task<BacklogLook> LookBehindAsync(EventStreamRow stream, StreamFilter filter, BacklogLook? before, CancellationToken cancellationToken)
    {
        var reached = stream.Position;
        if (before is not null && before.IsOf(stream))
        {
            if (before.Oldest is not null && before.Reached > stream.Position)
            {
                return before;
            }

            reached = Math.Max(reached, before.Reached);
        }

        while (true)
        {
            var (rows, read, end, _) = await feed.ReadBehindAsync(stream.TenantId, reached, new FeedRequest { Kinds = filter.Kinds, Limit = Rows }, cancellationToken);
            if (rows.Find(row => filter.EventsOf(row).Length > 0) is { } told)
            {
                return new BacklogLook(stream, told.At, told.Seq);
            }

            reached = read;
            if (reached >= end.Settled)
            {
                return new BacklogLook(stream, Oldest: null, reached);
            }
        }
    }
}

/// <summary>What was seen of what the receiver of a stream has not acknowledged.</summary>
/// <param name="Stream">The stream as it was.</param>
/// <param name="Oldest">When the oldest event happened; null when there is none.</param>
/// <param name="Reached">Up to which number of the change log was looked: where the oldest stands, or as far as there is nothing to tell.</param>
public sealed record BacklogLook(EventStreamRow Stream, DateTimeOffset? Oldest, long Reached)
{
    /// <summary>Whether nothing has been issued since, and the same is told: then what was seen holds.</summary>
    internal bool IsOf(EventStreamRow stream) =>
        stream.Position <= Reached && stream.Mode == Stream.Mode && (stream.Events ?? []).AsSpan().SequenceEqual(Stream.Events ?? []);
}
