using System.Globalization;
using System.Text;
using Scim.Schemas;

namespace Scim.Resources;

/// <summary>
/// The one place that decides when two values are the same. It is applied alike to stored values and to the literals of
/// filters, so that SQLite, PostgreSQL and the evaluator agree by construction.
/// </summary>
public static class Folding
{
    private const int DateLength = 10;
    private const string EndOfDay = "T24:00";
    private const string StartOfDay = "T00:00";
    private const string FixedWidth = "yyyy-MM-ddTHH:mm:ss.fffffffZ";

    private static readonly string[] DateTimeFormats =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK"];

    /// <summary>Composed form (NFC), so that é typed in one or in two characters is one value (RFC 7644 §5, PRECIS).</summary>
    public static string Normalize(string value) => Ascii.IsValid(value) ? value : value.Normalize(NormalizationForm.FormC);

    /// <summary>
    /// NFC, and without a difference of case. Upper case is taken first: it joins letters that have two small forms
    /// (σ and ς, s and ſ) before they are made small again.
    /// </summary>
    public static string Fold(string value)
    {
        if (Ascii.IsValid(value))
        {
            return value.ToLowerInvariant();
        }

        var small = value.Normalize(NormalizationForm.FormC).ToUpperInvariant().ToLowerInvariant();
        return small.Normalize(NormalizationForm.FormC);
    }

    /// <summary>The value as the attribute's caseExact characteristic has it compared.</summary>
    public static string Fold(SchemaAttribute attribute, string value) => attribute.CaseExact ? Normalize(value) : Fold(value);

    /// <summary>
    /// Reads an xsd:dateTime (RFC 7643 §2.3.5) and gives it in UTC with seven decimals, so that the order of the texts is the
    /// order of time. Digits past the seventh are cut. Without an offset the time is taken as UTC.
    /// </summary>
    public static bool TryDateTime(string value, out string fixedWidthUtc)
    {
        fixedWidthUtc = "";
        if (!TryDateTimeOffset(value, out var time))
        {
            return false;
        }

        fixedWidthUtc = time.ToString(FixedWidth, CultureInfo.InvariantCulture);
        return true;
    }

    /// <summary>Reads an xsd:dateTime as a point in time in UTC.</summary>
    public static bool TryDateTimeOffset(string value, out DateTimeOffset time)
    {
        var isEndOfDay = value.AsSpan().Slice(Math.Min(DateLength, value.Length)).StartsWith(EndOfDay, StringComparison.Ordinal);
        var text = CutFraction(isEndOfDay ? string.Concat(value.AsSpan(0, DateLength), StartOfDay, value.AsSpan(DateLength + EndOfDay.Length)) : value);
        if (!DateTimeOffset.TryParseExact(
            text, DateTimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time))
        {
            return false;
        }

        return !isEndOfDay || TryNextDay(ref time);
    }

    /// <summary>24:00:00 is the first moment of the next day (XML Schema Part 2, §3.2.7.1), and no other time has that hour.</summary>
    private static bool TryNextDay(ref DateTimeOffset time)
    {
        var isMidnight = time.Ticks % TimeSpan.TicksPerMinute == 0;
        if (!isMidnight || time > DateTimeOffset.MaxValue.AddDays(-1))
        {
            return false;
        }

        time = time.AddDays(1);
        return true;
    }

    /// <summary>The order of strings by code point, which is also their order as UTF-8; UTF-16 order differs beyond U+FFFF.</summary>
    public static int Compare(string left, string right)
    {
        var length = Math.Min(left.Length, right.Length);
        for (var i = 0; i < length; i++)
        {
            var (l, r) = (left[i], right[i]);
            if (l != r)
            {
                // Surrogates stand for code points above every other character.
                return char.IsSurrogate(l) == char.IsSurrogate(r) ? l.CompareTo(r) : char.IsSurrogate(l) ? 1 : -1;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    private static string CutFraction(string value)
    {
        var dot = value.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return value;
        }

        var end = dot + 1;
        while (end < value.Length && char.IsAsciiDigit(value[end]))
        {
            end++;
        }

        return end - dot > 8 ? string.Concat(value.AsSpan(0, dot + 8), value.AsSpan(end)) : value;
    }
}
