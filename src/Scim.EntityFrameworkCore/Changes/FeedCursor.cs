using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Scim.Errors;

namespace Scim.EntityFrameworkCore.Changes;

/// <summary>
/// A place in the change log as a client holds it: encrypted, since the numbers of the log are shared by all tenants and would
/// tell how much the others do, and bound to the tenant. The key is the epoch (EVT-138): when it is replaced, because the log
/// went back in time, every cursor of before has expired.
/// </summary>
internal sealed class FeedCursor(byte[] secret, int tenantId)
{
    /// <summary>Under which the secret is kept.</summary>
    public const string KeyName = "events-cursor";

    public const int SecretBytes = 32;

    private const int EpochBytes = 4;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int Length = EpochBytes + NonceBytes + sizeof(long) + TagBytes;

    public string Seal(long seq)
    {
        var message = new byte[Length];
        Epoch().CopyTo(message, 0);
        var nonce = message.AsSpan(EpochBytes, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        Span<byte> plain = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(plain, seq);
        using var cipher = new AesGcm(secret, TagBytes);
        cipher.Encrypt(nonce, plain, message.AsSpan(EpochBytes + NonceBytes, sizeof(long)), message.AsSpan(Length - TagBytes), Context());
        return Base64Url.EncodeToString(message);
    }

    /// <exception cref="ScimException">400 invalidCursor for what no server gave to this tenant; 410 for what one gave before the log went back.</exception>
    public long Open(string text)
    {
        if (!Base64Url.IsValid(text, out var length) || length != Length || text.AsSpan().ContainsAny('=', ' ', '\n'))
        {
            throw Invalid();
        }

        var message = Base64Url.DecodeFromChars(text).AsSpan();
        if (!message[..EpochBytes].SequenceEqual(Epoch()))
        {
            throw ScimErrors.Gone(ChangeFeed.Expired);
        }

        Span<byte> plain = stackalloc byte[sizeof(long)];
        try
        {
            using var cipher = new AesGcm(secret, TagBytes);
            cipher.Decrypt(message.Slice(EpochBytes, NonceBytes), message.Slice(EpochBytes + NonceBytes, sizeof(long)), message[(Length - TagBytes)..], plain, Context());
        }
        catch (AuthenticationTagMismatchException)
        {
            throw Invalid();
        }

        return BinaryPrimitives.ReadInt64BigEndian(plain);
    }

    private byte[] Epoch() => SHA256.HashData(secret)[..EpochBytes];

    private byte[] Context() => Encoding.ASCII.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"events of {tenantId}"));

    private static ScimException Invalid() =>
        ScimErrors.InvalidCursor("\"after\" is not a cursor that this server gave to this tenant. Leave it out to begin with the oldest event that is kept, or say \"now\".");
}
