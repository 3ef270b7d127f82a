using System.Collections.Concurrent;
using Scim.EntityFrameworkCore.Streams;

namespace ScimServer.Events.SecurityEvents;

/// <summary>Pushes of one stream that have begun, and the results that are not noted yet.</summary>
internal sealed class PushesUnderWay(int sideBySide) : IDisposable
{
    private readonly SemaphoreSlim turns = new(sideBySide);
    private readonly ConcurrentQueue<PushResult> results = new();
    private readonly ConcurrentDictionary<string, OwedSet> tokens = new();
    private readonly HashSet<Task> running = [];
    private readonly List<Task> fresh = [];
    private int halts;

    /// <summary>The <c>jti</c> of the tokens that have been begun with and are not noted.</summary>
    public IReadOnlySet<string> Tokens => tokens.Keys.ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether there are neither.</summary>
    public bool IsEmpty => tokens.IsEmpty;

    /// <summary>Until when nothing at all is pushed, because the receiver asked for that; null before the first look.</summary>
    public DateTimeOffset? LeftAloneUntil { get; set; }

    /// <summary>When the oldest change happened that is being pushed; null when there is none.</summary>
    public DateTimeOffset? Oldest => tokens.IsEmpty ? null : tokens.Values.Min(set => set.Change?.At ?? set.Row.IssuedAt);

    /// <summary>Pushes tokens one after the other. What follows one that was refused waits with it.</summary>
    public void Start(IReadOnlyList<OwedSet> chain, Func<OwedSet, Task<PushResult>> push)
    {
        foreach (var set in chain)
        {
            tokens[set.Row.Jti] = set;
        }

        var task = PushAsync(chain, push);
        running.Add(task);
        fresh.Add(task);
    }

    /// <summary>
    /// Waits until what was begun since the last time is answered (when that is nothing, until anything is), some time is over or something else
    /// happens. So those that are slow do not slow down the others.
    /// </summary>
    public async Task WaitAsync(TimeSpan time, Task happening, CancellationToken cancellationToken)
    {
        var answered = fresh.Count > 0 ? Task.WhenAll(fresh) : Task.WhenAny(running);
        fresh.Clear();
        await Task.WhenAny(answered, happening, Task.Delay(time, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var done in running.Where(task => task.IsCompleted).ToList())
        {
            running.Remove(done);
            await done;
        }
    }

    /// <summary>Does not begin with what has not been begun with.</summary>
    public void Halt() => Interlocked.Increment(ref halts);

    /// <summary>Waits for what has been told to end.</summary>
    public async Task EndAsync() => await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public void Dispose() => turns.Dispose();

    /// <summary>The results so far; from then on their tokens are not under way any more.</summary>
    public List<PushResult> Take()
    {
        var taken = new List<PushResult>();
        while (results.TryDequeue(out var result))
        {
            tokens.TryRemove(result.Row.Jti, out _);
            taken.Add(result);
        }

        return taken;
    }

    private async Task PushAsync(IReadOnlyList<OwedSet> chain, Func<OwedSet, Task<PushResult>> push)
    {
        var seen = Volatile.Read(ref halts);
        await turns.WaitAsync();
        var pushed = 0;
        try
        {
            while (pushed < chain.Count && seen == Volatile.Read(ref halts))
            {
                var result = await push(chain[pushed]);
                pushed++;
                results.Enqueue(result);
                if (result.IsRefused)
                {
                    break;
                }
            }
        }
        finally
        {
            turns.Release();
            foreach (var following in chain.Skip(pushed))
            {
                tokens.TryRemove(following.Row.Jti, out _);
            }
        }
    }
}
