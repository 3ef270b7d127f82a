using Scim.Errors;

namespace Scim.Queries;

/// <summary>A number of <c>startIndex</c> or <c>count</c> (RFC 7644 §3.4.2.4).</summary>
internal static class PagingNumber
{
    /// <summary>A whole number, cut to what fits an int: however large, it means "beyond the end". Blank is not given.</summary>
    /// <exception cref="ScimException">400 invalidValue for anything that is no whole number.</exception>
    public static int? Parse(string parameter, string? text)
    {
        var trimmed = (text ?? "").AsSpan().Trim();
        if (trimmed.Length == 0)
        {
            return null;
        }

        var isNegative = trimmed[0] == '-';
        var digits = isNegative || trimmed[0] == '+' ? trimmed[1..] : trimmed;
        if (digits.Length == 0 || digits.ContainsAnyExceptInRange('0', '9'))
        {
            throw ScimErrors.InvalidValue($"\"{parameter}\" must be a whole number, not \"{ScimErrors.Shorten(text!)}\".");
        }

        long number = 0;
        foreach (var digit in digits)
        {
            number = Math.Min((number * 10) + (digit - '0'), int.MaxValue);
        }

        return (int)(isNegative ? -number : number);
    }
}
