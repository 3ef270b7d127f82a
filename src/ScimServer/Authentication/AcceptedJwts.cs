using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Scim.EntityFrameworkCore.Access;
using ScimServer.OAuth;

namespace ScimServer.Authentication;

/// <summary>
/// Verifies JWTs of this server and of trusted issuers (RFC 9068 and what came before it). One that was verified is believed for a minute, or until it expires, so that
/// requests cost a hash instead of a signature; whether its tenant is served is asked every five seconds.
/// </summary>
internal sealed class AcceptedJwts : IDisposable
{
    private const int MaxRemembered = 10_000;

    internal static readonly TimeSpan BelievedFor = TimeSpan.FromMinutes(1);

    private readonly MemoryCache verified = new(new MemoryCacheOptions { SizeLimit = MaxRemembered });
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(3), PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(5),
        MaxResponseContentBufferSize = 1024 * 1024,
    };

    private readonly IReadOnlyList<TrustedIssuer> issuers;
    private readonly ClientTokens own;
    private readonly AcceptedTokens tenants;
    private readonly TimeProvider time;

    public AcceptedJwts(IOptions<JwtOptions> options, ClientTokens own, AcceptedTokens tenants, TimeProvider time, ILogger<AcceptedJwts> logger)
    {
        this.own = own;
        issuers = [.. options.Value.Issuers.Select(issuer => new TrustedIssuer(issuer, new IssuerKeys(issuer, http, time, logger), time))];
        this.tenants = tenants;
        this.time = time;
    }

    /// <summary>Whether there is an issuer to trust at all.</summary>
    public bool HasIssuers => issuers.Count > 0;

    /// <summary>The owner of a token, or why it is refused.</summary>
    /// <exception cref="IssuerUnavailableException">The issuer's keys are not known and cannot be read.</exception>
    public async ValueTask<(AuthenticatedToken? Token, string Reason)> FindAsync(string token, CancellationToken cancellationToken)
    {
        var verdict = await VerifyAsync(token, cancellationToken);
        if (verdict.Verified is not { } jwt)
        {
            return (null, verdict.Reason);
        }

        return await OwnerAsync(jwt, cancellationToken) is { } owner ? (owner, "") : (null, "its tenant is not served");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        verified.Dispose();
        http.Dispose();
    }

    /// <summary>What the token says, whether or not its tenant is served.</summary>
    /// <exception cref="IssuerUnavailableException">The issuer's keys are not known and cannot be read.</exception>
    internal async ValueTask<JwtVerdict> VerifyAsync(string text, CancellationToken cancellationToken)
    {
        var key = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        if (verified.TryGetValue(key, out Believed? known) && known!.IsStill(time.GetUtcNow()))
        {
            return known.Verdict;
        }

        if (TryRead(text) is not { } token)
        {
            return JwtVerdict.Refused("it cannot be read");
        }

        if (ClientTokens.Claims(token))
        {
            var signed = await own.VerifyAsync(token, cancellationToken);
            Believe(key, signed, issuer: null, keysVersion: 0);
            return signed;
        }

        if (issuers.FirstOrDefault(candidate => candidate.Claims(token)) is not { } issuer)
        {
            return JwtVerdict.Refused("its issuer is not trusted, or it is for another audience");
        }

        // Taken before: the key may be taken back meanwhile.
        var keys = issuer.KeysVersion;
        var verdict = await issuer.VerifyAsync(token, cancellationToken);
        Believe(key, verdict, issuer, keys);
        return verdict;
    }

    /// <summary>The owner of a verified token; null when its tenant does not exist, or is disabled.</summary>
    internal async ValueTask<AuthenticatedToken?> OwnerAsync(VerifiedJwt jwt, CancellationToken cancellationToken)
    {
        if (jwt.SecretId is { } secret)
        {
            return await tenants.FindClientAsync(jwt.Client, secret, cancellationToken) is { } client ? client with { Scopes = client.Scopes & jwt.Scopes } : null;
        }

        return await tenants.FindTenantAsync(jwt.Tenant, cancellationToken) is { } id ? new AuthenticatedToken(id, jwt.Tenant, jwt.ClientId, jwt.Actor, jwt.Scopes) : null;
    }

    private void Believe(string key, JwtVerdict verdict, TrustedIssuer? issuer, int keysVersion)
    {
        if (verdict.Verified is not { } jwt)
        {
            return;
        }

        var skew = issuer is null ? TimeSpan.Zero : TrustedIssuer.ClockSkew;
        var latest = time.GetUtcNow() + BelievedFor;
        var until = jwt.ExpiresAt < latest - skew ? jwt.ExpiresAt + skew : latest;
        verified.Set(key, new Believed(verdict, until, issuer, keysVersion), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = BelievedFor });
    }

    /// <summary>Anyone may send anything here; that it cannot be decoded is an answer.</summary>
    private static JsonWebToken? TryRead(string text)
    {
        try
        {
            var token = new JsonWebToken(text);
            return token.Issuer is null ? null : token;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private sealed record Believed(JwtVerdict Verdict, DateTimeOffset Until, TrustedIssuer? Issuer, int KeysVersion)
    {
        /// <summary>A key may have been taken back.</summary>
        public bool IsStill(DateTimeOffset now) => now < Until && (Issuer is null || KeysVersion == Issuer.KeysVersion);
    }
}
