using System.Globalization;

namespace Scim.Resources;

/// <summary>Numbers that can be kept as they were sent: parsing alone rounds what has too many digits, 1e-29 to 0.</summary>
internal static class ExactDecimal
{
    /// <summary>Reads a number as JSON writes it.</summary>
    /// <param name="json">The number.</param>
    /// <param name="number">Its value, to the last digit.</param>
    /// <returns>False for a number of more than 28 digits (29 where the value allows it), zeros behind the point included.</returns>
    public static bool TryParse(string json, out decimal number) =>
        decimal.TryParse(json, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
        && Digits(json) == Digits(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The digits without the zeros around them, and the power of ten of the last one: the same for two spellings of a number but its sign.</summary>
    private static (string Digits, long Power) Digits(string text)
    {
        var end = text.AsSpan().IndexOfAny('e', 'E');
        var mantissa = end < 0 ? text : text[..end];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('-', '+', '0');
        var significant = digits.TrimEnd('0');
        if (significant.Length == 0)
        {
            return ("", 0);
        }

        // An exponent beyond 64 bits is that of no number that is kept.
        var exponent = end < 0 ? 0 : long.TryParse(text.AsSpan(end + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var sent) ? sent : long.MaxValue;
        var fraction = point < 0 ? 0 : mantissa.Length - point - 1;
        return (significant, exponent - fraction + digits.Length - significant.Length);
    }
}
