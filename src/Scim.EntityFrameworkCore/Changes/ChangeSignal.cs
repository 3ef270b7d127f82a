using System.Collections.Concurrent;

namespace Scim.EntityFrameworkCore.Changes;

/// <summary>
/// Wakes who waits for changes of a tenant, after a commit of this process. Nothing is sent through the database: NOTIFY in the
/// transaction of a write would make all commits queue (EVT-150, EVT-151). What other processes commit is found by looking.
/// </summary>
internal sealed class ChangeSignal
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource> waiting = new();

    /// <summary>Completes with the next commit. Taken before reading, so that nothing falls between reading and waiting.</summary>
    public Task Next(int tenantId) =>
        waiting.GetOrAdd(tenantId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Raise(int tenantId)
    {
        if (!waiting.IsEmpty && waiting.TryRemove(tenantId, out var waiters))
        {
            waiters.TrySetResult();
        }
    }
}
