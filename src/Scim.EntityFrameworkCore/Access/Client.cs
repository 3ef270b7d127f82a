namespace Scim.EntityFrameworkCore.Access;

/// <summary>A client of the token endpoint.</summary>
/// <param name="TenantId">The tenant that it belongs to.</param>
/// <param name="TenantName">The tenant's name.</param>
/// <param name="Id">The <c>client_id</c>.</param>
/// <param name="Name">The name that change records carry.</param>
/// <param name="Scopes">What its access tokens allow at most.</param>
/// <param name="Created">When it was made.</param>
public sealed record Client(int TenantId, string TenantName, Guid Id, string Name, AccessScopes Scopes, DateTimeOffset Created)
{
    /// <summary>The kind of identity provider that it was made for; null when nobody said.</summary>
    public string? IdentityProvider { get; init; }

    /// <summary>Since when it and its access tokens are refused; null while they are accepted.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Its secrets, oldest first; also expired and revoked ones.</summary>
    public IReadOnlyList<ClientSecret> Secrets { get; init; } = [];
}

/// <summary>A secret of a client, without the secret itself, which is not kept.</summary>
/// <param name="Id">The id by which it is revoked.</param>
/// <param name="Created">When it was made.</param>
/// <param name="ExpiresAt">From when on no access token is given for it; null for never.</param>
/// <param name="RevokedAt">When it was revoked; null when it was not.</param>
/// <param name="LastUsedAt">When an access token was last given for it, to the minute.</param>
public sealed record ClientSecret(Guid Id, DateTimeOffset Created, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt)
{
    /// <summary>Whether an access token is given for it.</summary>
    public bool IsValid(DateTimeOffset now) => RevokedAt is null && !(ExpiresAt <= now);
}

/// <summary>A client to be made.</summary>
/// <param name="Name">The name that change records carry.</param>
public sealed record NewClient(string Name)
{
    /// <summary>What its access tokens allow at most.</summary>
    public AccessScopes Scopes { get; init; } = AccessScopes.Provisioning;

    /// <summary>When its first secret expires; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The kind of identity provider that it is for: one of <see cref="IdentityProviders.Known"/>, or null.</summary>
    public string? IdentityProvider { get; init; }
}

/// <summary>A new secret of a client, which is shown this once.</summary>
/// <param name="Client">The client with all of its secrets.</param>
/// <param name="SecretId">The id of the new one.</param>
/// <param name="Secret">What the client sends as <c>client_secret</c>.</param>
public sealed record IssuedSecret(Client Client, Guid SecretId, string Secret)
{
    /// <summary>Without the secret: a record prints its members, and this one may end up in a log.</summary>
    public override string ToString() => $"{nameof(IssuedSecret)} {SecretId}";
}

/// <summary>A client that showed a secret of its own.</summary>
/// <param name="Client">The client, as its access token is going to name it.</param>
/// <param name="SecretId">The secret.</param>
/// <param name="ExpiresAt">When the secret expires; null for never.</param>
public sealed record AuthenticatedClient(AuthenticatedToken Client, Guid SecretId, DateTimeOffset? ExpiresAt);
