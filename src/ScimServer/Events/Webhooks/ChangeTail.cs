using System.Diagnostics;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Webhooks;

namespace ScimServer.Events.Webhooks;

/// <summary>
/// The end of a tenant's change log, read once for all lanes that follow it. A lane that is further back than what is kept here reads for itself
/// until it has caught up.
/// </summary>
internal sealed class ChangeTail(WebhookDeliveries deliveries, DeliveryPace pace, int tenantId)
{
    private const int PageRows = 256;

    /// <summary>What is kept for lanes that are a little behind.</summary>
    private const int MaxRows = 1_024;

    private const long MaxCharacters = 8 * 1024 * 1024;

    /// <summary>A page of so many rows tells that much is written: then reading less often costs less and delays little.</summary>
    private const int ManyRows = 16;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(1);

    private readonly Lock turn = new();
    private readonly Queue<(ChangeEvent Event, long ReadAt)> kept = new();
    private long characters;

    /// <summary>Behind <see cref="from"/> and up to <see cref="to"/> every change is in <see cref="kept"/>.</summary>
    private long from = -1;

    private long to = -1;
    private Task? reading;
    private long begun;
    private long done;
    private long readAt;
    private TimeSpan pause;

    /// <summary>Whether <see cref="to"/> was the end of the log when it was last read.</summary>
    private bool isEnd;

    private int lanes;

    /// <summary>A lane more that follows.</summary>
    public void Enter()
    {
        lock (turn)
        {
            lanes++;
        }
    }

    /// <summary>A lane less.</summary>
    public void Leave()
    {
        lock (turn)
        {
            lanes--;
            if (lanes == 0)
            {
                Forget(to);
            }
        }
    }

    /// <summary>The changes behind a number that the filter lets through.</summary>
    /// <returns>
    /// The changes; where to go on; up to where changes were deleted unread, if that is above the number; and whether that is all, as of a moment
    /// after the call.
    /// </returns>
    public async Task<(IReadOnlyList<ChangeEvent> Events, long Reached, long Horizon, bool IsAll)> ReadAsync(long after, FeedRequest filter, int room, CancellationToken cancellationToken)
    {
        var asked = Interlocked.Read(ref begun);
        while (true)
        {
            Task page;
            lock (turn)
            {
                if (after > to)
                {
                    Forget(after);
                }

                if (after < from)
                {
                    break;
                }

                // What was read since the call began is as new as can be asked for.
                var isNew = done > asked;
                if (after < to || isNew)
                {
                    var (events, reached) = Kept(after, filter, room);
                    return (events, reached, 0, isNew && isEnd && reached == to);
                }

                page = reading ??= BeginPage();
            }

            await page.WaitAsync(cancellationToken);
        }

        return await ReadBehindAsync(after, filter, room, cancellationToken);
    }

    /// <summary>What a lane that is far behind reads for itself: up to where the others are, who would have to read for themselves if it went further.</summary>
    private async Task<(IReadOnlyList<ChangeEvent> Events, long Reached, long Horizon, bool IsAll)> ReadBehindAsync(long after, FeedRequest filter, int room, CancellationToken cancellationToken)
    {
        var limit = pace.Take(room, 1);
        var (changes, reached, horizon) = await deliveries.ReadAsync(tenantId, after, filter with { Limit = limit }, cancellationToken);
        lock (turn)
        {
            reached = Math.Min(reached, Math.Max(to, Math.Max(after, horizon)));
        }

        List<ChangeEvent> events = [.. changes.Where(change => change.Seq <= reached).Select(change => new ChangeEvent(change))];
        pace.Return(limit - events.Count, 1);
        return (events, reached, horizon, IsAll: false);
    }

    private Task BeginPage()
    {
        begun++;
        var begin = to;
        return Task.Run(() => ReadPageAsync(begin), CancellationToken.None);
    }

    private async Task ReadPageAsync(long begin)
    {
        try
        {
            var early = pause - Stopwatch.GetElapsedTime(readAt);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early);
            }

            readAt = Stopwatch.GetTimestamp();
            var readers = lanes;
            var limit = pace.Take(PageRows, readers);
            var (changes, reached, horizon) = await deliveries.ReadAsync(tenantId, begin, new FeedRequest { Limit = limit }, CancellationToken.None);
            pace.Return(limit - changes.Count, readers);
            pause = pace.IsHeldBack ? DeliveryPace.Every : changes.Count switch { PageRows => TimeSpan.Zero, >= ManyRows => BusyPause, _ => Pause };
            lock (turn)
            {
                if (horizon > begin)
                {
                    // Whoever was there reads for itself, and learns of it.
                    Forget(reached);
                }
                else if (to == begin)
                {
                    isEnd = changes.Count < limit;
                    Take(changes, reached);
                }
            }
        }
        catch
        {
            // What it knows may be of a log that is gone.
            lock (turn)
            {
                Forget(0);
            }

            throw;
        }
        finally
        {
            lock (turn)
            {
                reading = null;
                done++;
            }
        }
    }

    private void Take(IReadOnlyList<ChangeRow> changes, long reached)
    {
        to = reached;
        foreach (var change in changes)
        {
            kept.Enqueue((new ChangeEvent(change), readAt));
            characters += change.Delta.Length;
        }

        // Not for longer than it is of use: what is erased from the log must not stay here.
        while (kept.TryPeek(out var oldest) && (kept.Count > MaxRows || characters > MaxCharacters || Stopwatch.GetElapsedTime(oldest.ReadAt) > KeptFor))
        {
            kept.Dequeue();
            characters -= oldest.Event.Change.Delta.Length;
            from = oldest.Event.Change.Seq;
        }
    }

    private (IReadOnlyList<ChangeEvent> Events, long Reached) Kept(long after, FeedRequest filter, int room)
    {
        var events = kept.Select(one => one.Event).Where(found => found.Change.Seq > after && WebhookFilter.Matches(filter, found.Change)).Take(room).ToList();
        return (events, events.Count == room ? events[^1].Change.Seq : to);
    }

    private void Forget(long place)
    {
        kept.Clear();
        characters = 0;
        from = to = place;
    }
}
