namespace ScimServer.Startup;

/// <summary>Whether the database has been prepared, and what is missing until it is.</summary>
internal sealed class Readiness
{
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string missing = "The server is starting.";

    public bool IsReady => ready.Task.IsCompleted;

    /// <summary>What keeps requests waiting; null once the server is ready.</summary>
    public string? Missing => IsReady ? null : missing;

    public void Wait(string reason) => missing = reason;

    public void SetReady() => ready.TrySetResult();

    /// <summary>For what works in the background: ends as soon as the server is ready, which it stays.</summary>
    public Task WhenReadyAsync(CancellationToken cancellationToken) => ready.Task.WaitAsync(cancellationToken);
}
