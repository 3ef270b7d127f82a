using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Authentication;

/// <summary>Verifies the tokens of one issuer and reads what they allow, as configured: a token cannot choose a tenant that the configuration does not name.</summary>
internal sealed class TrustedIssuer
{
    /// <summary>How far the clocks of issuer and server may differ.</summary>
    internal static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private const int MaxActorLength = 100;

    /// <summary>Signatures only (RFC 8725 §3.1): with HS256 a public key would be a secret, and "none" has no signature.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>Not tokens for other uses that the issuer signs with the same key (RFC 8725 §3.11): logout tokens, security events.</summary>
    private static readonly string[] Types = ["JWT", "at+jwt", "application/at+jwt"];

    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = JwtShape.MaxLength };

    private readonly JwtIssuerOptions options;
    private readonly IssuerKeys keys;
    private readonly TimeProvider time;
    private readonly TokenValidationParameters parameters;

    public TrustedIssuer(JwtIssuerOptions options, IssuerKeys keys, TimeProvider time)
    {
        this.options = options;
        this.keys = keys;
        this.time = time;
        parameters = new TokenValidationParameters
        {
            ValidIssuer = options.Issuer,
            ValidAudience = options.Audience,
            ValidAlgorithms = Algorithms,
            LifetimeValidator = (notBefore, expires, _, _) => IsInTime(notBefore, expires),
        };
    }

    /// <summary>Changes when the issuer's keys have been read: what was verified before is verified again.</summary>
    public int KeysVersion => keys.Version;

    /// <summary>Whether a token claims to be one of its own. Nothing is verified by that.</summary>
    public bool Claims(JsonWebToken token) => token.Issuer == options.Issuer && token.Audiences.Contains(options.Audience, StringComparer.Ordinal);

    /// <summary>Verifies a token of this issuer.</summary>
    /// <exception cref="IssuerUnavailableException">The issuer's keys are not known and cannot be read.</exception>
    public async Task<JwtVerdict> VerifyAsync(JsonWebToken token, CancellationToken cancellationToken)
    {
        if (RefusedByHeader(token) is { } reason)
        {
            return JwtVerdict.Refused(reason);
        }

        var found = await keys.FindAsync(token.Kid, cancellationToken);
        if (found.Count == 0)
        {
            return JwtVerdict.Refused("its key is not one of its issuer");
        }

        var withKeys = parameters.Clone();
        withKeys.IssuerSigningKeys = found;
        var result = await Handler.ValidateTokenAsync(token, withKeys);
        return result.IsValid ? Read(token) : JwtVerdict.Refused(Explain(result.Exception));
    }

    private static string? RefusedByHeader(JsonWebToken token)
    {
        if (!Algorithms.Contains(token.Alg, StringComparer.Ordinal))
        {
            return "its algorithm is not accepted";
        }

        // RFC 7515 §4.1.11: what is critical has to be understood, and nothing is.
        return token.TryGetHeaderValue<object>("crit", out _) ? "it has critical headers"
            : string.IsNullOrEmpty(token.Typ) || Types.Contains(token.Typ, StringComparer.OrdinalIgnoreCase) ? null
            : "its type is not that of an access token";
    }

    private JwtVerdict Read(JsonWebToken token)
    {
        if (Single(token, options.SubjectClaim) is not { } client || (options.Subjects.Count > 0 && !options.Subjects.Contains(client, StringComparer.Ordinal)))
        {
            return JwtVerdict.Refused("its client is not accepted");
        }

        return TenantOf(token) is { } tenant
            ? new JwtVerdict(
                new VerifiedJwt(tenant, IdOf(client), ActorOf(client), ScopesOf(token), new DateTimeOffset(token.ValidTo, TimeSpan.Zero)) { Issuer = options.Name, Client = client },
                "")
            : JwtVerdict.Refused("it is for no tenant that its issuer may speak for");
    }

    /// <summary>The tenant of the configuration; a claim can but choose among those that the configuration lists.</summary>
    private string? TenantOf(JsonWebToken token)
    {
        if (string.IsNullOrWhiteSpace(options.TenantClaim))
        {
            return options.Tenant;
        }

        return Single(token, options.TenantClaim) is { } value && options.Tenants.TryGetValue(value, out var name) ? name : null;
    }

    /// <summary>The operator's scope is none that an issuer can give.</summary>
    private AccessScopes ScopesOf(JsonWebToken token)
    {
        var scopes = AccessScopeNames.Parse(options.Scopes ?? "");
        foreach (var value in Values(token, options.ScopeClaim).SelectMany(value => value.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            scopes |= options.Roles.TryGetValue(value, out var granted) ? AccessScopeNames.Parse(granted) : AccessScopeNames.Find(value);
        }

        return scopes & ~AccessScopes.Admin;
    }

    /// <summary>What change records carry: no access token that an operator named can be mistaken for it by accident.</summary>
    private string ActorOf(string client)
    {
        var actor = $"{options.Name}:{string.Concat(client.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c))}";
        return actor.Length <= MaxActorLength ? actor : actor[..MaxActorLength];
    }

    /// <summary>The same for all tokens of a client.</summary>
    private Guid IdOf(string client) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{options.Issuer}\n{client}")).AsSpan(0, 16));

    private bool IsInTime(DateTime? notBefore, DateTime? expires)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires is { } end && now - ClockSkew < end && !(notBefore is { } begin && now + ClockSkew < begin);
    }

    private static string? Single(JsonWebToken token, string claim) => Values(token, claim).Take(2).ToArray() is [{ Length: > 0 } value] ? value : null;

    private static IEnumerable<string> Values(JsonWebToken token, string claim) => token.Claims.Where(other => other.Type == claim).Select(other => other.Value);

    private static string Explain(Exception? exception) => exception switch
    {
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNotYetValidException or SecurityTokenNoExpirationException =>
            "it is expired or not yet valid",
        SecurityTokenInvalidAudienceException => "it is for another audience",
        SecurityTokenInvalidIssuerException => "its issuer is not trusted",
        SecurityTokenInvalidSignatureException => "its signature is wrong",
        _ => "it cannot be verified",
    };
}
