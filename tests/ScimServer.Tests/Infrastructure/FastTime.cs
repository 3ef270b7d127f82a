namespace ScimServer.Tests.Infrastructure;

/// <summary>Ten seconds pass in one, for the clock and for timers: for what the server waits for that others have forgotten something.</summary>
internal sealed class FastTime : TimeProvider
{
    private const int Factor = 10;

    private readonly DateTimeOffset startedAt = System.GetUtcNow();
    private readonly long start = System.GetTimestamp();

    public override long TimestampFrequency => System.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => startedAt + (Factor * System.GetElapsedTime(start));

    public override long GetTimestamp() => start + (Factor * (System.GetTimestamp() - start));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(System.CreateTimer(callback, state, Fast(dueTime), Fast(period)));

    private static TimeSpan Fast(TimeSpan span) => span == Timeout.InfiniteTimeSpan ? span : span / Factor;

    private sealed class FastTimer(ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Fast(dueTime), Fast(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
