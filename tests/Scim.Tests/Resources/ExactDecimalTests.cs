using System.Globalization;
using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Tests.Resources;

/// <summary>RFC 7643 §2.3.3 has no bounds for a decimal; the server's are 28 digits, and it alters no number.</summary>
public sealed class ExactDecimalTests
{
    private static readonly SchemaAttribute Weight = new() { Name = "weight", Type = AttributeType.Decimal };

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0.0", "0.0")]
    [InlineData("0e999999999999999999999", "0")]
    [InlineData("1.50", "1.50")]
    [InlineData("-10.25", "-10.25")]
    [InlineData("1e3", "1000")]
    [InlineData("1.5E+3", "1500")]
    [InlineData("100e-30", "0.0000000000000000000000000001")]
    [InlineData("-1e-28", "-0.0000000000000000000000000001")]
    [InlineData("0.0000000000000000000000000001", "0.0000000000000000000000000001")]
    [InlineData("0.1234567890123456789012345678", "0.1234567890123456789012345678")]
    [InlineData("1.00000000000000000000000000000000000000", "1")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    public void A_number_of_28_digits_is_kept(string sent, string kept) =>
        Assert.Equal(decimal.Parse(kept, CultureInfo.InvariantCulture), ValueReader.Read(Weight, JsonNode.Parse(sent))!.GetValue<decimal>());

    [Theory]
    [InlineData("1e-29")]
    [InlineData("-1e-29")]
    [InlineData("0.00000000000000000000000000001")]
    [InlineData("1.00000000000000000000000000001")]
    [InlineData("0.12345678901234567890123456785")]
    [InlineData("12345678901234567890123456789.1")]
    [InlineData("79228162514264337593543950336")]
    [InlineData("1e29")]
    [InlineData("1e400")]
    [InlineData("1e-400")]
    [InlineData("1e-99999999999999999999999")]
    public void A_number_that_would_be_another_one_is_refused(string sent)
    {
        var refused = Assert.Throws<ScimException>(() => ValueReader.Read(Weight, JsonNode.Parse(sent))).Error;

        Assert.Equal((ScimErrorType.InvalidValue, "weight must be a number of at most 28 digits, zeros behind the point included."), (refused.Type, refused.Detail));
    }
}
