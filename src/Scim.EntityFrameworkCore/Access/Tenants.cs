using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Access;

/// <summary>Creates and finds tenants.</summary>
public sealed class Tenants
{
    /// <summary>The tenant that the first start creates.</summary>
    public const string DefaultName = "default";

    private readonly ScimDatabase database;
    private readonly TimeProvider time;

    /// <summary>Made by the container.</summary>
    public Tenants(ScimDatabase database, TimeProvider time)
    {
        this.database = database;
        this.time = time;
    }

    /// <summary>Creates a tenant.</summary>
    /// <exception cref="AccessException">The name is taken or unusable.</exception>
    public async Task<Tenant> CreateAsync(string name, CancellationToken cancellationToken)
    {
        AccessException.ThrowIfUnusableName("tenant", name);
        await using var context = database.OpenForAccess();
        var row = new TenantRow { Name = name, Created = time.GetUtcNow() };
        context.Tenants.Add(row);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException error) when (database.Dialect.IsUniqueViolation(error))
        {
            throw new AccessException($"There is already a tenant \"{name}\".");
        }

        return ToTenant(row);
    }

    /// <summary>All tenants by name.</summary>
    public async Task<IReadOnlyList<Tenant>> ListAsync(CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        return [.. (await context.Tenants.OrderBy(row => row.Name).ToListAsync(cancellationToken)).Select(ToTenant)];
    }

    /// <summary>The tenant of that name, or null.</summary>
    public async Task<Tenant?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        var row = await context.Tenants.SingleOrDefaultAsync(tenant => tenant.Name == name, cancellationToken);
        return row is null ? null : ToTenant(row);
    }

    private static Tenant ToTenant(TenantRow row) => new(row.Id, row.Name, row.Created) { DisabledAt = row.DisabledAt, DeletingSince = row.DeletingSince };
}
