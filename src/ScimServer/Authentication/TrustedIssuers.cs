using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.JsonWebTokens;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Authentication;

/// <summary>The issuers of the configuration. Each has an authentication scheme; a request goes to the one that its token names.</summary>
internal sealed class TrustedIssuers
{
    private readonly TrustedIssuer[] issuers;

    public TrustedIssuers(JwtOptions options) => issuers = [.. options.Issuers.Select((issuer, index) => new TrustedIssuer(issuer, index))];

    public void AddSchemes(AuthenticationBuilder authentication)
    {
        foreach (var issuer in issuers)
        {
            authentication.AddJwtBearer(issuer.Scheme, issuer.Configure);
        }
    }

    /// <summary>
    /// The scheme that verifies the request's credential: an issuer's for a JWT that claims to be from it, else that of access
    /// tokens, which refuses whatever it does not know.
    /// </summary>
    public string SchemeOf(HttpContext context)
    {
        if (issuers.Length > 0 && BearerCredential.ReadText(context.Request.Headers.Authorization) is { } text && Parse(text) is { } token)
        {
            return issuers.FirstOrDefault(issuer => issuer.Claims(token))?.Scheme ?? AccessTokenDefaults.Scheme;
        }

        return AccessTokenDefaults.Scheme;
    }

    private static JsonWebToken? Parse(string text)
    {
        if (text.StartsWith(TokenSecret.Prefix, StringComparison.Ordinal) || text.Count(c => c == '.') != 2)
        {
            return null;
        }

        try
        {
            return new JsonWebToken(text);
        }
        catch (ArgumentException)
        {
            // Whatever it is, it is no JWT.
            return null;
        }
    }
}
