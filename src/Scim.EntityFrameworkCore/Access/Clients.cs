using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Access;

/// <summary>Makes, lists, disables and deletes the clients of the token endpoint.</summary>
public sealed class Clients
{
    private readonly ScimDatabase database;
    private readonly Tenants tenants;
    private readonly AcceptedTokens accepted;
    private readonly TimeProvider time;

    /// <summary>Made by the container.</summary>
    public Clients(ScimDatabase database, Tenants tenants, AcceptedTokens accepted, TimeProvider time)
    {
        this.database = database;
        this.tenants = tenants;
        this.accepted = accepted;
        this.time = time;
    }

    /// <summary>Makes a client of a tenant, with its first secret.</summary>
    /// <exception cref="AccessException">The tenant does not exist, the name is unusable, or the scopes are none or the operator's.</exception>
    public async Task<IssuedSecret> CreateAsync(string tenant, NewClient client, CancellationToken cancellationToken)
    {
        AccessException.ThrowIfUnusableName("client", client.Name);
        AccessException.ThrowIfNotATenants(client.Scopes);
        IdentityProviders.ThrowIfUnknown(client.IdentityProvider);
        var owner = await tenants.RequireAsync(tenant, cancellationToken);
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var row = new ClientRow
        {
            TenantId = owner.Id,
            Id = id,
            ClientId = id.ToString(),
            ClientType = OpenIddictConstants.ClientTypes.Confidential,
            DisplayName = client.Name,
            Scopes = client.Scopes,
            IdentityProvider = client.IdentityProvider,
            Created = now,
        };
        var secret = ClientSecrets.Make(row, client.ExpiresAt, now, out var text);
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        context.Clients.Add(row);
        context.ClientSecrets.Add(secret);
        AdminLog.Note(context, now, "client.create", owner.Name, id, $"{row.DisplayName}, for {AccessScopeNames.Format(row.Scopes)}");
        await context.SaveChangesAsync(cancellationToken);
        return new IssuedSecret(ToClient(row, owner.Name, [secret]), secret.Id, text);
    }

    /// <summary>The clients of one tenant or of all, oldest first; also disabled ones.</summary>
    public async Task<IReadOnlyList<Client>> ListAsync(string? tenant, CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        var rows = await context.Clients
            .Join(context.Tenants, client => client.TenantId, owner => owner.Id, (client, owner) => new { Client = client, owner.Name })
            .Where(pair => tenant == null || pair.Name == tenant)
            .OrderBy(pair => pair.Client.Id)
            .ToListAsync(cancellationToken);
        var secrets = (await context.ClientSecrets
            .Where(secret => tenant == null || context.Tenants.Any(owner => owner.Id == secret.TenantId && owner.Name == tenant))
            .OrderBy(secret => secret.Id)
            .ToListAsync(cancellationToken)).ToLookup(secret => secret.ClientKey);
        return [.. rows.Select(pair => ToClient(pair.Client, pair.Name, secrets[pair.Client.Id]))];
    }

    /// <summary>The client of that id, or null.</summary>
    public async Task<Client?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        return await FindAsync(context, id, cancellationToken);
    }

    /// <summary>Refuses the client and its access tokens until it is enabled again. Every instance does so within five seconds.</summary>
    /// <exception cref="AccessException">There is no such client.</exception>
    public Task DisableAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return ChangeAsync(id, "client.disable", row => row.DisabledAt ??= now, cancellationToken);
    }

    /// <summary>Accepts a disabled client again, and those of its access tokens that have not expired.</summary>
    /// <exception cref="AccessException">There is no such client.</exception>
    public Task EnableAsync(Guid id, CancellationToken cancellationToken) => ChangeAsync(id, "client.enable", row => row.DisabledAt = null, cancellationToken);

    /// <summary>Deletes the client with its secrets. Every instance refuses its access tokens within five seconds.</summary>
    /// <exception cref="AccessException">There is no such client.</exception>
    public Task DeleteAsync(Guid id, CancellationToken cancellationToken) => ChangeAsync(id, "client.delete", change: null, cancellationToken);

    /// <summary>The client with its secrets, or null.</summary>
    internal static async Task<Client?> FindAsync(ScimDbContext context, Guid id, CancellationToken cancellationToken)
    {
        var clientId = id.ToString();
        var row = await context.Clients.SingleOrDefaultAsync(client => client.ClientId == clientId, cancellationToken);
        if (row is null)
        {
            return null;
        }

        var secrets = await context.ClientSecrets
            .Where(secret => secret.TenantId == row.TenantId && secret.ClientKey == row.Id)
            .OrderBy(secret => secret.Id)
            .ToListAsync(cancellationToken);
        var tenant = await context.Tenants.Where(owner => owner.Id == row.TenantId).Select(owner => owner.Name).SingleAsync(cancellationToken);
        return ToClient(row, tenant, secrets);
    }

    /// <summary>Changes the client, or deletes it when no change is given.</summary>
    private async Task ChangeAsync(Guid id, string action, Action<ClientRow>? change, CancellationToken cancellationToken)
    {
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        var clientId = id.ToString();
        var row = await context.Clients.AsTracking().SingleOrDefaultAsync(client => client.ClientId == clientId, cancellationToken)
            ?? throw AccessException.NoClient(id);
        var tenant = await context.Tenants.Where(owner => owner.Id == row.TenantId).Select(owner => owner.Name).SingleAsync(cancellationToken);
        if (change is null)
        {
            context.Clients.Remove(row);
        }

        change?.Invoke(row);
        AdminLog.Note(context, time.GetUtcNow(), action, tenant, id, row.DisplayName);
        await context.SaveChangesAsync(CancellationToken.None);
        accepted.Forget();
    }

    private static Client ToClient(ClientRow row, string tenant, IEnumerable<ClientSecretRow> secrets) =>
        new(row.TenantId, tenant, row.Id, row.DisplayName!, row.Scopes, row.Created)
        {
            IdentityProvider = row.IdentityProvider,
            DisabledAt = row.DisabledAt,
            Secrets = [.. secrets.Select(secret => new ClientSecret(secret.Id, secret.Created, secret.ExpiresAt, secret.RevokedAt, secret.LastUsedAt))],
        };
}
