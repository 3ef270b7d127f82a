namespace Scim.EntityFrameworkCore.Access;

/// <summary>An access token, without its secret, which is not kept.</summary>
/// <param name="TenantId">The tenant; 0 for a token of the operator.</param>
/// <param name="TenantName">The tenant's name; null for a token of the operator.</param>
/// <param name="Id">The id by which it is revoked.</param>
/// <param name="Name">The name that change records carry.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="Created">When it was made.</param>
/// <param name="ExpiresAt">From when on it is refused; null for never.</param>
/// <param name="RevokedAt">When it was revoked; null when it was not.</param>
public sealed record AccessToken(
    int TenantId,
    string? TenantName,
    Guid Id,
    string Name,
    AccessScopes Scopes,
    DateTimeOffset Created,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt)
{
    /// <summary>The kind of identity provider that it was made for; null when nobody said.</summary>
    public string? IdentityProvider { get; init; }

    /// <summary>The token that took its place when it was rotated.</summary>
    public Guid? ReplacedBy { get; init; }

    /// <summary>About when it was last accepted: some seconds may not be written down yet.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}

/// <summary>A token to be made.</summary>
/// <param name="Name">The name that change records carry.</param>
public sealed record NewToken(string Name)
{
    /// <summary>What it allows.</summary>
    public AccessScopes Scopes { get; init; } = AccessScopes.Provisioning;

    /// <summary>From when on it is refused; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The kind of identity provider that it is for: one of <see cref="IdentityProviders.Known"/>, or null.</summary>
    public string? IdentityProvider { get; init; }
}

/// <summary>A new token with its secret, which is shown this once.</summary>
/// <param name="Token">The token.</param>
/// <param name="Secret">What the client sends as bearer token.</param>
public sealed record IssuedToken(AccessToken Token, string Secret)
{
    /// <summary>Without the secret: a record prints its members, and this one may end up in a log.</summary>
    public override string ToString() => $"{nameof(IssuedToken)} {Token.Id}";
}

/// <summary>The owner of a token that was accepted.</summary>
/// <param name="TenantId">The tenant; 0 for the operator.</param>
/// <param name="TenantName">The tenant's name; empty for the operator.</param>
/// <param name="TokenId">The token.</param>
/// <param name="TokenName">The token's name.</param>
/// <param name="Scopes">What it allows.</param>
public sealed record AuthenticatedToken(int TenantId, string TenantName, Guid TokenId, string TokenName, AccessScopes Scopes = AccessScopes.Provisioning)
{
    /// <summary>Whether the token is the operator's, which belongs to no tenant.</summary>
    public bool IsOperator => TenantId == Tenant.OperatorId;
}
