using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Streams;

namespace ScimServer.Events.SecurityEvents;

/// <summary>
/// The keys that sign tokens: ES256, in the database, shared by all instances. The next is published a day before it signs; one that
/// signed stays published for as long as changes are kept, and loses its private part soon after.
/// </summary>
public sealed partial class SigningKeyRing(
    StoredSigningKeys store, IOptions<SecurityEventsOptions> options, IOptions<EventsOptions> events, TimeProvider time, ILogger<SigningKeyRing> logger) : IDisposable
{
    /// <summary>How long the keys that were read are believed.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(10);

    /// <summary>How long before it signs a new key is published, when the old one has come of age.</summary>
    private static readonly TimeSpan PublishedAhead = TimeSpan.FromDays(1);

    /// <summary>The same when an operator asks for a new one: every instance knows it by then.</summary>
    private static readonly TimeSpan PublishedAheadOnDemand = TimeSpan.FromMinutes(1);

    /// <summary>How long after its end a key may still be used by an instance that has not noticed.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim reading = new(1, 1);
    private volatile Ring? known;

    /// <summary>What signs now.</summary>
    public async ValueTask<SigningCredentials> CurrentAsync(CancellationToken cancellationToken) => (await RingAsync(cancellationToken)).Credentials;

    /// <summary>The public keys, as a JSON Web Key Set (RFC 7517 §5).</summary>
    public async Task<string> PublishedAsync(CancellationToken cancellationToken)
    {
        var ring = await RingAsync(cancellationToken);
        return $"{{\"keys\":[{string.Join(',', ring.Keys.Select(key => key.PublicKey))}]}}";
    }

    /// <summary>Makes a key that takes the place of the current one in a minute.</summary>
    /// <returns>Its <c>kid</c> and when it begins to sign.</returns>
    public async Task<(string Kid, DateTimeOffset ActiveFrom)> RotateAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var keys = await store.ListAsync(cancellationToken);
            var now = time.GetUtcNow();
            if (await AddAsync((keys is [.., var last] ? last.Number : 0) + 1, now, keys.Count == 0 ? now : now + PublishedAheadOnDemand, "signing-key.rotate", cancellationToken) is { } made)
            {
                known = null;
                return made;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => reading.Dispose();

    private async ValueTask<Ring> RingAsync(CancellationToken cancellationToken)
    {
        var ring = known;
        if (ring is not null && time.GetUtcNow() < ring.ReadAt + Believed)
        {
            return ring;
        }

        await reading.WaitAsync(cancellationToken);
        try
        {
            ring = known;
            return ring is not null && time.GetUtcNow() < ring.ReadAt + Believed ? ring : known = await ReadAsync(ring, cancellationToken);
        }
        finally
        {
            reading.Release();
        }
    }

    private async Task<Ring> ReadAsync(Ring? before, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var keys = await store.ListAsync(cancellationToken);
        if (keys is not [.., var last])
        {
            await AddAsync(1, now, now, by: null, cancellationToken);
            keys = await store.ListAsync(cancellationToken);
        }
        else if (last.ActiveFrom + TimeSpan.FromDays(options.Value.KeyDays) - PublishedAhead <= now)
        {
            var from = last.ActiveFrom + TimeSpan.FromDays(options.Value.KeyDays);
            await AddAsync(last.Number + 1, now, from > now ? from : now + PublishedAheadOnDemand, by: null, cancellationToken);
            keys = await store.ListAsync(cancellationToken);
        }

        if (await ForgetAsync(keys, now, cancellationToken))
        {
            keys = await store.ListAsync(cancellationToken);
        }

        // Another instance, whose clock is ahead, may just have made the first.
        var current = keys.LastOrDefault(key => key.ActiveFrom <= now) ?? keys[0];
        return new Ring(now, keys, before?.Credentials.Kid == current.Kid ? before.Credentials : await CredentialsAsync(current, cancellationToken));
    }

    private async Task<SigningCredentials> CredentialsAsync(SigningKeyRow key, CancellationToken cancellationToken)
    {
        var jwk = new JsonWebKey(System.Text.Encoding.UTF8.GetString(await store.OpenAsync(key, cancellationToken)));
        return new SigningCredentials(jwk, SecurityAlgorithms.EcdsaSha256);
    }

    private async Task<(string Kid, DateTimeOffset ActiveFrom)?> AddAsync(
        int number, DateTimeOffset now, DateTimeOffset activeFrom, string? by, CancellationToken cancellationToken)
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(ecdsa));
        var kid = Base64UrlEncoder.Encode(jwk.ComputeJwkThumbprint());
        var publicKey = JsonSerializer.Serialize(new { kty = "EC", use = "sig", alg = SecurityAlgorithms.EcdsaSha256, kid, crv = "P-256", x = jwk.X, y = jwk.Y });
        var privateKey = JsonSerializer.SerializeToUtf8Bytes(new { kty = "EC", kid, crv = "P-256", x = jwk.X, y = jwk.Y, d = jwk.D });
        var row = new SigningKeyRow { Number = number, Kid = kid, PublicKey = publicKey, Created = now, ActiveFrom = activeFrom };
        if (!await store.AddAsync(row, privateKey, by, cancellationToken))
        {
            return null;
        }

        Log.Made(logger, kid, activeFrom);
        return (kid, activeFrom);
    }

    private async Task<bool> ForgetAsync(IReadOnlyList<SigningKeyRow> keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Each ended when the next began.
        var ended = keys.Zip(keys.Skip(1), (key, next) => (Key: key, At: next.ActiveFrom)).ToList();
        var parts = ended.Where(end => end.Key.PrivateKey is not null && end.At + Overlap < now).Select(end => end.Key.Number).ToList();
        var gone = events.Value.RetentionDays == 0 ? [] : ended.Where(end => end.At + TimeSpan.FromDays(events.Value.RetentionDays) + Overlap < now).Select(end => end.Key.Number).ToList();
        if (parts.Count + gone.Count == 0)
        {
            return false;
        }

        await store.ForgetAsync(parts, gone, cancellationToken);
        return true;
    }

    private sealed record Ring(DateTimeOffset ReadAt, IReadOnlyList<SigningKeyRow> Keys, SigningCredentials Credentials);

    private static partial class Log
    {
        [LoggerMessage(5201, LogLevel.Information, "Made the signing key {Kid}, which signs security event tokens from {ActiveFrom:u} on")]
        public static partial void Made(ILogger logger, string kid, DateTimeOffset activeFrom);
    }
}
