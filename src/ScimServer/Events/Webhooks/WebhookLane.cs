using System.Diagnostics;
using System.Threading.Channels;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Webhooks;

namespace ScimServer.Events.Webhooks;

/// <summary>
/// Sends the events of one tenant to one endpoint, in order for each resource and otherwise at the same time. An event that fails, or is answered late, holds
/// back the later ones of its resource, which are written down, and nothing else. One loop reads, starts and writes down; the requests run beside it.
/// </summary>
internal sealed class WebhookLane
{
    private const int MaxDue = 100;

    /// <summary>A request that takes longer than that keeps neither the position from moving on nor the places of what follows it.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Until when the row of an event that is still being sent is not due. It is due at once for whoever delivers next, should this instance end
    /// (<see cref="WebhookDeliveries.BeginAsync"/>).
    /// </summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan NoteEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan DueEvery = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan IdleNoteEvery = TimeSpan.FromSeconds(30);

    private readonly EndpointDelivery endpoint;
    private readonly int tenantId;
    private readonly ChangeTail tail;
    private readonly DeliverySource source;
    private readonly Channel<Delivery> finished = Channel.CreateUnbounded<Delivery>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Queue<Delivery> window = new();
    private readonly DeliveriesUnderWay active = new();
    private readonly List<Delivery> results = [];
    private readonly List<WebhookRetryRow> vanished = [];

    private HeldResources held = null!;

    /// <summary>Events behind the position that whoever delivered before noted already. What is read anew is all that is still to be noted.</summary>
    private HashSet<long> alreadyNoted = [];

    /// <summary>
    /// What was to be written down last was not. Nothing after it may be, or the position would pass what is not known to be delivered:
    /// whoever delivers next begins where the database says.
    /// </summary>
    private volatile bool isUnsaved;

    /// <summary>Nothing is under way any more: what was is broken off.</summary>
    private bool isEnding;

    private Task noting = Task.CompletedTask;
    private long noted;
    private long read;
    private long notedAt = Stopwatch.GetTimestamp();
    private long lookedAt;
    private long dueAt;
    private long roomAt = Stopwatch.GetTimestamp();

    /// <summary>The resource whose events have left no room for others for a while, though none of them was slow.</summary>
    private Guid? crowding;

    /// <summary>When the last change happened that was read, while there are more; null when there are none.</summary>
    private DateTimeOffset? behind;

    /// <summary>Something that waited is done: what waited behind it, or found no room beside it, may go now.</summary>
    private bool isNextDue;

    private long revision;
    private int recovered;

    /// <param name="endpoint">The endpoint.</param>
    /// <param name="tenantId">The tenant whose events are sent; <see cref="WebhookEndpoints.Operator"/> for operational events.</param>
    /// <param name="tenantName">Its name, for an endpoint that gets the events of others, too.</param>
    public WebhookLane(EndpointDelivery endpoint, int tenantId, string? tenantName)
    {
        this.endpoint = endpoint;
        this.tenantId = tenantId;
        source = new DeliverySource(endpoint, tenantId, tenantName);
        tail = endpoint.Tools.Tail(tenantId);
        recovered = endpoint.Recovered;
    }

    private bool IsOperational => tenantId == WebhookEndpoints.Operator;

    private DateTimeOffset Now => endpoint.Tools.Time.GetUtcNow();

