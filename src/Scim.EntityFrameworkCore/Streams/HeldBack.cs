using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Streams;

/// <summary>
/// What a token holds back that has to be pushed again, or is the last that there is room for of its resource: the later ones of the resource (EVT-123),
/// which may be thousands. They are not issued while it is there; they stay in the change log, between it and the place of the stream, and are issued from
/// there when it is done. So a token with a time of its next attempt is the last of its resource that is issued.
/// </summary>
internal static class HeldBack
{
    /// <summary>Notes when a token is pushed again, and takes back what is issued behind it. That has not been pushed: a resource's go one after the other.</summary>
    /// <remarks>In the caller's transaction, in which the stream is locked.</remarks>
    public static async Task HoldAsync(ScimDbContext context, FailedPush failed, DateTimeOffset now)
    {
        var (row, next) = (failed.Row, failed.NextAttemptAt ?? now);

        // What failed because the receiver takes nothing at all does not count against the token.
        var counts = failed.NextAttemptAt is null ? 0 : 1;
        var noted = await context.IssuedSets.Where(set => set.StreamId == row.StreamId && set.Jti == row.Jti).ExecuteUpdateAsync(
            set => set.SetProperty(issued => issued.Attempts, issued => issued.Attempts + counts).SetProperty(issued => issued.NextAttemptAt, next));
        if (noted > 0 && row.ResourceId is { } resource)
        {
            await context.IssuedSets.Where(set => set.StreamId == row.StreamId && set.ResourceId == resource && set.Seq > row.Seq).ExecuteDeleteAsync();
        }
    }

    /// <summary>Whether all of these resources are held back still: a stream that is disabled forgets its tokens.</summary>
    public static async Task<bool> IsHeldAsync(ScimDbContext context, Guid streamId, IReadOnlyCollection<Guid> resources) => resources.Count == 0
        || await context.IssuedSets.Where(set => set.StreamId == streamId && set.NextAttemptAt != null && resources.Contains(set.ResourceId!.Value))
            .Select(set => set.ResourceId).Distinct().CountAsync() == resources.Count;

    /// <summary>Issues what was held back by tokens that are done now; of many changes the first, of which the last holds back the rest.</summary>
    /// <param name="context">In the caller's transaction, in which the tokens were deleted.</param>
    /// <param name="stream">The stream, locked.</param>
    /// <param name="filter">What it tells.</param>
    /// <param name="done">The tokens.</param>
    /// <param name="now">The time.</param>
    public static async Task ReleaseAsync(ScimDbContext context, EventStreamRow stream, StreamFilter filter, IReadOnlyCollection<IssuedSetRow> done, DateTimeOffset now)
    {
        var active = await context.IssuedSets.CountAsync(set => set.StreamId == stream.Id && (set.NextAttemptAt == null || set.NextAttemptAt <= now));
        var each = Math.Clamp((DueSets.Window - active) / done.Count, 1, DueSets.MaxEach);
        foreach (var row in done)
        {
            context.IssuedSets.AddRange(await FollowingAsync(context, stream, filter, row, each, now));
        }
    }

    private static async Task<List<IssuedSetRow>> FollowingAsync(ScimDbContext context, EventStreamRow stream, StreamFilter filter, IssuedSetRow row, int max, DateTimeOffset now)
    {
        var sets = new List<IssuedSetRow>();
        var issued = await context.IssuedSets.Where(set => set.StreamId == stream.Id && set.ResourceId == row.ResourceId).MaxAsync(set => (long?)set.Seq);
        var (after, hasMore) = (Math.Max(row.Seq, issued ?? 0), true);
        while (hasMore && sets.Count == 0)
        {
            var behind = context.Changes.Where(change => change.ResourceId == row.ResourceId && change.Seq > after && change.Seq <= stream.Position);
            var changes = await ChangeFeed.Filtered(behind, new FeedRequest { Kinds = filter.Kinds }).OrderBy(change => change.Seq).Take(max + 1).ToListAsync();
            hasMore = changes.Count > max;
            foreach (var change in changes.Take(max))
            {
                after = change.Seq;
                if (filter.EventsOf(change) is { Length: > 0 } events)
                {
                    sets.Add(StreamSets.OfChange(stream, change, events, now));
                }
            }
        }

        if (hasMore)
        {
            sets[^1].NextAttemptAt = now;
        }

        return sets;
    }
}
