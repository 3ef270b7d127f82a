using System.Text.Json;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Provisioning;
using Scim.EntityFrameworkCore.Rows;

namespace ScimServer.Admin;

/// <summary>A tenant, as the admin API shows it.</summary>
/// <param name="Id">The id, by which it is addressed.</param>
/// <param name="Name">The name.</param>
/// <param name="State"><c>enabled</c>, <c>disabled</c> or <c>deleting</c>.</param>
/// <param name="Created">When it was created.</param>
/// <param name="DisabledAt">Since when its tokens are refused.</param>
/// <param name="DeletingSince">Since when it is being deleted.</param>
public sealed record TenantView(int Id, string Name, string State, DateTimeOffset Created, DateTimeOffset? DisabledAt, DateTimeOffset? DeletingSince)
{
    internal static TenantView Of(Tenant tenant)
    {
        var state = tenant switch { { DeletingSince: not null } => "deleting", { DisabledAt: not null } => "disabled", _ => "enabled" };
        return new TenantView(tenant.Id, tenant.Name, state, tenant.Created, tenant.DisabledAt, tenant.DeletingSince);
    }
}

/// <summary>An access token, as the admin API shows it: without its secret.</summary>
/// <param name="Id">The id.</param>
/// <param name="Name">The name that change records carry.</param>
/// <param name="State"><c>valid</c>, <c>expired</c> or <c>revoked</c>.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="IdentityProvider">The kind of identity provider that it is for.</param>
/// <param name="Created">When it was made.</param>
/// <param name="ExpiresAt">From when on it is refused.</param>
/// <param name="RevokedAt">When it was revoked.</param>
/// <param name="LastUsedAt">About when it was last accepted.</param>
/// <param name="ReplacedBy">The token that took its place.</param>
public sealed record TokenView(
    Guid Id,
    string Name,
    string State,
    IReadOnlyList<string> Scopes,
    string? IdentityProvider,
    DateTimeOffset Created,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? LastUsedAt,
    Guid? ReplacedBy)
{
    internal static TokenView Of(AccessToken token, DateTimeOffset now)
    {
        var state = token switch { { RevokedAt: not null } => "revoked", { ExpiresAt: { } at } when at <= now => "expired", _ => "valid" };
        return new TokenView(
            token.Id,
            token.Name,
            state,
            [.. AccessScopeNames.Of(token.Scopes)],
            token.IdentityProvider,
            token.Created,
            token.ExpiresAt,
            token.RevokedAt,
            token.LastUsedAt,
            token.ReplacedBy);
    }
}

/// <summary>A new token with its secret, which is shown this once.</summary>
/// <param name="Secret">What the client sends as bearer token.</param>
/// <param name="Token">The token.</param>
public sealed record IssuedTokenView(string Secret, TokenView Token)
{
    /// <summary>Without the secret: a record prints its members, and this one may end up in a log.</summary>
    public override string ToString() => $"{nameof(IssuedTokenView)} {Token.Id}";
}

/// <summary>A change record.</summary>
/// <param name="Seq">The position in the log.</param>
/// <param name="At">When.</param>
/// <param name="Actor">The name of the token that asked for it.</param>
/// <param name="Txn">The reference of the request that asked for it, or of the operation of a bulk.</param>
/// <param name="Kind"><c>create</c>, <c>replace</c>, <c>patch</c> or <c>delete</c>.</param>
/// <param name="ResourceType">The type of the resource.</param>
/// <param name="ResourceId">The resource.</param>
/// <param name="ExternalId">The id that the client gave it.</param>
/// <param name="Display">Its name for people.</param>
/// <param name="Version">Its version after the change.</param>
/// <param name="Part">The number of this part of the change, from 0.</param>
/// <param name="Parts">How many parts the change has.</param>
/// <param name="Delta">What changed.</param>
public sealed record ChangeView(
    long Seq,
    DateTimeOffset At,
    string Actor,
    string Txn,
    string Kind,
    string ResourceType,
    Guid ResourceId,
    string? ExternalId,
    string? Display,
    long Version,
    int Part,
    int Parts,
    JsonElement Delta)
{
    internal static ChangeView Of(ChangeRow row) => new(
        row.Seq,
        row.At,
        row.Actor,
        RequestReference.Format(row.Txn),
        row.Kind,
        row.ResourceType,
        row.ResourceId,
        row.ExternalId,
        row.Display,
        row.Version,
        row.Part,
        row.Parts,
        JsonElement.Parse(row.Delta));
}

/// <summary>A page of change records, newest first.</summary>
/// <param name="Changes">The records. May be fewer than asked for, or none, though there is a next page.</param>
/// <param name="NextCursor">What to send as <c>cursor</c> for the next page; null at the end.</param>
public sealed record ChangesView(IReadOnlyList<ChangeView> Changes, string? NextCursor);

/// <summary>Something that an operator did.</summary>
/// <param name="Seq">The position in the log.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who: the name of a token, or the command line and its user.</param>
/// <param name="Action">What.</param>
/// <param name="Tenant">The name of the tenant.</param>
/// <param name="TokenId">The token, or the client of the token endpoint.</param>
/// <param name="Detail">What else there is to tell.</param>
public sealed record ActionView(long Seq, DateTimeOffset At, string Actor, string Action, string? Tenant, Guid? TokenId, string? Detail)
{
    internal static ActionView Of(AdminActionRow row) => new(row.Seq, row.At, row.Actor, row.Action, row.TenantName, row.TokenId, row.Detail);
}

/// <summary>A page of what operators did, newest first.</summary>
/// <param name="Actions">The actions.</param>
/// <param name="NextCursor">What to send as <c>cursor</c> for the next page; null at the end.</param>
public sealed record ActionsView(IReadOnlyList<ActionView> Actions, string? NextCursor);
