using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Scim.EntityFrameworkCore.Access;

/// <summary>
/// The text of access tokens: <c>scim_</c>, 256 random bits in 43 characters of base 62, and a checksum of six more. The prefix
/// and the checksum let people and secret scanners recognise a token, and let a mistyped one be refused without a query.
/// </summary>
public static class TokenSecret
{
    /// <summary>What every token of this server begins with.</summary>
    public const string Prefix = "scim_";

    /// <summary>Longer credentials are refused unread.</summary>
    public const int MaxLength = 512;

    /// <summary>Characters of a token that this server made.</summary>
    public const int Length = 54;

    private const int RandomLength = 43;
    private const int ChecksumLength = 6;
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Makes a token.</summary>
    public static string Create()
    {
        var random = Encode(RandomNumberGenerator.GetBytes(32), RandomLength);
        return Prefix + random + Checksum(random);
    }

    /// <summary>
    /// Whether the text can be a token: not too long, and with the right checksum when it has our prefix. Tokens that an operator
    /// chose (Scim:BootstrapToken) need not have the prefix.
    /// </summary>
    public static bool IsWellFormed(string secret)
    {
        if (secret.Length is 0 or > MaxLength)
        {
            return false;
        }

        if (!secret.StartsWith(Prefix, StringComparison.Ordinal) || secret.Length != Prefix.Length + RandomLength + ChecksumLength)
        {
            return true;
        }

        var random = secret.Substring(Prefix.Length, RandomLength);
        return secret.EndsWith(Checksum(random), StringComparison.Ordinal);
    }

    /// <summary>What is stored of a token. A token has 256 random bits, so a plain hash cannot be turned round.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private static string Checksum(string random) => Encode(SHA256.HashData(Encoding.ASCII.GetBytes(random)).AsSpan(0, 4), ChecksumLength);

    private static string Encode(ReadOnlySpan<byte> bytes, int length)
    {
        var value = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        Span<char> text = stackalloc char[length];
        for (var i = length - 1; i >= 0; i--)
        {
            value = BigInteger.DivRem(value, Alphabet.Length, out var digit);
            text[i] = Alphabet[(int)digit];
        }

        return new string(text);
    }
}
