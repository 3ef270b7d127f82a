using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Scim.Errors;

namespace Scim.Queries;

/// <summary>
/// A place between two resources of a list, where the next page begins (RFC 9865). It names the last resource before it by
/// sort value and id, not by position: whatever is inserted or deleted meanwhile, a walk returns what was there throughout
/// exactly once.
/// </summary>
/// <remarks>
/// The client gets it encrypted and authenticated (AES-256-GCM). The query, with the tenant, is authenticated along with it, so
/// that a cursor of another tenant or query is no cursor at all. Nothing of it is kept by the server, so it never expires.
/// </remarks>
/// <param name="Count">The size of the pages of the walk, which must stay (RFC 9865 §2.1).</param>
/// <param name="Key">The sort value of the last resource; null when it has none or the list is not sorted.</param>
/// <param name="Id">The id of the last resource.</param>
public sealed record Cursor(int Count, string? Key, Guid Id)
{
    /// <summary>Bytes of a key for <see cref="Seal"/>.</summary>
    public const int SecretBytes = 32;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeadBytes = sizeof(int) + 16 + 1;

    /// <summary>The cursor as text that is safe in a URL (RFC 3986 §2.3) and says nothing to who does not have the secret.</summary>
    public string Seal(ReadOnlySpan<byte> secret, string query)
    {
        var plain = ToBytes();
        var message = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = message.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(secret, TagBytes);
        cipher.Encrypt(nonce, plain, message.AsSpan(NonceBytes, plain.Length), message.AsSpan(NonceBytes + plain.Length), Context(query));
        return Base64Url.EncodeToString(message);
    }

    /// <summary>Reads a cursor that <see cref="Seal"/> gave for the same query.</summary>
    /// <exception cref="ScimException">400 invalidCursor, in the same words whatever is wrong with it (RFC 9865 §5.2).</exception>
    public static Cursor Open(string text, ReadOnlySpan<byte> secret, string query)
    {
        if (!TryDecode(text, out var message))
        {
            throw Invalid();
        }

        var plain = new byte[message.Length - NonceBytes - TagBytes];
        try
        {
            using var cipher = new AesGcm(secret, TagBytes);
            cipher.Decrypt(message.AsSpan(0, NonceBytes), message.AsSpan(NonceBytes, plain.Length), message.AsSpan(NonceBytes + plain.Length), plain, Context(query));
        }
        catch (AuthenticationTagMismatchException)
        {
            throw Invalid();
        }

        return FromBytes(plain);
    }

    private byte[] ToBytes()
    {
        var key = Encoding.UTF8.GetBytes(Key ?? "");
        var bytes = new byte[HeadBytes + key.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, Count);
        Id.TryWriteBytes(bytes.AsSpan(sizeof(int)), bigEndian: true, out _);
        bytes[HeadBytes - 1] = Key is null ? (byte)0 : (byte)1;
        key.CopyTo(bytes, HeadBytes);
        return bytes;
    }

    private static Cursor FromBytes(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt32BigEndian(bytes),
        bytes[HeadBytes - 1] == 0 ? null : Encoding.UTF8.GetString(bytes[HeadBytes..]),
        new Guid(bytes.Slice(sizeof(int), 16), bigEndian: true));

    private static bool TryDecode(string text, out byte[] message)
    {
        message = [];
        if (!Base64Url.IsValid(text, out var length) || length < NonceBytes + HeadBytes + TagBytes || text.AsSpan().ContainsAny('=', ' ', '\n'))
        {
            return false;
        }

        message = Base64Url.DecodeFromChars(text);
        return true;
    }

    private static byte[] Context(string query) => SHA256.HashData(Encoding.UTF8.GetBytes(query));

    private static ScimException Invalid() => ScimErrors.InvalidCursor(
        "The cursor is not one that this server gave for this query. Repeat the query with all its parameters unchanged and the "
        + "\"nextCursor\" of the page before, or with an empty \"cursor\" to begin again.");
}