    /// <summary>Runs until cancelled, and writes down what was done until then.</summary>
    public async Task RunAsync(CancellationToken ending)
    {
        if (!IsOperational)
        {
            (noted, alreadyNoted) = await endpoint.Tools.Deliveries.BeginAsync(endpoint.Lease, tenantId, endpoint.Id, ending);
            read = noted;
        }

        held = new HeldResources(await endpoint.Tools.Deliveries.HeldAsync(tenantId, endpoint.Id, ending));
        tail.Enter();
        try
        {
            while (true)
            {
                await TurnAsync(ending);
            }
        }
        finally
        {
            tail.Leave();
            await Task.WhenAll(active.All.Select(delivery => delivery.Task));
            isEnding = true;
            Collect();
            endpoint.Tools.Metrics.Remove(endpoint.Id, tenantId);
            await noting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!isUnsaved)
            {
                await NoteAsync();
                await noting;
            }
        }
    }

    private async Task TurnAsync(CancellationToken ending)
    {
        var next = endpoint.Tools.Deliveries.NextChange(tenantId);
        var isFull = active.Room == 0;
        var more = await TakeNewAsync(ending);
        await TakeDueAsync(ending);
        endpoint.Gate.Look();
        Collect();
        if (noting.IsCompleted)
        {
            await noting;
            if (IsTimeToNote())
            {
                await NoteAsync();
                more |= isFull && active.Room > 0;
            }
        }

        endpoint.Tools.Metrics.Set(endpoint.Id, tenantId, window.TryPeek(out var oldest) ? oldest.At : behind, held.Count);
        if (!more && !isNextDue)
        {
            var isHeldBack = endpoint.Tools.Pace.IsHeldBack;
            var wait = isHeldBack && behind is not null ? DeliveryPace.Every : results.Count > 0 ? NoteEvery : endpoint.Tools.Look;
            await Task.WhenAny(next, finished.Reader.WaitToReadAsync(ending).AsTask(), Task.Delay(wait, ending));
            var early = (isHeldBack ? DeliveryPace.Every : LookEvery) - Stopwatch.GetElapsedTime(lookedAt);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, ending);
            }

            lookedAt = Stopwatch.GetTimestamp();
        }

        ending.ThrowIfCancellationRequested();
    }

    /// <returns>Whether there is more to read at once.</returns>
    private async Task<bool> TakeNewAsync(CancellationToken ending)
    {
        if (IsOperational || endpoint.IsDisabled)
        {
            return false;
        }

        var room = active.Room;
        if (room == 0)
        {
            crowding = Stopwatch.GetElapsedTime(roomAt) > Slow ? active.Crowding() : null;
            return false;
        }

        (roomAt, crowding) = (Stopwatch.GetTimestamp(), null);
        var (events, reached, horizon, isAll) = await tail.ReadAsync(read, endpoint.Filter, room, ending);
        if (horizon > read)
        {
            await endpoint.Tools.Deliveries.MissedAsync(endpoint.Lease, tenantId, endpoint.Current, read, horizon);
        }

        foreach (var happened in events.Where(happened => !alreadyNoted.Remove(happened.Change.Seq)))
        {
            var delivery = source.Of(happened, row: null);
            window.Enqueue(delivery);
            Start(delivery, ending);
        }

        read = reached;
        behind = isAll ? null : events.Count > 0 ? events[^1].Change.At : behind;
        return !isAll && !endpoint.Tools.Pace.IsHeldBack;
    }

    /// <summary>Events whose next attempt is due, and those that an operator wants to be sent anew.</summary>
    private async Task TakeDueAsync(CancellationToken ending)
    {
        if (endpoint.IsDisabled)
        {
            isNextDue = false;
            return;
        }

        var isChanged = revision != endpoint.Current.Revision;
        if (!isChanged && !isNextDue && ((held.IsEmpty && !IsOperational) || Stopwatch.GetElapsedTime(dueAt) < DueEvery))
        {
            return;
        }

        (revision, isNextDue) = (endpoint.Current.Revision, false);
        dueAt = Stopwatch.GetTimestamp();
        var due = (await endpoint.Tools.Deliveries.DueAsync(tenantId, endpoint.Id, MaxDue, ending)).Where(row => !active.Contains(row.Seq)).ToList();
        if (due.Count == 0)
        {
            return;
        }

        var found = await source.FindAsync(due, ending);
        foreach (var row in due)
        {
            held.Hold(row.ResourceId, row.Seq);
            if (found.TryGetValue(row.Seq, out var delivery))
            {
                delivery.Previous = active.LastNoted(row.ResourceId);
                Start(delivery, ending);
            }
            else
            {
                vanished.Add(row);
            }
        }
    }

    private void Start(Delivery delivery, CancellationToken ending)
    {
        active.Add(delivery);
        if (delivery.Row is null && held.HoldBack(delivery))
        {
            // It is written down at once. What comes behind it waits for what it would have waited for.
            delivery.Over.TrySetResult();
            finished.Writer.TryWrite(delivery);
            return;
        }

        delivery.Task = DeliverAsync(delivery, active.Follow(delivery), ending);
    }

    private async Task DeliverAsync(Delivery delivery, Task[] before, CancellationToken ending)
    {
        try
        {
            await Task.WhenAll(before);
            held.Advance(delivery);
            if (!held.HoldBack(delivery))
            {
                await endpoint.Gate.EnterAsync(delivery.IsFirst, ending);
                await endpoint.AttemptAsync(delivery, ending);
                if (delivery.Attempt is { IsSuccess: false } && delivery.Next is not null)
                {
                    held.Hold(delivery.ResourceId, delivery.Seq);
                }
            }

            finished.Writer.TryWrite(delivery);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Not done: whoever delivers next does it.
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            finished.Writer.TryComplete(exception);
        }
        finally
        {
            delivery.Over.TrySetResult();
        }
    }

    private void Collect()
    {
        while (finished.Reader.TryRead(out var delivery))
        {
            active.Finish(delivery);
            results.Add(delivery);
        }

        if (finished.Reader.Completion is { IsFaulted: true } failure)
        {
            failure.GetAwaiter().GetResult();
        }
    }

    private bool IsTimeToNote()
    {
        var since = Stopwatch.GetElapsedTime(notedAt);
        var isSomethingNew = results.Count + vanished.Count > 0 || recovered != endpoint.Recovered || active.All.Any(IsSlow);
        return isSomethingNew ? since >= NoteEvery || results.Count == active.Count : window.Count == 0 && read != noted && since >= IdleNoteEvery;
    }

    /// <summary>Whether it is being sent, and what follows it is not to wait here for its end.</summary>
    private bool IsSlow(Delivery delivery) =>
        delivery is { IsFinished: false, Row: null, SentAt: { } at } && (Now - at > Slow || delivery.ResourceId == crowding || isEnding);

    /// <summary>Has noted what was done. What was delivered at the first attempt, which is nearly everything, is not waited for.</summary>
    private async Task NoteAsync()
    {
        var notes = new DeliveryNotes();
        foreach (var delivery in results)
        {
            DeliveryResult.Add(notes, delivery, Now);
        }

        foreach (var row in vanished)
        {
            notes.Done.Add((row.Seq, row.ResourceId));
        }

        PassSlow(notes);
        MovePosition(notes);
        endpoint.Judge(results, notes, ref recovered);
        foreach (var delivery in results)
        {
            active.Remove(delivery);
        }

        results.Clear();
        vanished.Clear();
        notedAt = Stopwatch.GetTimestamp();
        if (!notes.IsEmpty)
        {
            isUnsaved = true;
            var saving = SaveAsync(notes);
            noting = saving;
            if (!notes.IsPlain)
            {
                held.Settle(notes.Resources(), await saving, active);
                isNextDue = notes.Done.Count > 0;
            }
        }
    }

    private async Task<Dictionary<Guid, long>> SaveAsync(DeliveryNotes notes)
    {
        var stillHeld = await endpoint.Tools.Deliveries.NoteAsync(endpoint.Lease, tenantId, endpoint.Current, notes);
        isUnsaved = false;
        return stillHeld;
    }

    /// <summary>What is answered late gets a row, as if it had failed: what waits for it does so in the database, and in nobody's way.</summary>
    private void PassSlow(DeliveryNotes notes)
    {
        foreach (var delivery in active.All.Where(IsSlow).ToList())
        {
            delivery.Row = DeliveryResult.NewRow(delivery, Now);
            delivery.Row.NextAt = Now + Abandoned;
            notes.Later.Add(delivery.Row);
            held.Hold(delivery.ResourceId, delivery.Seq);
            delivery.Over.TrySetResult();
        }
    }

    /// <summary>Past everything that is done, or has a row.</summary>
    private void MovePosition(DeliveryNotes notes)
    {
        while (window.TryPeek(out var first) && (first.IsFinished || first.Row is not null))
        {
            window.Dequeue();
        }

        var position = window.TryPeek(out var next) ? next.Seq - 1 : read;
        if (position > noted)
        {
            notes.Position = noted = position;
        }
    }
}
