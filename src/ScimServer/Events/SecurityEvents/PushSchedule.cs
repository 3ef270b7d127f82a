using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Streams;

namespace ScimServer.Events.SecurityEvents;

/// <summary>
/// When what failed is pushed again. A receiver that says what is wrong with a token, or takes others, refuses this one: it is tried again
/// over three days, and holds back its resource. A receiver that takes none is asked with a few, at most five minutes apart, and nothing is given up;
/// unless it asks to be left alone, tokens that it has not been tried with do not wait for that (<see cref="DueSets"/>).
/// </summary>
internal sealed class PushSchedule(IOptions<SecurityEventsOptions> options, TimeProvider time)
{
    /// <summary>An unreadable token stays so; it is tried so often in case the receiver mends itself (EVT-55). Longer if it reads no others either.</summary>
    private const int AttemptsOfUnreadable = 3;

    private const double LeastSpread = 0.8;

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
        var delivered = results.Where(result => result.Error is null).Select(result => result.Row).ToList();
        var expired = results.Where(result => result.Error?.Err == SetErrors.Expired).Select(result => new FailedPush(result.Row, result.Error!, null, null, GivenUp: true));
        var told = results.Where(result => result.IsAboutToken).ToList();
        var silent = results.Where(result => result.IsRefused && !result.IsAboutToken).ToList();
        var isAlive = delivered.Count + told.Count > 0;
        bool TakesOthers(PushResult result) => delivered.Count > 0 || stream.DeliveredAt >= Since(result);
        FailedPush Refused(PushResult result) => Later(result, TakesOthers(result));
        if (delivered.Count > 0 || !(silent.Exists(IsGone) || LooksDead([.. silent.Where(result => !TakesOthers(result))])))
        {
            return new PushOutcome(delivered, [.. expired, .. told.Concat(silent).Select(Refused)], isAlive, RetryAt: null, IsAsked: false, PauseReason: null);
        }

        var isAsked = silent.Exists(AsksToWait);
        var asked = silent.Max(result => result.RetryAfter) ?? TimeSpan.Zero;
        var wait = Spread(TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, Math.Min(stream.Failures, 20)))));
        wait = asked > wait ? (asked < LongestRetryAfter ? asked : LongestRetryAfter) : wait;

        // One more that fails while the receiver is left alone does not lengthen that.
        var retryAt = !isAsked && stream.RetryAt > now ? stream.RetryAt : now + wait;
        var again = silent.Select(result => new FailedPush(result.Row, result.Error!, result.HttpStatus, null, GivenUp: false));
        return new PushOutcome(delivered, [.. again, .. expired, .. told.Select(Refused)], isAlive, retryAt, isAsked, Reason(stream, silent, now));
    }

    /// <summary>Whether a receiver takes nothing that has taken nothing since these failed before. A single one that failed while others got through does not say so.</summary>
    private static bool LooksDead(List<PushResult> silent) => silent.Count > 1 || silent.Exists(result => result.Row.Attempts == 0);

    private static bool AsksToWait(PushResult result) => result.RetryAfter is not null || result.HttpStatus == StatusCodes.Status429TooManyRequests || IsGone(result);

    private static bool IsGone(PushResult result) => result.HttpStatus == StatusCodes.Status410Gone;

    /// <summary>Since when another token must have been taken, to show that it is this one that cannot be: since its last failure, or what the receiver says of it.</summary>
    private static DateTimeOffset Since(PushResult result) => result is { IsAboutToken: false, Row: { Attempts: > 0, NextAttemptAt: { } due } }
        ? due - (Waits[Math.Min(result.Row.Attempts, Waits.Length) - 1] * LeastSpread)
        : result.Row.IssuedAt;

    private string? Reason(EventStreamRow stream, IEnumerable<PushResult> refused, DateTimeOffset now)
    {
        if (refused.Any(IsGone))
        {
            return "The receiver answered 410: it does not want any more.";
        }

        var days = options.Value.PauseAfterDays;
        return stream.FailingSince + TimeSpan.FromDays(days) <= now ? $"The receiver has taken nothing for {days} days." : null;
    }

    private FailedPush Later(PushResult result, bool takesOthers)
    {
        var attempts = result.Row.Attempts;
        var isUnreadable = result.Error!.Err == SetErrors.InvalidRequest && attempts + 1 >= AttemptsOfUnreadable;
        var givenUp = (isUnreadable && takesOthers) || (attempts >= Waits.Length && (takesOthers || result.IsAboutToken));
        return new FailedPush(result.Row, result.Error!, result.HttpStatus, givenUp ? null : Now + Spread(Waits[Math.Min(attempts, Waits.Length - 1)]), givenUp);
    }

    /// <summary>So that what failed together is not tried again together.</summary>
    private static TimeSpan Spread(TimeSpan wait) => wait * (LeastSpread + (Random.Shared.NextDouble() * 0.4));
}
