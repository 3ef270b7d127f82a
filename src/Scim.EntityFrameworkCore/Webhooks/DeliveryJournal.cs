using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Leases;

namespace Scim.EntityFrameworkCore.Webhooks;

/// <summary>What a lane has delivered at the first attempt.</summary>
/// <param name="Lease">The right to deliver.</param>
/// <param name="TenantId">The tenant whose events they are; 0 for operational events.</param>
/// <param name="EndpointId">The endpoint.</param>
/// <param name="Position">Where the position is now; null when it has not moved.</param>
/// <param name="Delivered">The attempts.</param>
internal sealed record DeliveryNote(Lease Lease, int TenantId, Guid EndpointId, long? Position, IReadOnlyList<WebhookAttempt> Delivered)
{
    /// <summary>The attempts as they are stored; null for none.</summary>
    public string? Entries => Delivered.Count == 0 ? null : WebhookAttempt.Write(Delivered);

    /// <summary>The lowest number of an event.</summary>
    public long FirstSeq => Delivered.Count == 0 ? 0 : Delivered.Min(attempt => attempt.Seq);

    /// <summary>The highest number of an event.</summary>
    public long LastSeq => Delivered.Count == 0 ? 0 : Delivered.Max(attempt => attempt.Seq);
}

/// <summary>
/// Writes down what was delivered at the first attempt, which is nearly everything: what all lanes of this process did in a tenth of a second,
/// in one transaction.
/// </summary>
public sealed class DeliveryJournal
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ScimDatabase database;
    private readonly WorkLeases leases;
    private readonly TimeProvider time;
    private readonly Lock turn = new();
    private List<Entry> waiting = [];
    private Task running = Task.CompletedTask;

    /// <summary>Made by the container.</summary>
    public DeliveryJournal(ScimDatabase database, WorkLeases leases, TimeProvider time)
    {
        this.database = database;
        this.leases = leases;
        this.time = time;
    }

    /// <summary>Completes when the note is committed.</summary>
    /// <exception cref="LeaseLostException">Another instance delivers now. Nothing of the note was written.</exception>
    internal Task WriteAsync(DeliveryNote note)
    {
        var entry = new Entry(note, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (turn)
        {
            waiting.Add(entry);
            if (running.IsCompleted)
            {
                running = Task.Run(RunAsync);
            }
        }

        return entry.Written.Task;
    }

    private async Task RunAsync()
    {
        while (true)
        {
            List<Entry> batch;
            lock (turn)
            {
                (batch, waiting) = (waiting, []);
                if (batch.Count == 0)
                {
                    running = Task.CompletedTask;
                    return;
                }
            }

            await WriteAsync(batch);
            await Task.Delay(Pause);
        }
    }

    private async Task WriteAsync(List<Entry> batch)
    {
        try
        {
            using var mine = await database.Dialect.EnterWriteAsync(CancellationToken.None);
            await using var context = database.OpenForAccess();
            await context.Database.OpenConnectionAsync();
            var held = await database.Dialect.NoteAsync(context.Database.GetDbConnection(), leases.Holder, time.GetUtcNow(), [.. batch.Select(entry => entry.Note)]);
            foreach (var entry in batch)
            {
                if (held.Contains(entry.Note.Lease))
                {
                    entry.Written.TrySetResult();
                }
                else
                {
                    entry.Written.TrySetException(new LeaseLostException(entry.Note.Lease.Name));
                }
            }
        }
#pragma warning disable CA1031 // Who waits hears of it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            batch.ForEach(entry => entry.Written.TrySetException(exception));
        }
    }

    private sealed record Entry(DeliveryNote Note, TaskCompletionSource Written);
}
