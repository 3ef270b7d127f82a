using Scim.Errors;

namespace Scim.Queries;

/// <summary>A number of <c>startIndex</c> or <c>count</c> (RFC 7644 §3.4.2.4).</summary>
internal static class PagingNumber
{
    /// <summary>A whole number, cut to what fits an int: however large, it means "beyond the end". Blank is not given.</summary>
    /// <exception cref="ScimException">400 invalidValue for anything that is no whole number.</exception>
    public static int? Parse(string parameter, string? text) =>
        TryParse(text, out var number) ? number : throw ScimErrors.InvalidValue(NotWhole(parameter, text!));

    /// <summary>The <c>count</c> of a walk by cursor.</summary>
    /// <exception cref="ScimException">400 invalidCount (RFC 9865 §2.1).</exception>
    public static int? ParseCount(string? text) =>
        TryParse(text, out var number) ? number : throw ScimErrors.InvalidCount(NotWhole("count", text!));

    private static string NotWhole(string parameter, string text) => $"\"{parameter}\" must be a whole number, not \"{ScimErrors.Shorten(text)}\".";

    private static bool TryParse(string? text, out int? number)
    {
        number = null;
        var trimmed = (text ?? "").AsSpan().Trim();
        if (trimmed.Length == 0)
        {
            return true;
        }

        var isNegative = trimmed[0] == '-';
        var digits = isNegative || trimmed[0] == '+' ? trimmed[1..] : trimmed;
        if (digits.Length == 0 || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        long value = 0;
        foreach (var digit in digits)
        {
            value = Math.Min((value * 10) + (digit - '0'), int.MaxValue);
        }

        number = (int)(isNegative ? -value : value);
        return true;
    }
}
