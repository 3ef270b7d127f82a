using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Authentication;

namespace ScimServer.OAuth;

/// <summary>
/// Verifies the access tokens that this server itself signed. What one allows is looked up with the client whenever it is used
/// (<see cref="AcceptedTokens.FindClientAsync"/>): the token says for whom, by which secret and until when.
/// </summary>
internal sealed class ClientTokens(AccessTokenKeys keys, TimeProvider time)
{
    /// <summary>The claim that holds the id of the secret that the token was got with.</summary>
    public const string SecretClaim = "secret_id";

    /// <summary>Whom the token is for.</summary>
    public const string Audience = AccessTokenDefaults.Realm;

    private const string Type = "at+jwt";

    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = JwtShape.MaxLength };

    /// <summary>Whether the token claims to be one. Nothing is verified by that.</summary>
    public static bool Claims(JsonWebToken token) => AccessTokenKeys.IsOurs(token.Kid);

    public async Task<JwtVerdict> VerifyAsync(JsonWebToken token, CancellationToken cancellationToken)
    {
        if (await keys.FindAsync(token.Kid, cancellationToken) is not { } key)
        {
            return JwtVerdict.Refused("its key is none of this server's");
        }

        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = key,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidTypes = [Type],
            ValidAudience = Audience,

            // The address that the client used; nobody else has the key.
            IssuerValidator = (issuer, _, _) => issuer,
            LifetimeValidator = (_, expires, _, _) => expires > time.GetUtcNow().UtcDateTime,
        });
        return result.IsValid && Guid.TryParse(token.GetClaim(SecretClaim).Value, out var secret)
            ? new JwtVerdict(
                new VerifiedJwt("", Guid.Empty, "", AccessScopeNames.Parse(token.GetClaim(OpenIddictConstants.Claims.Scope).Value), new DateTimeOffset(token.ValidTo, TimeSpan.Zero))
                {
                    Issuer = "",
                    Client = token.Subject,
                    SecretId = secret,
                },
                "")
            : JwtVerdict.Refused("it is expired, or not signed by this server");
    }
}
