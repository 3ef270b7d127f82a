using System.Globalization;
using Scim.Resources;

namespace Scim.EntityFrameworkCore.Filters;

/// <summary>
/// Positions in the order of texts. Ids and times are not stored as text, but their texts rise with them: where a text would
/// stand among them is found by halving.
/// </summary>
internal static class TextOrder
{
    private const string ShownTime = "yyyy-MM-ddTHH:mm:ss.fffZ";

    private static readonly UInt128 LastMillisecond = (UInt128)(DateTimeOffset.MaxValue.Ticks / TimeSpan.TicksPerMillisecond);

    /// <summary>The first text, in code point order, behind all that begin with the prefix; null when there is none.</summary>
    public static string? Successor(string prefix)
    {
        for (var end = prefix.Length; end > 0;)
        {
            var width = end > 1 && char.IsLowSurrogate(prefix[end - 1]) ? 2 : 1;
            var last = width == 2 ? char.ConvertToUtf32(prefix[end - 2], prefix[end - 1]) : prefix[end - 1];
            end -= width;
            if (last < 0x10FFFF)
            {
                // The code points behind U+D7FF are surrogates, which no text has.
                return prefix[..end] + char.ConvertFromUtf32(last == 0xD7FF ? 0xE000 : last + 1);
            }
        }

        return null;
    }

    /// <summary>The least id whose text is not below <paramref name="text"/>.</summary>
    public static Guid? FirstId(string text) => First(UInt128.MaxValue, text, value => IdText(ToGuid(value))) is { } found ? ToGuid(found) : null;

    /// <summary>The least time, in milliseconds, whose text is not below <paramref name="text"/>.</summary>
    public static DateTimeOffset? FirstTime(string text) =>
        First(LastMillisecond, text, value => ToTime(value).ToString(ShownTime, CultureInfo.InvariantCulture)) is { } found ? ToTime(found) : null;

    /// <summary>An id as it is shown.</summary>
    public static string IdText(Guid id) => id.ToString("D", CultureInfo.InvariantCulture);

    private static UInt128? First(UInt128 last, string bound, Func<UInt128, string> text)
    {
        if (Folding.Compare(text(last), bound) < 0)
        {
            return null;
        }

        var (low, high) = (UInt128.Zero, last);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = Folding.Compare(text(middle), bound) < 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static Guid ToGuid(UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return new Guid(bytes, bigEndian: true);
    }

    private static DateTimeOffset ToTime(UInt128 milliseconds) => new((long)milliseconds * TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
}
