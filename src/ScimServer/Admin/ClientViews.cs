using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Admin;

/// <summary>A client of the token endpoint, as the admin API shows it: without its secrets.</summary>
/// <param name="Id">The <c>client_id</c>.</param>
/// <param name="Name">The name that change records carry.</param>
/// <param name="State"><c>enabled</c> or <c>disabled</c>.</param>
/// <param name="Scopes">What its access tokens allow at most.</param>
/// <param name="IdentityProvider">The kind of identity provider that it is for.</param>
/// <param name="Created">When it was made.</param>
/// <param name="DisabledAt">Since when it is refused.</param>
/// <param name="Secrets">Its secrets, oldest first.</param>
public sealed record ClientView(
    Guid Id,
    string Name,
    string State,
    IReadOnlyList<string> Scopes,
    string? IdentityProvider,
    DateTimeOffset Created,
    DateTimeOffset? DisabledAt,
    IReadOnlyList<ClientSecretView> Secrets)
{
    internal static ClientView Of(Client client, DateTimeOffset now) => new(
        client.Id,
        client.Name,
        client.DisabledAt is null ? "enabled" : "disabled",
        [.. AccessScopeNames.Of(client.Scopes)],
        client.IdentityProvider,
        client.Created,
        client.DisabledAt,
        [.. client.Secrets.Select(secret => ClientSecretView.Of(secret, now))]);
}

/// <summary>A secret of a client, as the admin API shows it: not the secret itself.</summary>
/// <param name="Id">The id by which it is revoked.</param>
/// <param name="State"><c>valid</c>, <c>expired</c> or <c>revoked</c>.</param>
/// <param name="Created">When it was made.</param>
/// <param name="ExpiresAt">From when on it is refused.</param>
/// <param name="RevokedAt">When it was revoked.</param>
/// <param name="LastUsedAt">When an access token was last given for it, to the minute.</param>
public sealed record ClientSecretView(Guid Id, string State, DateTimeOffset Created, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt)
{
    internal static ClientSecretView Of(ClientSecret secret, DateTimeOffset now) =>
        new(
            secret.Id,
            secret.RevokedAt is not null ? "revoked" : secret.IsValid(now) ? "valid" : "expired",
            secret.Created,
            secret.ExpiresAt,
            secret.RevokedAt,
            secret.LastUsedAt);
}

/// <summary>A new secret of a client, which is shown this once.</summary>
/// <param name="Secret">What the client sends as <c>client_secret</c>.</param>
/// <param name="SecretId">The id by which it is revoked.</param>
/// <param name="Client">The client.</param>
public sealed record IssuedSecretView(string Secret, Guid SecretId, ClientView Client)
{
    /// <summary>Without the secret: a record prints its members, and this one may end up in a log.</summary>
    public override string ToString() => $"{nameof(IssuedSecretView)} {SecretId}";
}
