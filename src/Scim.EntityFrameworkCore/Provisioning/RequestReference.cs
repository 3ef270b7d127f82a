using System.Buffers.Binary;
using System.Globalization;

namespace Scim.EntityFrameworkCore.Provisioning;

/// <summary>
/// The one value by which a request is found: the end of an error's detail, the correlation id of log lines, the
/// <c>txn</c> of change records and the key of the provisioning log. It is a UUID of version 7 of which 80 bits (time and random)
/// are drawn for the request; they are written as sixteen characters that nobody mistakes when reading them aloud (Crockford's base 32).
/// The other bits say which operation of a bulk is meant: so the operations are found by the reference of their request.
/// </summary>
public static class RequestReference
{
    /// <summary>Characters of the reference of a request.</summary>
    public const int Length = 16;

    /// <summary>What a bulk writes for one operation, in the order in which it can happen.</summary>
    public const int MaxStep = (1 << StepBits) - 1;

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int BitsPerCharacter = 5;
    private const int StepBits = 4;
    private const int OperationBits = 36;
    private const int RandomLowBits = 26;
    private const int RandomHighBits = 12;
    private const int TimeBits = 42;
    private const int MaxOperation = 1 << 20;
    private const ulong OperationMask = (1UL << OperationBits) - 1;
    private const ulong Variant = 0b10UL << 62;
    private const ulong Version = 7UL << RandomHighBits;

    /// <summary>Draws the reference of a request that begins now.</summary>
    public static Guid Create(DateTimeOffset now) => OfRequest(Guid.CreateVersion7(now));

    /// <summary>The lowest reference of a time: those of requests that began then or later are not below it.</summary>
    public static Guid At(DateTimeOffset time)
    {
        var milliseconds = (ulong)Math.Max(0, time.ToUnixTimeMilliseconds());
        return Make((milliseconds << 16) | Version, Variant);
    }

    /// <summary>When the request began, to the millisecond.</summary>
    public static DateTimeOffset TimeOf(Guid reference) => DateTimeOffset.FromUnixTimeMilliseconds((long)(Halves(reference).High >> 16));

    /// <summary>The value for an operation of a bulk.</summary>
    /// <param name="request">The reference of the request.</param>
    /// <param name="index">The position of the operation in the request, from 0.</param>
    /// <param name="step">Which of its writes: 0 for the first. No two writes to one resource have the same value.</param>
    public static Guid OfOperation(Guid request, int index, int step = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(step, MaxStep);
        var (high, low) = Halves(OfRequest(request));
        return Make(high, low | ((ulong)(index + 1) << StepBits) | (uint)step);
    }

    /// <summary>The reference of the request that an operation belongs to.</summary>
    public static Guid OfRequest(Guid reference)
    {
        var (high, low) = Halves(reference);
        return Make(high, low & ~OperationMask);
    }

    /// <summary>The last value that an operation of the request can have.</summary>
    public static Guid LastOf(Guid request)
    {
        var (high, low) = Halves(request);
        return Make(high, low | OperationMask);
    }

    /// <summary>
    /// As text: <c>7K2M9QX4ABCDEFGH</c>; <c>7K2M9QX4ABCDEFGH:2</c> for the third operation of a bulk (EVT-34), with <c>.1</c> behind it for
    /// its second write. A UUID that was drawn otherwise (by versions before this) is written as UUID.
    /// </summary>
    public static string Format(Guid reference)
    {
        var (high, low) = Halves(reference);
        var operation = low & OperationMask;
        if (high >> (TimeBits + 16) != 0 || ((high >> RandomHighBits) & 0xF) != 7 || low >> 62 != 0b10 || operation >> StepBits > MaxOperation)
        {
            return reference.ToString();
        }

        var text = Characters(high, low);
        if (operation == 0)
        {
            return text;
        }

        var step = operation & MaxStep;
        var index = (operation >> StepBits) - 1;
        return step == 0 ? string.Create(CultureInfo.InvariantCulture, $"{text}:{index}") : string.Create(CultureInfo.InvariantCulture, $"{text}:{index}.{step}");
    }

    /// <summary>Reads what people paste: in any case, with the brackets of an error's detail around it, or as UUID.</summary>
    public static bool TryParse(string? text, out Guid reference)
    {
        reference = default;
        var plain = (text ?? "").Trim().TrimStart('(').TrimEnd(')', '.').Trim();
        if (plain.StartsWith("ref ", StringComparison.OrdinalIgnoreCase))
        {
            plain = plain[4..].Trim();
        }

        if (Guid.TryParse(plain, out reference))
        {
            return true;
        }

        var (head, operation) = plain.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 ? (plain[..colon], plain[(colon + 1)..]) : (plain, null);
        if (!TryReadCharacters(head, out var request))
        {
            return false;
        }

        reference = request;
        return operation is null || TryReadOperation(operation, ref reference);
    }

    private static bool TryReadOperation(string text, ref Guid reference)
    {
        var parts = text.Split('.');
        var step = 0;
        if (parts.Length > 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= MaxOperation
            || (parts.Length == 2 && (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out step) || step > MaxStep)))
        {
            return false;
        }

        reference = OfOperation(reference, index, step);
        return true;
    }

    private static string Characters(ulong high, ulong low)
    {
        var bits = ((UInt128)(high >> 16) << (RandomHighBits + RandomLowBits))
            | ((UInt128)(high & 0xFFF) << RandomLowBits)
            | ((low >> OperationBits) & ((1UL << RandomLowBits) - 1));
        return string.Create(Length, bits, static (text, value) =>
        {
            for (var i = text.Length - 1; i >= 0; i--)
            {
                text[i] = Alphabet[(int)(value & 31)];
                value >>= BitsPerCharacter;
            }
        });
    }

    private static bool TryReadCharacters(string text, out Guid request)
    {
        request = default;
        if (text.Length != Length)
        {
            return false;
        }

        UInt128 bits = 0;
        foreach (var c in text)
        {
            var value = Alphabet.IndexOf(Plain(c), StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            bits = (bits << BitsPerCharacter) | (uint)value;
        }

        var random = (ulong)(bits & ((1UL << (RandomHighBits + RandomLowBits)) - 1));
        var high = ((ulong)(bits >> (RandomHighBits + RandomLowBits)) << 16) | Version | (random >> RandomLowBits);
        request = Make(high, Variant | ((random & ((1UL << RandomLowBits) - 1)) << OperationBits));
        return true;
    }

    /// <summary>What is mistaken for a digit when it is read aloud or typed off a screen.</summary>
    private static char Plain(char c) => char.ToUpperInvariant(c) switch { 'O' => '0', 'I' or 'L' => '1', var upper => upper };

    private static (ulong High, ulong Low) Halves(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return (BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
    }

    private static Guid Make(ulong high, ulong low)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        return new Guid(bytes, bigEndian: true);
    }
}
