namespace ScimServer.Tests.Infrastructure;

/// <summary>The time of day, moved on by hand. Timers run as ever.</summary>
internal sealed class MovableTime : TimeProvider
{
    private long ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref ahead));

    public override long GetTimestamp() =>
        base.GetTimestamp() + (long)(TimeSpan.FromTicks(Interlocked.Read(ref ahead)).TotalSeconds * TimestampFrequency);

    public void Move(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);
}
