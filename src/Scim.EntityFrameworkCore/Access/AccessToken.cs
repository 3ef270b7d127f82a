namespace Scim.EntityFrameworkCore.Access;

/// <summary>A customer.</summary>
/// <param name="Id">The id.</param>
/// <param name="Name">The name by which operators call it.</param>
/// <param name="Created">When it was created.</param>
public sealed record Tenant(int Id, string Name, DateTimeOffset Created);

/// <summary>An access token, without its secret, which is not kept.</summary>
/// <param name="TenantId">The tenant.</param>
/// <param name="TenantName">The tenant's name.</param>
/// <param name="Id">The id by which it is revoked.</param>
/// <param name="Name">The name that change records carry.</param>
/// <param name="Created">When it was made.</param>
/// <param name="ExpiresAt">From when on it is refused; null for never.</param>
/// <param name="RevokedAt">When it was revoked; null when it was not.</param>
public sealed record AccessToken(
    int TenantId,
    string TenantName,
    Guid Id,
    string Name,
    DateTimeOffset Created,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt);

/// <summary>A new token with its secret, which is shown this once.</summary>
/// <param name="Token">The token.</param>
/// <param name="Secret">What the client sends as bearer token.</param>
public sealed record IssuedToken(AccessToken Token, string Secret);

/// <summary>The owner of a token that was accepted.</summary>
/// <param name="TenantId">The tenant.</param>
/// <param name="TenantName">The tenant's name.</param>
/// <param name="TokenId">The token.</param>
/// <param name="TokenName">The token's name.</param>
public sealed record AuthenticatedToken(int TenantId, string TenantName, Guid TokenId, string TokenName);
