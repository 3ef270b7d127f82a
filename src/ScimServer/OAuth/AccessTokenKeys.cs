using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.OAuth;

/// <summary>
/// The keys that sign access tokens (ES256), one for each thirty days. They are in the database, where whichever instance needs one first makes it, so they
/// outlive restarts and are the same on every instance, encrypted like every secret that the server must know again. A key verifies for one period more, far
/// longer than any access token lives, and is then deleted.
/// </summary>
internal sealed class AccessTokenKeys(ServerKeys keys, StoredSecrets secrets, TimeProvider time)
{
    private const string Prefix = ServerKeys.OAuthSigning;

    internal static readonly TimeSpan Period = TimeSpan.FromDays(30);

    private readonly ConcurrentDictionary<long, ECDsaSecurityKey> known = new();
    private long tidied = -1;

    private long Now => time.GetUtcNow().UtcTicks / Period.Ticks;

    /// <summary>Whether a key id is of the kind that is given out here.</summary>
    public static bool IsOurs(string? kid) => kid?.StartsWith(Prefix, StringComparison.Ordinal) ?? false;

    /// <summary>The key that signs at the moment.</summary>
    public async ValueTask<ECDsaSecurityKey> CurrentAsync(CancellationToken cancellationToken)
    {
        var period = Now;
        var key = await GetAsync(period, cancellationToken);
        if (Interlocked.Exchange(ref tidied, period) != period)
        {
            await keys.RemoveAsync(Prefix, [Name(period - 1), Name(period), Name(period + 1)], cancellationToken);
        }

        return key;
    }

    /// <summary>The key of that id; null when it is none of ours, or too old. One that is about to be: the clocks of instances differ.</summary>
    public async ValueTask<ECDsaSecurityKey?> FindAsync(string kid, CancellationToken cancellationToken)
    {
        var now = Now;
        return IsOurs(kid) && long.TryParse(kid.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var period)
            && Name(period) == kid && Math.Abs(period - now) <= 1
            ? await GetAsync(period, cancellationToken)
            : null;
    }

    /// <summary>The public halves of the keys that verify, and of the next one, so that whoever keeps them for a while knows it in time.</summary>
    public async ValueTask<IReadOnlyList<JsonWebKey>> PublishedAsync(CancellationToken cancellationToken)
    {
        var period = Now;
        ECDsaSecurityKey[] all = [await GetAsync(period - 1, cancellationToken), await GetAsync(period, cancellationToken), await GetAsync(period + 1, cancellationToken)];
        return [.. all.Select(Published)];
    }

    private async ValueTask<ECDsaSecurityKey> GetAsync(long period, CancellationToken cancellationToken)
    {
        if (known.TryGetValue(period, out var key))
        {
            return key;
        }

        var stored = await PrivateKeyAsync(Name(period), cancellationToken);
        return known.GetOrAdd(period, _ => new ECDsaSecurityKey(Load(stored) ?? throw new CryptographicException($"The key {Name(period)} is none.")) { KeyId = Name(period) });
    }

    private async ValueTask<byte[]> PrivateKeyAsync(string name, CancellationToken cancellationToken)
    {
        var stored = await keys.GetAsync(name, stop => secrets.SealAsync(name, Make(), stop), cancellationToken);
        using var clear = Load(stored);
        if (clear is null)
        {
            return await secrets.OpenAsync(name, stored, cancellationToken);
        }

        // Written by a version that did not encrypt them.
        await keys.RewriteAsync(name, stored, await secrets.SealAsync(name, stored, cancellationToken), cancellationToken);
        return stored;
    }

    /// <summary>The key in PKCS#8; null when the bytes are something else.</summary>
    private static ECDsa? Load(byte[] pkcs8)
    {
        var algorithm = ECDsa.Create();
        try
        {
            algorithm.ImportPkcs8PrivateKey(pkcs8, out _);
            return algorithm;
        }
        catch (CryptographicException)
        {
            algorithm.Dispose();
            return null;
        }
    }

    private static byte[] Make()
    {
        using var algorithm = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return algorithm.ExportPkcs8PrivateKey();
    }

    private static JsonWebKey Published(ECDsaSecurityKey key)
    {
        var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new JsonWebKey
        {
            Kty = JsonWebAlgorithmsKeyTypes.EllipticCurve,
            Crv = JsonWebKeyECTypes.P256,
            Kid = key.KeyId,
            Use = JsonWebKeyUseNames.Sig,
            Alg = SecurityAlgorithms.EcdsaSha256,
            X = Base64UrlEncoder.Encode(point.X),
            Y = Base64UrlEncoder.Encode(point.Y),
        };
    }

    private static string Name(long period) => Prefix + period.ToString(CultureInfo.InvariantCulture);
}
