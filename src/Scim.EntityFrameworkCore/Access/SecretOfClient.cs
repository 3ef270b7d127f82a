using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Access;

/// <summary>A secret with its client and tenant.</summary>
internal sealed class SecretOfClient
{
    public required ClientSecretRow Secret { get; init; }

    public required ClientRow Client { get; init; }

    public required TenantRow Tenant { get; init; }

    /// <summary>Those of clients and tenants that are not disabled.</summary>
    public static IQueryable<SecretOfClient> Accepted(ScimDbContext context) =>
        from secret in context.ClientSecrets
        join client in context.Clients on new { secret.TenantId, Key = secret.ClientKey } equals new { client.TenantId, Key = client.Id }
        join tenant in context.Tenants on client.TenantId equals tenant.Id
        where secret.RevokedAt == null && client.DisabledAt == null && tenant.DisabledAt == null && tenant.DeletingSince == null
        select new SecretOfClient { Secret = secret, Client = client, Tenant = tenant };

    /// <summary>A client never administers, whatever its row says.</summary>
    public AuthenticatedToken ToAuthenticated() => new(Client.TenantId, Tenant.Name, Client.Id, Client.DisplayName!, Client.Scopes & ~AccessScopes.Admin);
}
