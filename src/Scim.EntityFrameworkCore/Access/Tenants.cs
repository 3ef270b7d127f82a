using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Access;

/// <summary>Creates, finds, disables and enables tenants.</summary>
public sealed class Tenants
{
    /// <summary>The tenant that the first start creates.</summary>
    public const string DefaultName = "default";

    private readonly ScimDatabase database;
    private readonly AcceptedTokens accepted;
    private readonly TimeProvider time;

    /// <summary>Made by the container.</summary>
    public Tenants(ScimDatabase database, AcceptedTokens accepted, TimeProvider time)
    {
        this.database = database;
        this.accepted = accepted;
        this.time = time;
    }

    /// <summary>Creates a tenant.</summary>
    /// <exception cref="AccessException">The name is taken or unusable.</exception>
    public async Task<Tenant> CreateAsync(string name, CancellationToken cancellationToken)
    {
        AccessException.ThrowIfUnusableName("tenant", name);
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        var row = new TenantRow { Name = name, Created = time.GetUtcNow() };
        context.Tenants.Add(row);
        AdminLog.Note(context, row.Created, "tenant.create", name);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException error) when (database.Dialect.IsUniqueViolation(error))
        {
            throw new AccessException($"There is already a tenant \"{name}\".") { Fault = AccessFault.Conflict, Field = "name" };
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

    /// <summary>The tenant of that name.</summary>
    /// <exception cref="AccessException">There is none.</exception>
    public async Task<Tenant> GetAsync(string name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken) ?? throw AccessException.NoTenant(name);

    /// <summary>The tenant of that id, or null.</summary>
    public async Task<Tenant?> FindAsync(int id, CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        var row = await context.Tenants.SingleOrDefaultAsync(tenant => tenant.Id == id, cancellationToken);
        return row is null ? null : ToTenant(row);
    }

    /// <summary>Refuses the tenant's tokens: here at once, on every instance within five seconds. Nothing of it is changed.</summary>
    /// <exception cref="AccessException">There is no such tenant.</exception>
    public Task DisableAsync(string name, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return ChangeAsync(name, "tenant.disable", row => row.DisabledAt ??= now, cancellationToken);
    }

    /// <summary>Accepts the tokens of a disabled tenant again.</summary>
    /// <exception cref="AccessException">There is no such tenant, or it is being deleted.</exception>
    public Task EnableAsync(string name, CancellationToken cancellationToken) => ChangeAsync(
        name,
        "tenant.enable",
        row => row.DisabledAt = row.DeletingSince is null ? null : throw new AccessException($"The tenant \"{name}\" is being deleted.") { Fault = AccessFault.Conflict },
        cancellationToken);

    /// <summary>Notes that the tenant is being deleted, which refuses its tokens for ever.</summary>
    internal Task<Tenant> MarkDeletedAsync(string name, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return ChangeAsync(name, "tenant.delete", row => row.DeletingSince ??= now, cancellationToken);
    }

    /// <summary>The tenant that something is to be made for.</summary>
    internal async Task<Tenant> RequireAsync(string name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken) switch
        {
            null => throw new AccessException($"There is no tenant \"{name}\". Create it first: tenants create \"{name}\".") { Fault = AccessFault.NotFound },
            { DeletingSince: not null } => throw new AccessException($"The tenant \"{name}\" is being deleted.") { Fault = AccessFault.Conflict },
            var tenant => tenant,
        };

    private async Task<Tenant> ChangeAsync(string name, string action, Action<TenantRow> change, CancellationToken cancellationToken)
    {
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        var row = await context.Tenants.AsTracking().SingleOrDefaultAsync(tenant => tenant.Name == name, cancellationToken)
            ?? throw AccessException.NoTenant(name);
        change(row);
        AdminLog.Note(context, time.GetUtcNow(), action, name);
        await context.SaveChangesAsync(CancellationToken.None);
        accepted.Forget();
        return ToTenant(row);
    }

    private static Tenant ToTenant(TenantRow row) => new(row.Id, row.Name, row.Created) { DisabledAt = row.DisabledAt, DeletingSince = row.DeletingSince };
}
