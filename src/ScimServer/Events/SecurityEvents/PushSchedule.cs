using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Streams;

namespace ScimServer.Events.SecurityEvents;

/// <summary>
/// When what failed is pushed again. A receiver that takes other tokens refuses this one: it is tried again over three days, and holds back
/// its resource. A receiver that takes none is asked with a few, at most five minutes apart, and nothing is given up.
/// </summary>
internal sealed class PushSchedule(IOptions<SecurityEventsOptions> options, TimeProvider time)
{
    /// <summary>An unreadable token stays so; it is tried so often in case the receiver mends itself (EVT-55).</summary>
    private const int AttemptsOfUnreadable = 3;

    /// <summary>EVT-110.</summary>
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(24);

    /// <summary>The time.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>What follows from the pushes of a batch.</summary>
    public PushOutcome Conclude(EventStreamRow stream, IReadOnlyList<PushResult> results)
    {
        var now = Now;
        var delivered = results.Where(result => result.Error is null).Select(result => result.Row.Jti).ToList();
        var expired = results.Where(result => result.Error?.Err == SetErrors.Expired).Select(result => new FailedPush(result.Error!, null, null, GivenUp: true));
        var refused = results.Where(result => result.IsRefused).ToList();
        if (refused.Count == 0 || delivered.Count > 0)
        {
            return new PushOutcome(delivered, [.. expired, .. refused.Select(result => Later(result, now))], RetryAt: null, PauseReason: null);
        }

        var asked = refused.Max(result => result.RetryAfter) ?? TimeSpan.Zero;
        var wait = Spread(TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, Math.Min(stream.Failures, 20)))));
        wait = asked > wait ? (asked < LongestRetryAfter ? asked : LongestRetryAfter) : wait;
        return new PushOutcome(delivered, [.. expired, .. refused.Select(result => new FailedPush(result.Error!, result.HttpStatus, null, GivenUp: false))], now + wait, Reason(stream, refused, now));
    }

    private string? Reason(EventStreamRow stream, IEnumerable<PushResult> refused, DateTimeOffset now)
    {
        if (refused.Any(result => result.HttpStatus == StatusCodes.Status410Gone))
        {
            return "The receiver answered 410: it does not want any more.";
        }

        var days = options.Value.PauseAfterDays;
        return stream.FailingSince + TimeSpan.FromDays(days) <= now ? $"The receiver has taken nothing for {days} days." : null;
    }

    private static FailedPush Later(PushResult result, DateTimeOffset now)
    {
        var attempts = result.Row.Attempts;
        var givenUp = attempts >= Waits.Length || (result.Error!.Err == SetErrors.InvalidRequest && attempts + 1 >= AttemptsOfUnreadable);
        return new FailedPush(result.Error!, result.HttpStatus, givenUp ? null : now + Spread(Waits[attempts]), givenUp);
    }

    /// <summary>So that what failed together is not tried again together.</summary>
    private static TimeSpan Spread(TimeSpan wait) => wait * (0.8 + (Random.Shared.NextDouble() * 0.4));
}
