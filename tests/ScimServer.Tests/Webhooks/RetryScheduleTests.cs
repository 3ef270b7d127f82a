using ScimServer.Events.Webhooks;

namespace ScimServer.Tests.Webhooks;

/// <summary>When events that failed are tried again (EVT-110).</summary>
public sealed class RetryScheduleTests
{
    private static readonly TimeSpan All = TimeSpan.FromMinutes(4_535) + TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(1, 0, 5)]
    [InlineData(2, 5, 5 * 60)]
    [InlineData(3, 305, 30 * 60)]
    [InlineData(9, 200_000, 24 * 3600)]
    [InlineData(3, 10_000_000, 30 * 60)]
    public void Each_attempt_is_later_than_the_one_before(int attempts, int secondsSinceTheFirst, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetrySchedule.After(attempts, TimeSpan.FromSeconds(secondsSinceTheFirst), retryAfter: null, spread: 0));

    [Theory]
    [InlineData(2, 0, 5)]
    [InlineData(5, 4, 5)]
    [InlineData(9, 100, 5 * 60)]
    [InlineData(10, 400, 30 * 60)]
    [InlineData(50, 200_000, 24 * 3600)]
    public void An_attempt_before_its_time_does_not_count(int attempts, int secondsSinceTheFirst, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetrySchedule.After(attempts, TimeSpan.FromSeconds(secondsSinceTheFirst), retryAfter: null, spread: 0));

    [Fact]
    public void Nothing_is_given_up_before_ten_attempts_and_three_days()
    {
        Assert.Null(RetrySchedule.After(10, All, retryAfter: null, spread: 0));
        Assert.NotNull(RetrySchedule.After(9, All * 3, retryAfter: null, spread: 0));
        Assert.NotNull(RetrySchedule.After(100, All - TimeSpan.FromSeconds(1), retryAfter: null, spread: 0));
    }

    [Fact]
    public void Retry_After_counts_up_to_a_day()
    {
        Assert.Equal(TimeSpan.FromHours(1), RetrySchedule.After(1, TimeSpan.Zero, TimeSpan.FromHours(1), spread: 1));
        Assert.Equal(TimeSpan.FromDays(1), RetrySchedule.After(1, TimeSpan.Zero, TimeSpan.FromDays(9), spread: 1));
        Assert.Equal(TimeSpan.FromSeconds(6), RetrySchedule.After(1, TimeSpan.Zero, TimeSpan.FromSeconds(1), spread: 1));
    }
}
