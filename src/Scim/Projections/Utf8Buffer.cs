using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Scim.Resources;

namespace Scim.Projections;

/// <summary>
/// A pooled buffer into which JSON is written. Beside Utf8JsonWriter it can take stored bytes as they are, and take back
/// what was begun (an object that turned out to be empty).
/// </summary>
internal sealed class Utf8Buffer : IDisposable
{
    /// <summary>The longest JSON escape (<c>\u0001</c>) of one byte.</summary>
    private const int MaxEscapedLength = 6;

    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private byte[] bytes = ArrayPool<byte>.Shared.Rent(4096);
    private byte lastMoved;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = [];
    }

    /// <summary>Takes back everything behind <paramref name="length"/>.</summary>
    public void Truncate(int length) => Length = length;

    public void Raw(ReadOnlySpan<byte> json)
    {
        json.CopyTo(Reserve(json.Length));
        Length += json.Length;
    }

    /// <summary>A comma, unless an object or array has just been opened.</summary>
    public void Separate()
    {
        var last = Length > 0 ? bytes[Length - 1] : lastMoved;
        if (last is not (0 or (byte)'{' or (byte)'['))
        {
            Raw(","u8);
        }
    }

    /// <summary>Begins a member; <paramref name="quoted"/> is its name with quotes and colon.</summary>
    public void Name(ReadOnlySpan<byte> quoted)
    {
        Separate();
        Raw(quoted);
    }

    public void Value(string text)
    {
        Raw("\""u8);
        Escaped(text);
        Raw("\""u8);
    }

    public void Value(Guid id)
    {
        Raw("\""u8);
        Bare(id);
        Raw("\""u8);
    }

    /// <summary>An id without quotes.</summary>
    public void Bare(Guid id)
    {
        id.TryFormat(Reserve(36), out var written);
        Length += written;
    }

    public void Value(long number)
    {
        number.TryFormat(Reserve(20), out var written, provider: CultureInfo.InvariantCulture);
        Length += written;
    }

    public void Value(DateTimeOffset time)
    {
        var span = Reserve(Meta.TimeLength + 2);
        span[0] = (byte)'"';
        Meta.Format(time, span[1..]);
        span[Meta.TimeLength + 1] = (byte)'"';
        Length += Meta.TimeLength + 2;
    }

    /// <summary>A member with text, unless its name or the text is missing.</summary>
    public void Text(byte[]? quoted, string? text)
    {
        if (quoted is not null && !string.IsNullOrEmpty(text))
        {
            Name(quoted);
            Value(text);
        }
    }

    /// <summary>A member with a time, unless its name is missing.</summary>
    public void Time(byte[]? quoted, DateTimeOffset time)
    {
        if (quoted is not null)
        {
            Name(quoted);
            Value(time);
        }
    }

    /// <summary>Text as the inside of a JSON string.</summary>
    public void Escaped(string text)
    {
        var span = Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        var written = Encoding.UTF8.GetBytes(text, span);
        if (Encoder.FindFirstCharacterToEncodeUtf8(span[..written]) < 0)
        {
            Length += written;
            return;
        }

        var plain = span[..written].ToArray();
        Encoder.EncodeUtf8(plain, Reserve(plain.Length * MaxEscapedLength), out _, out written);
        Length += written;
    }

    /// <summary>Hands what was written to the output, and is empty again.</summary>
    public void MoveTo(IBufferWriter<byte> output)
    {
        lastMoved = Length > 0 ? bytes[Length - 1] : lastMoved;
        output.Write(Written);
        Length = 0;
    }

    private Span<byte> Reserve(int count)
    {
        if (bytes.Length - Length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + count), checked(bytes.Length * 2)));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(bytes);
            bytes = larger;
        }

        return bytes.AsSpan(Length);
    }
}
