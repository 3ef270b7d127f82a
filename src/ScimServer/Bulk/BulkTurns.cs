namespace ScimServer.Bulk;

/// <summary>
/// Lets only so many bulks at a time be more than bytes: as values, documents and answers operations take many times that memory, and more than one
/// bulk for each core, and one that waits for the database, make none of them faster. The others wait with their bodies read, so that a slow client
/// holds up nobody.
/// </summary>
public sealed class BulkTurns : IDisposable
{
    private readonly SemaphoreSlim free = new(1 + Environment.ProcessorCount);

    /// <summary>Waits for a turn, which ends when what is returned is disposed of.</summary>
    public async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        await free.WaitAsync(cancellationToken);
        return new Turn(free);
    }

    /// <inheritdoc/>
    public void Dispose() => free.Dispose();

    private sealed class Turn(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
