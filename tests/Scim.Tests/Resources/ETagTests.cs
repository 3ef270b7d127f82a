using Scim.Resources;

namespace Scim.Tests.Resources;

/// <summary>RFC 7644 §3.14, RFC 9110 §13.1.</summary>
public sealed class ETagTests
{
    [Theory]
    [InlineData("W/\"3\"", true)]
    [InlineData("\"3\"", true)]
    [InlineData("W/\"2\", W/\"3\"", true)]
    [InlineData("*", true)]
    [InlineData("W/\"2\"", false)]
    [InlineData("3", false)]
    [InlineData("garbage", false)]
    public void A_condition_matches_the_version_that_it_names(string header, bool matches) =>
        Assert.Equal(matches, ETagCondition.Parse([header]).Matches(3));

    [Fact]
    public void No_header_is_no_condition() => Assert.False(ETagCondition.Parse([]).IsPresent);
}
