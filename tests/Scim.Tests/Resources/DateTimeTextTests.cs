using Scim.Resources;

namespace Scim.Tests.Resources;

/// <summary>RFC 7643 §2.3.5; XML Schema Part 2, §3.2.7.</summary>
public sealed class DateTimeTextTests
{
    [Theory]
    [InlineData("2008-01-23T04:56:22Z")]
    [InlineData("2008-01-23T04:56:22")]
    [InlineData("2008-01-23T04:56:22.000Z")]
    [InlineData("2008-01-23T04:56:22.1234567890123-05:30")]
    [InlineData("2008-01-23T04:56:22+14:00")]
    [InlineData("2008-01-23T04:56:22-00:00")]
    [InlineData("2008-12-31T24:00:00Z")]
    [InlineData("2008-12-31T24:00:00.00+01:00")]
    public void What_is_valid_stays_as_it_is(string text) => Assert.Equal(text, DateTimeText.Read(text));

    [Theory]
    [InlineData("2020-01-01T00:00Z", "2020-01-01T00:00:00Z")]
    [InlineData("2020-01-01T00:00", "2020-01-01T00:00:00")]
    [InlineData("2020-01-01T00:00+0100", "2020-01-01T00:00:00+01:00")]
    [InlineData("2020-01-01T00:00:00.120-0930", "2020-01-01T00:00:00.120-09:30")]
    [InlineData("2020-01-01T00:00:00+01", "2020-01-01T00:00:00+01:00")]
    [InlineData("2020-01-01T00:00:00.Z", "2020-01-01T00:00:00Z")]
    [InlineData("2020-01-01T24:00Z", "2020-01-01T24:00:00Z")]
    public void Another_spelling_becomes_the_valid_one_of_the_same_moment(string text, string valid) => Assert.Equal(valid, DateTimeText.Read(text));

    [Theory]
    [InlineData("2020-01-01")]
    [InlineData("2020-01-01 00:00:00Z")]
    [InlineData("2020-01-01t00:00:00z")]
    [InlineData("2020-13-01T00:00:00Z")]
    [InlineData("2020-02-30T00:00:00Z")]
    [InlineData("2020-01-01T24:00:01Z")]
    [InlineData("2020-01-01T24:01:00Z")]
    [InlineData("2020-01-01T25:00:00Z")]
    [InlineData("2020-01-01T00:00:60Z")]
    [InlineData("2020-01-01T00:00:00+15:00")]
    [InlineData("2020-01-01T00:00:00+01:60")]
    [InlineData("2020-01-01T00:00:00 +01:00")]
    [InlineData("2020-01-01T00:00:00Z\n")]
    [InlineData("٢٠٢٠-01-01T00:00:00Z")]
    [InlineData("9999-12-31T24:00:00Z")]
    [InlineData("1577836800")]
    [InlineData("yesterday")]
    public void What_is_no_dateTime_is_none(string text) => Assert.Null(DateTimeText.Read(text));
}
