using Scim.EntityFrameworkCore.Access;
using Scim.Errors;
using ScimServer.Authentication;

namespace ScimServer.Events;

/// <summary>The token of a request that lasts: what has been revoked meanwhile gets nothing more.</summary>
internal sealed class EventsCredential(HttpRequest request)
{
    private readonly BearerTokens tokens = request.HttpContext.RequestServices.GetRequiredService<BearerTokens>();
    private readonly string secret = BearerCredential.Read(request.Headers.Authorization).Token ?? "";

    public async Task<bool> IsValidAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await tokens.FindAsync(secret, cancellationToken)).Token is { } token && token.Scopes.HasFlag(AccessScopes.Events);
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
