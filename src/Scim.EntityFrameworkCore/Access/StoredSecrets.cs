using System.Security.Cryptography;
using System.Text;

namespace Scim.EntityFrameworkCore.Access;

/// <summary>
/// Encrypts the secrets that the server must know again, so that nobody who sees a row sees them: AES-256-GCM, by the key of the
/// configuration (<see cref="DatabaseOptions.SecretKeys"/>), or else by one in <c>server_keys</c>.
/// </summary>
public sealed class StoredSecrets
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyBytes = 32;

    private const string KeyName = "secrets";
    private const int IdBytes = 4;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeadBytes = IdBytes + NonceBytes;

    private readonly ServerKeys serverKeys;
    private readonly IReadOnlyList<byte[]> configured;

    internal StoredSecrets(ServerKeys serverKeys, DatabaseOptions options)
    {
        this.serverKeys = serverKeys;
        configured = [.. options.SecretKeys.Select(Convert.FromBase64String)];
    }

    /// <summary>Whether a text of the configuration is a key.</summary>
    public static bool IsKey(string text)
    {
        Span<byte> bytes = stackalloc byte[KeyBytes];
        return text.Length <= KeyBytes * 2 && Convert.TryFromBase64String(text, bytes, out var length) && length == KeyBytes;
    }

    /// <summary>
    /// The id of the key that encrypted a secret, as people are told it: the first eight digits of <c>base64 --decode | sha256sum</c>.
    /// </summary>
    internal static string KeyIdOf(byte[] message) => Convert.ToHexStringLower(message.AsSpan(0, Math.Min(IdBytes, message.Length)));

    /// <summary>The id of the key that encrypts now.</summary>
    internal async ValueTask<string> CurrentKeyIdAsync(CancellationToken cancellationToken) => Convert.ToHexStringLower(Id((await KeysAsync(cancellationToken))[0]));

    /// <summary>Whether the key that encrypts now encrypted this.</summary>
    internal async ValueTask<bool> IsCurrentAsync(byte[] message, CancellationToken cancellationToken) => KeyIdOf(message) == await CurrentKeyIdAsync(cancellationToken);

    /// <summary>Whether the key that encrypted this is there.</summary>
    internal async ValueTask<bool> CanOpenAsync(byte[] message, CancellationToken cancellationToken) => KeyOf(await KeysAsync(cancellationToken), message) is not null;

    /// <summary>Encrypts a secret.</summary>
    /// <param name="use">What it is for and whose; the same must be said to open it, so that it cannot be put into another row.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="cancellationToken">Ends the wait for the database.</param>
    public async ValueTask<byte[]> SealAsync(string use, byte[] secret, CancellationToken cancellationToken)
    {
        var key = (await KeysAsync(cancellationToken))[0];
        var message = new byte[HeadBytes + secret.Length + TagBytes];
        Id(key).CopyTo(message, 0);
        var nonce = message.AsSpan(IdBytes, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(nonce, secret, message.AsSpan(HeadBytes, secret.Length), message.AsSpan(message.Length - TagBytes), Encoding.UTF8.GetBytes(use));
        return message;
    }

    /// <summary>Decrypts what <see cref="SealAsync"/> gave.</summary>
    /// <exception cref="CryptographicException">The key is not among those that the server has, or the message is not one for this use.</exception>
    public async ValueTask<byte[]> OpenAsync(string use, byte[] message, CancellationToken cancellationToken)
    {
        if (message.Length < HeadBytes + TagBytes)
        {
            throw new CryptographicException("A stored secret is too short.");
        }

        var key = KeyOf(await KeysAsync(cancellationToken), message)
            ?? throw new CryptographicException($"A stored secret was encrypted with the key {KeyIdOf(message)}, which is not among Database:{nameof(DatabaseOptions.SecretKeys)} any more.");
        var secret = new byte[message.Length - HeadBytes - TagBytes];
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Decrypt(
            message.AsSpan(IdBytes, NonceBytes), message.AsSpan(HeadBytes, secret.Length), message.AsSpan(message.Length - TagBytes), secret, Encoding.UTF8.GetBytes(use));
        return secret;
    }

    /// <summary>The one in the database is last: what it encrypted before there was another is still opened.</summary>
    private async ValueTask<IReadOnlyList<byte[]>> KeysAsync(CancellationToken cancellationToken) =>
        [.. configured, await serverKeys.GetAsync(KeyName, KeyBytes, cancellationToken)];

    private static byte[]? KeyOf(IReadOnlyList<byte[]> keys, byte[] message) =>
        message.Length < IdBytes ? null : keys.FirstOrDefault(key => message.AsSpan(0, IdBytes).SequenceEqual(Id(key)));

    private static byte[] Id(byte[] key) => SHA256.HashData(key)[..IdBytes];
}
