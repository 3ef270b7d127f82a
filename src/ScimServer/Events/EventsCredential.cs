using Scim.EntityFrameworkCore.Access;
using Scim.Errors;
using ScimServer.Authentication;

namespace ScimServer.Events;

/// <summary>The token of a request that lasts: what has been revoked meanwhile gets nothing more.</summary>
internal sealed class EventsCredential(AcceptedTokens tokens, HttpRequest request)
{
    private readonly string secret = BearerCredential.Read(request.Headers.Authorization).Token ?? "";

    public async Task<bool> IsValidAsync(CancellationToken cancellationToken) =>
        await tokens.FindAsync(secret, cancellationToken) is { } token && token.Scopes.HasFlag(AccessScopes.Events);

    /// <exception cref="ScimException">401.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (!await IsValidAsync(cancellationToken))
        {
            throw ScimErrors.Unauthorized("The access token was accepted when the request began and is not any more: it has expired or was revoked.");
        }
    }
}
