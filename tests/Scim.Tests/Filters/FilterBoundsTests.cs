using Scim.Errors;
using Scim.Filters;

namespace Scim.Tests.Filters;

public sealed class FilterBoundsTests
{
    private static readonly ScimLimits Unbounded = new() { MaxFilterLength = int.MaxValue, MaxFilterTerms = int.MaxValue };

    [Theory]
    [InlineData("(", "a pr", ")")]
    [InlineData("not (", "a pr", ")")]
    [InlineData("(", "", "")]
    [InlineData("not(", "", "")]
    public void Nesting_of_ten_thousand_is_refused_not_overflowed(string open, string inner, string close)
    {
        var text = string.Concat(Enumerable.Repeat(open, 10_000)) + inner + string.Concat(Enumerable.Repeat(close, 10_000));
        Assert.Contains("nested", Refused(text, Unbounded), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_path_in_a_value_path_ends_the_reading() =>
        Assert.Contains("a value path", Refused(string.Concat(Enumerable.Repeat("a[", 10_000)), Unbounded), StringComparison.Ordinal);

    [Theory]
    [InlineData(" or ")]
    [InlineData(" and ")]
    public void Ten_thousand_terms_are_refused(string link)
    {
        var text = string.Join(link, Enumerable.Range(0, 10_000).Select(i => $"a eq \"{i}\""));
        Assert.Equal("The filter has more than 500 comparisons.", Refused(text, new ScimLimits { MaxFilterLength = int.MaxValue }));
    }

    [Fact]
    public void A_hundred_kilobytes_are_refused_unread() => Assert.Equal(
        "The filter has 100000 characters; at most 16384 are read.", Refused(new string('(', 100_000), new ScimLimits()));

    [Fact]
    public void What_the_bounds_allow_is_read_bound_and_printed()
    {
        var terms = string.Join(" or ", Enumerable.Range(0, 500).Select(i => $"title eq \"{i}\""));
        Assert.Equal(terms, Filter.Parse(terms, new ScimLimits()).ToString());

        var nested = string.Concat(Enumerable.Repeat("not (", 50)) + "a pr" + new string(')', 50);
        Assert.Equal(nested, Filter.Parse(nested, new ScimLimits()).ToString());
    }

    [Fact]
    public void A_long_word_is_refused_in_linear_time()
    {
        var colons = string.Concat(Enumerable.Repeat("a:", 100_000)) + "!";
        Assert.Contains("is not an attribute path", Refused(colons + " pr", Unbounded), StringComparison.Ordinal);
    }

    private static string Refused(string text, ScimLimits limits)
    {
        var error = Assert.Throws<ScimException>(() => Filter.Parse(text, limits)).Error;
        Assert.Equal((400, ScimErrorType.InvalidFilter), (error.Status, error.Type));
        return error.Detail;
    }
}
