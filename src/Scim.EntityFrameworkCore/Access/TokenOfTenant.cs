using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Access;

/// <summary>A token with its tenant; without one when it is the operator's.</summary>
internal sealed class TokenOfTenant
{
    public required AccessTokenRow Token { get; init; }

    public TenantRow? Tenant { get; init; }

    public static IQueryable<TokenOfTenant> Join(ScimDbContext context) => context.AccessTokens.LeftJoin(
        context.Tenants, token => token.TenantId, tenant => tenant.Id, (token, tenant) => new TokenOfTenant { Token = token, Tenant = tenant });

    /// <summary>A token of the operator administers and does nothing else; a tenant's never does, whatever its row says.</summary>
    public AuthenticatedToken ToAuthenticated()
    {
        var possible = Token.TenantId == Access.Tenant.OperatorId ? AccessScopes.Admin : ~AccessScopes.Admin;
        return new AuthenticatedToken(Token.TenantId, Tenant?.Name ?? "", Token.Id, Token.Name, Token.Scopes & possible);
    }

    public AccessToken ToToken() =>
        new(Token.TenantId, Tenant?.Name, Token.Id, Token.Name, Token.Scopes, Token.Created, Token.ExpiresAt, Token.RevokedAt)
        {
            IdentityProvider = Token.IdentityProvider,
            ReplacedBy = Token.ReplacedBy,
            LastUsedAt = Token.LastUsedAt,
        };
}
