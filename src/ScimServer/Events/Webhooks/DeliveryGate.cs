namespace ScimServer.Events.Webhooks;

/// <summary>
/// Lets requests to an endpoint through: so many at a time, fewer when it asks to slow down (EVT-87), and when it does nothing but fail
/// one at a time with pauses that grow. What waits here has not been tried.
/// </summary>
internal sealed class DeliveryGate(int concurrency, TimeProvider time)
{
    /// <summary>So many failures in a row are not the fault of events any more.</summary>
    private const int Threshold = 10;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(5);

    private readonly Lock turn = new();
    private readonly Queue<TaskCompletionSource> waiting = new();

    /// <summary>Turns that are not given out, because the receiver is overloaded.</summary>
    private int taken;

    private int inside;
    private int failures;
    private DateTimeOffset closedUntil;

    /// <summary>Whether the endpoint does nothing but fail.</summary>
    public bool IsFailing => Volatile.Read(ref failures) >= Threshold;

    /// <summary>Waits for a turn.</summary>
    /// <exception cref="OperationCanceledException">The work ends.</exception>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource mine;
        lock (turn)
        {
            if (waiting.Count == 0 && CanEnter())
            {
                inside++;
                return;
            }

            // Goes on in the thread of the delivery before it: waking another one would cost more than the request itself.
            mine = new TaskCompletionSource();
            waiting.Enqueue(mine);
        }

        await using var registration = cancellationToken.Register(() => mine.TrySetCanceled(cancellationToken));
        await mine.Task;
    }

    /// <summary>Gives a turn back after a success.</summary>
    public void Succeeded()
    {
        lock (turn)
        {
            failures = 0;
            closedUntil = default;
            taken = Math.Max(0, taken - 1);
        }

        Left();
    }

    /// <summary>Gives a turn back after a failure.</summary>
    /// <param name="slower">Whether the receiver is overloaded.</param>
    /// <param name="retryAfter">How long it asks to be left alone.</param>
    public void Failed(bool slower, TimeSpan? retryAfter)
    {
        lock (turn)
        {
            failures++;
            taken = slower ? taken + ((concurrency - taken) / 2) : taken;
            if (failures >= Threshold)
            {
                var pause = FirstPause * Math.Pow(2, Math.Min(failures - Threshold, 10));
                pause = pause < MaxPause ? pause : MaxPause;
                closedUntil = time.GetUtcNow() + (retryAfter > pause ? retryAfter.Value : pause);
            }
        }

        Left();
    }

    /// <summary>Gives a turn back that came to nothing.</summary>
    public void Left()
    {
        lock (turn)
        {
            inside--;
        }

        Look();
    }

    /// <summary>Lets in whoever may enter now; called from time to time, because a pause ends by itself.</summary>
    public void Look()
    {
        while (Admit() is { } next)
        {
            if (!next.TrySetResult())
            {
                // It has been cancelled meanwhile.
                lock (turn)
                {
                    inside--;
                }
            }
        }
    }

    private TaskCompletionSource? Admit()
    {
        lock (turn)
        {
            if (waiting.TryPeek(out var next) && (next.Task.IsCompleted || CanEnter()))
            {
                inside++;
                return waiting.Dequeue();
            }

            return null;
        }
    }

    private bool CanEnter() => failures < Threshold ? inside < concurrency - taken : inside == 0 && time.GetUtcNow() >= closedUntil;
}
