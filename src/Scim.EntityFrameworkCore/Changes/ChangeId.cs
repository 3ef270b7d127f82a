using System.Globalization;
using System.Text;

namespace Scim.EntityFrameworkCore.Changes;

/// <summary>
/// The id under which a change is told to others: the same in the feed, in every retry and after every restart (EVT-121). It is
/// made of what identifies the row, so it is found by an index and kept nowhere. A number of the log would not do: after a
/// failover that lost the last of them they are given out again (EVT-138).
/// </summary>
/// <param name="Txn">The transaction.</param>
/// <param name="ResourceId">The resource.</param>
/// <param name="Part">The part of the change.</param>
public readonly record struct ChangeId(Guid Txn, Guid ResourceId, int Part)
{
    /// <summary>Characters of the longest id.</summary>
    public const int MaxLength = HeadLength + 1 + 10;

    private const string Prefix = "evt_";
    private const int IdLength = 32;
    private const int HeadLength = 4 + IdLength + 1 + IdLength;

    /// <summary>Reads what <see cref="ToString"/> gave.</summary>
    public static bool TryParse(string text, out ChangeId id)
    {
        id = default;
        if (text.Length < HeadLength || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || !Guid.TryParseExact(text.AsSpan(Prefix.Length, IdLength), "N", out var txn)
            || !Guid.TryParseExact(text.AsSpan(HeadLength - IdLength, IdLength), "N", out var resourceId))
        {
            return false;
        }

        var part = 0;
        if (text.Length > HeadLength && !int.TryParse(text.AsSpan(HeadLength + 1), NumberStyles.None, CultureInfo.InvariantCulture, out part))
        {
            return false;
        }

        id = new ChangeId(txn, resourceId, part);
        return id.ToString() == text;
    }

    /// <summary>The id as text: letters, digits and underscores (EVT-81 forbids a dot).</summary>
    public override string ToString()
    {
        Span<byte> ascii = stackalloc byte[MaxLength];
        return Encoding.ASCII.GetString(ascii[..Format(ascii)]);
    }

    /// <summary>Writes the id as ASCII.</summary>
    /// <param name="ascii">Where to; <see cref="MaxLength"/> bytes are enough.</param>
    /// <returns>The number of bytes.</returns>
    public int Format(Span<byte> ascii)
    {
        Encoding.ASCII.GetBytes(Prefix, ascii);
        Txn.TryFormat(ascii[Prefix.Length..], out _, "N");
        ascii[Prefix.Length + IdLength] = (byte)'_';
        ResourceId.TryFormat(ascii[(HeadLength - IdLength)..], out _, "N");
        if (Part == 0)
        {
            return HeadLength;
        }

        ascii[HeadLength] = (byte)'_';
        Part.TryFormat(ascii[(HeadLength + 1)..], out var digits, provider: CultureInfo.InvariantCulture);
        return HeadLength + 1 + digits;
    }
}
