namespace ScimServer.Events.Webhooks;

/// <summary>
/// Lets requests to an endpoint through: so many at a time, fewer when it asks to slow down (EVT-87), and when it takes nothing any more one at a time
/// with pauses that grow. An event that failed before tells nothing of the endpoint (EVT-123): it does not close the gate, and it takes turns with those
/// that have not been tried, of which half are theirs.
/// </summary>
internal sealed class DeliveryGate(int concurrency, TimeProvider time)
{
    /// <summary>So many failures in a row are not the fault of events any more.</summary>
    private const int Threshold = 10;

    /// <summary>
    /// So many events that have not been tried do not wait for the end of a pause, so that those that nobody can take are told from an endpoint that takes
    /// none; in the longest pause it is one.
    /// </summary>
    private const int MaxTrials = 8;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(5);

    private readonly Lock turn = new();
    private readonly LinkedList<TaskCompletionSource> first = new();
    private readonly LinkedList<TaskCompletionSource> again = new();

    /// <summary>Whether the last that was let in had been tried before.</summary>
    private bool wasAgain;

    /// <summary>Whether the last trial was the newest of those that waited: the next is the oldest.</summary>
    private bool wasNewest;

    /// <summary>Turns that are not given out, because the receiver is overloaded.</summary>
    private int taken;

    private int inside;
    private int insideAgain;

    /// <summary>Failures in a row, and when the first of them was.</summary>
    private int failures;

    private DateTimeOffset failingSince;

    /// <summary>Those of them that were of events which had not been tried before.</summary>
    private int firstFailures;

    private TimeSpan pause;
    private DateTimeOffset closedUntil;
    private int trials;

    /// <summary>Whether the endpoint asked for the pause.</summary>
    private bool isAsked;

    /// <summary>Since when the endpoint does nothing but fail; null while it does not.</summary>
    public DateTimeOffset? FailingSince
    {
        get
        {
            lock (turn)
            {
                return failures >= Threshold ? failingSince : null;
            }
        }
    }

    private bool IsClosed => firstFailures >= Threshold;

    private bool IsPausing => time.GetUtcNow() < closedUntil;

    /// <summary>Waits for a turn.</summary>
    /// <param name="isFirst">Whether the event has not been tried yet.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">The work ends.</exception>
    public async Task EnterAsync(bool isFirst, CancellationToken cancellationToken)
    {
        TaskCompletionSource mine;
        lock (turn)
        {
            var waiting = isFirst ? first : again;
            if (waiting.Count == 0 && CanEnter(isFirst))
            {
                Enter(isFirst);
                return;
            }

            // Goes on in the thread of the delivery before it: waking another one would cost more than the request itself.
            mine = new TaskCompletionSource();
            waiting.AddLast(mine);
        }

        await using var registration = cancellationToken.Register(() => mine.TrySetCanceled(cancellationToken));
        await mine.Task;
    }

    /// <summary>Gives a turn back after a success.</summary>
    public void Succeeded(bool isFirst)
    {
        lock (turn)
        {
            (failures, firstFailures) = (0, 0);
            closedUntil = default;
            taken = Math.Max(0, taken - 1);
        }

        Left(isFirst);
    }

    /// <summary>Gives a turn back after a failure.</summary>
    /// <param name="isFirst">Whether it was the event's first.</param>
    /// <param name="at">When it was.</param>
    /// <param name="slower">Whether the receiver is overloaded.</param>
    /// <param name="retryAfter">How long it asks to be left alone.</param>
    public void Failed(bool isFirst, DateTimeOffset at, bool slower, TimeSpan? retryAfter)
    {
        lock (turn)
        {
            failingSince = failures == 0 || at < failingSince ? at : failingSince;
            failures++;
            taken = slower ? taken + ((concurrency - taken) / 2) : taken;
            var wasClosed = IsClosed;
            firstFailures += isFirst ? 1 : 0;
            if (IsClosed)
            {
                Close(wasClosed, slower || retryAfter is not null, retryAfter ?? TimeSpan.Zero);
            }
        }

        Left(isFirst);
    }

    /// <summary>Gives a turn back that came to nothing.</summary>
    public void Left(bool isFirst)
    {
        Leave(isFirst);
        Look();
    }

    /// <summary>Lets in whoever may enter now; called from time to time, because a pause ends by itself.</summary>
    public void Look()
    {
        while (Admit() is var (next, isFirst))
        {
            if (!next.TrySetResult())
            {
                // It has been cancelled meanwhile.
                Leave(isFirst);
            }
        }
    }

    /// <summary>What was under way already when it closed, or is tried in a pause, makes the pause no longer.</summary>
    private void Close(bool wasClosed, bool asked, TimeSpan retryAfter)
    {
        if (!wasClosed || !IsPausing)
        {
            pause = !wasClosed ? FirstPause : pause * 2 < MaxPause ? pause * 2 : MaxPause;
            (closedUntil, trials, isAsked) = (time.GetUtcNow() + pause, 0, false);
        }

        isAsked |= asked;
        var until = time.GetUtcNow() + retryAfter;
        closedUntil = until > closedUntil ? until : closedUntil;
    }

    private (TaskCompletionSource Next, bool IsFirst)? Admit()
    {
        lock (turn)
        {
            if (again.Count > 0 && (first.Count == 0 || !wasAgain) && CanEnter(isFirst: false))
            {
                return (Take(again, again.First!), false);
            }

            if (first.Count == 0 || !CanEnter(isFirst: true))
            {
                return null;
            }

            // Those that nobody can take may stand in a row: who came last is as likely as any to be another one.
            wasNewest = IsClosed && !wasNewest;
            return (Take(first, wasNewest ? first.Last! : first.First!), true);
        }
    }

    private TaskCompletionSource Take(LinkedList<TaskCompletionSource> waiting, LinkedListNode<TaskCompletionSource> next)
    {
        waiting.Remove(next);
        Enter(isFirst: waiting == first);
        return next.Value;
    }

    private bool CanEnter(bool isFirst)
    {
        if (IsClosed)
        {
            return inside == 0 && (!IsPausing || (isFirst && !isAsked && trials < (pause < MaxPause ? MaxTrials : 1)));
        }

        var turns = concurrency - taken;
        return inside < turns && (isFirst || insideAgain < Math.Max(1, turns / 2));
    }

    private void Enter(bool isFirst)
    {
        inside++;
        insideAgain += isFirst ? 0 : 1;
        wasAgain = !isFirst;
        trials += IsClosed && IsPausing ? 1 : 0;
    }

    private void Leave(bool isFirst)
    {
        lock (turn)
        {
            inside--;
            insideAgain -= isFirst ? 0 : 1;
        }
    }
}
