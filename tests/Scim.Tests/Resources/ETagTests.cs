using Scim.Errors;
using Scim.Resources;

namespace Scim.Tests.Resources;

/// <summary>RFC 7644 §3.14, RFC 9110 §8.8.3, §13.1.</summary>
public sealed class ETagTests
{
    [Theory]
    [InlineData("W/\"3\"", true)]
    [InlineData("\"3\"", true)]
    [InlineData("W/\"2\", W/\"3\"", true)]
    [InlineData("W/\"2\" ,, \t\"3\",", true)]
    [InlineData("\"a,b\",\"3\"", true)]
    [InlineData("*", true)]
    [InlineData(" * ", true)]
    [InlineData("W/\"2\"", false)]
    [InlineData("\"\"", false)]
    [InlineData("\"W/3\"", false)]
    [InlineData("\"a,3\"", false)]
    [InlineData("\"é\"", false)]
    [InlineData("", false)]
    [InlineData(" ,, ", false)]
    public void A_condition_matches_the_version_that_it_names(string header, bool matches) =>
        Assert.Equal(matches, ETagCondition.Parse("If-Match", [header]).Matches(3));

    [Theory]
    [InlineData("3")]
    [InlineData("garbage")]
    [InlineData("w/\"3\"")]
    [InlineData("W/3")]
    [InlineData("W/")]
    [InlineData("\"")]
    [InlineData("\"3")]
    [InlineData("\"3\"\"4\"")]
    [InlineData("\"3\" x")]
    [InlineData("\"3 4\"")]
    [InlineData("\"\u007f\"")]
    [InlineData("*,*")]
    [InlineData("*, \"3\"")]
    public void What_is_no_list_of_tags_is_refused(string header)
    {
        var error = Assert.Throws<ScimException>(() => ETagCondition.Parse("If-Match", [header])).Error;
        Assert.Equal((400, ScimErrorType.InvalidValue), (error.Status, error.Type));
    }

    [Fact]
    public void A_header_that_is_sent_twice_is_one_list() => Assert.True(ETagCondition.Parse("If-Match", ["\"2\"", "\"3\""]).Matches(3));

    [Fact]
    public void No_header_is_no_condition() => Assert.False(ETagCondition.Parse("If-Match", []).IsPresent);
}
