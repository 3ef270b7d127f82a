namespace ScimServer.Events.Webhooks;

/// <summary>
/// When an event that failed is tried again (EVT-110): soon at first, for three days in all, each time a little later than at the same moment as the others.
/// A try before its time, as when an endpoint answers again, does not count: nothing is given up before the three days are over.
/// </summary>
internal static class RetrySchedule
{
    /// <summary>No receiver can put an event off for longer than that by Retry-After.</summary>
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromDays(1);

    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>When the attempts after the first are due, from that on.</summary>
    private static readonly TimeSpan[] Times = [.. Delays.Select((_, last) => Delays.Take(last + 1).Aggregate((sum, delay) => sum + delay))];

    /// <summary>How often an event is tried.</summary>
    public static int Attempts => Delays.Length + 1;

    /// <summary>How long to wait after so many attempts; null when there is no further one.</summary>
    /// <param name="attempts">Attempts so far.</param>
    /// <param name="since">How long ago the first of them failed.</param>
    /// <param name="retryAfter">What the receiver asked for.</param>
    /// <param name="spread">0 to 1: where in the spread of a fifth of the delay.</param>
    public static TimeSpan? After(int attempts, TimeSpan since, TimeSpan? retryAfter, double spread)
    {
        var counted = Math.Min(attempts, AttemptsBy(since));
        if (counted > Delays.Length)
        {
            return null;
        }

        var delay = Delays[counted - 1] * (1 + (spread * 0.2));
        var asked = retryAfter > MaxRetryAfter ? MaxRetryAfter : retryAfter;
        return asked > delay ? asked : delay;
    }

    /// <summary>Attempts whose time has come.</summary>
    private static int AttemptsBy(TimeSpan since) => 1 + Times.Count(time => time <= since);
}
