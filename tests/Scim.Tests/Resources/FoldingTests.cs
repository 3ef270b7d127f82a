using CsCheck;
using Scim.Resources;

namespace Scim.Tests.Resources;

public sealed class FoldingTests
{
    [Theory]
    [InlineData("Anna.Test@Contoso.COM", "anna.test@contoso.com")]
    [InlineData("E\u0301MILE", "émile")]
    [InlineData("ΟΔΟΣ", "οδος")]
    [InlineData("οδοσ", "οδος")]
    [InlineData("ſtraße", "STRAßE")]
    [InlineData("𐐀", "𐐨")]
    public void Values_that_differ_by_case_or_composition_are_one(string left, string right) =>
        Assert.Equal(Folding.Fold(left), Folding.Fold(right));

    [Theory]
    [InlineData("resume", "résumé")]
    [InlineData("I", "ı")]
    public void Values_that_differ_in_letters_are_two(string left, string right) =>
        Assert.NotEqual(Folding.Fold(left), Folding.Fold(right));

    [Fact]
    public void Folding_twice_is_folding_once() => Texts().Sample(text => Folding.Fold(Folding.Fold(text)) == Folding.Fold(text));

    [Fact]
    public void Order_is_the_order_of_UTF8() => Gen.Select(Texts(), Texts()).Sample((left, right) =>
        Math.Sign(Folding.Compare(left, right))
        == Math.Sign(System.Text.Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(right))));

    /// <summary>RFC 7643 §2.3.5: any offset, any precision.</summary>
    [Theory]
    [InlineData("2011-05-13T04:42:34Z", "2011-05-13T04:42:34.0000000Z")]
    [InlineData("2011-05-13T04:42:34+02:00", "2011-05-13T02:42:34.0000000Z")]
    [InlineData("2011-05-13T04:42:34.5Z", "2011-05-13T04:42:34.5000000Z")]
    [InlineData("2011-05-13T04:42:34.123456789Z", "2011-05-13T04:42:34.1234567Z")]
    [InlineData("2011-05-13T04:42:34", "2011-05-13T04:42:34.0000000Z")]
    [InlineData("2011-12-31T24:00:00+01:00", "2011-12-31T23:00:00.0000000Z")]
    public void DateTimes_become_UTC_of_one_width(string text, string expected)
    {
        Assert.True(Folding.TryDateTime(text, out var fixedWidth));
        Assert.Equal(expected, fixedWidth);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2011-05-13")]
    [InlineData("13/05/2011 04:42")]
    [InlineData("")]
    public void What_is_no_xsd_dateTime_is_refused(string text) => Assert.False(Folding.TryDateTime(text, out _));

    private static readonly string[] Tricky = ["İstanbul", "ıI", "ẞß", "ǅ", "ŉ", "ΐ", "ﬃ", "\u212a", "\u212b", "e\u0301\u0323", "\uac00", "\uff21", "🙂z"];

    private static Gen<string> Texts() => Gen.OneOf(
        Gen.String[Gen.Char['\u0020', '\u05ff'], 0, 12],
        Gen.Int[0x10000, 0x1F9FF].Array[0, 4].Select(points => string.Concat(points.Select(char.ConvertFromUtf32))),
        Gen.Int[0, Tricky.Length - 1].Select(i => Tricky[i]));
}
