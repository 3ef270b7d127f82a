using Scim.EntityFrameworkCore.Access;
using Scim.Errors;

namespace ScimServer.Authentication;

/// <summary>The token of a request that lasts: what has been revoked meanwhile gets nothing more.</summary>
/// <param name="request">The request.</param>
/// <param name="scope">What the token has to allow.</param>
internal sealed class LastingCredential(HttpRequest request, AccessScopes scope)
{
    private readonly BearerTokens tokens = request.HttpContext.RequestServices.GetRequiredService<BearerTokens>();
    private readonly string secret = BearerCredential.Read(request.Headers.Authorization).Token ?? "";

    public async Task<bool> IsValidAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await tokens.FindAsync(secret, cancellationToken)).Token is { } token && token.Scopes.HasFlag(scope);
        }
        catch (IssuerUnavailableException)
        {
            return false;
        }
    }

    /// <exception cref="ScimException">401.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (!await IsValidAsync(cancellationToken))
        {
            throw ScimErrors.Unauthorized("The access token was accepted when the request began and is not any more: it has expired or was revoked.");
        }
    }
}
