using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Authentication;

/// <summary>Finds the owner of a bearer token, whichever kind it is: a JWT is told by its looks.</summary>
internal sealed class BearerTokens(AcceptedTokens tokens, AcceptedJwts jwts)
{
    /// <summary>The owner, or null and the reason, which is for the log alone.</summary>
    /// <exception cref="IssuerUnavailableException">The keys of the token's issuer are not known and cannot be read.</exception>
    public async ValueTask<(AuthenticatedToken? Token, string Reason)> FindAsync(string? credential, CancellationToken cancellationToken)
    {
        if (credential is null)
        {
            return (null, "The credential is no token of this server: it is mistyped or cut.");
        }

        var reason = "The token is not known, revoked or expired, or its tenant is disabled.";
        if (JwtShape.IsOne(credential))
        {
            var (owner, why) = await jwts.FindAsync(credential, cancellationToken);
            if (owner is not null)
            {
                return (owner, "");
            }

            reason = $"The JWT is not accepted: {why}.";
        }

        // A token that an operator chose may look like anything.
        return (await tokens.FindAsync(credential, cancellationToken), reason);
    }
}
