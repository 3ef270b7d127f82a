using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Access;

/// <summary>Makes, lists, revokes and verifies access tokens.</summary>
public sealed class AccessTokens : IDisposable
{
    /// <summary>How long an accepted token is believed without a query: by then at the latest every instance knows of a revocation.</summary>
    private static readonly TimeSpan BelievedFor = TimeSpan.FromSeconds(5);

    private readonly MemoryCache accepted = new(new MemoryCacheOptions { SizeLimit = 10_000 });
    private readonly ScimDatabase database;
    private readonly Tenants tenants;
    private readonly TimeProvider time;

    /// <summary>Made by the container.</summary>
    public AccessTokens(ScimDatabase database, Tenants tenants, TimeProvider time)
    {
        this.database = database;
        this.tenants = tenants;
        this.time = time;
    }

    /// <summary>Makes a token for a tenant.</summary>
    /// <exception cref="AccessException">The tenant does not exist, or the name is unusable.</exception>
    public async Task<IssuedToken> CreateAsync(string tenant, string name, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        var secret = TokenSecret.Create();
        return new IssuedToken(await StoreAsync(tenant, name, secret, expiresAt, cancellationToken), secret);
    }

    /// <summary>Stores a token whose secret an operator chose.</summary>
    /// <exception cref="AccessException">The tenant does not exist, the secret is too short or too long, or it is in use.</exception>
    public Task<AccessToken> ImportAsync(string tenant, string name, string secret, CancellationToken cancellationToken)
    {
        if (secret.Length < 16 || !TokenSecret.IsWellFormed(secret) || secret.Any(c => c is <= ' ' or > '~'))
        {
            throw new AccessException($"A token must have 16 to {TokenSecret.MaxLength} printable ASCII characters and no blanks.");
        }

        return StoreAsync(tenant, name, secret, expiresAt: null, cancellationToken);
    }

    /// <summary>The tokens of one tenant or of all, oldest first; also expired and revoked ones.</summary>
    public async Task<IReadOnlyList<AccessToken>> ListAsync(string? tenant, CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        return await Join(context)
            .Where(pair => tenant == null || pair.Tenant.Name == tenant)
            .OrderBy(pair => pair.Token.Id)
            .Select(pair => new AccessToken(
                pair.Tenant.Id, pair.Tenant.Name, pair.Token.Id, pair.Token.Name, pair.Token.Created, pair.Token.ExpiresAt, pair.Token.RevokedAt))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Revokes a token. Every instance refuses it within five seconds.</summary>
    /// <returns>False when there is no such token.</returns>
    public async Task<bool> RevokeAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        var now = time.GetUtcNow();
        var revoked = await context.AccessTokens
            .Where(token => token.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(token => token.RevokedAt, token => token.RevokedAt ?? now), cancellationToken);
        accepted.Clear();
        return revoked > 0;
    }

    /// <summary>The owner of a token, or null unless it is known, not expired and not revoked.</summary>
    public async Task<AuthenticatedToken?> AuthenticateAsync(string secret, CancellationToken cancellationToken)
    {
        if (!TokenSecret.IsWellFormed(secret))
        {
            return null;
        }

        var hash = TokenSecret.Hash(secret);
        var key = Convert.ToBase64String(hash);
        if (!accepted.TryGetValue(key, out Accepted? known))
        {
            known = await FindAsync(hash, cancellationToken);
            if (known is not null)
            {
                accepted.Set(key, known, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = BelievedFor });
            }
        }

        return known is not null && !(known.ExpiresAt <= time.GetUtcNow()) ? known.Token : null;
    }

    /// <inheritdoc/>
    public void Dispose() => accepted.Dispose();

    private static IQueryable<TokenOfTenant> Join(ScimDbContext context) =>
        context.AccessTokens.Join(context.Tenants, token => token.TenantId, tenant => tenant.Id, (token, tenant) => new TokenOfTenant { Token = token, Tenant = tenant });

    private async Task<Accepted?> FindAsync(byte[] hash, CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        return await Join(context)
            .Where(pair => pair.Token.Hash == hash && pair.Token.RevokedAt == null)
            .Select(pair => new Accepted(
                new AuthenticatedToken(pair.Tenant.Id, pair.Tenant.Name, pair.Token.Id, pair.Token.Name), pair.Token.ExpiresAt))
            .SingleOrDefaultAsync(cancellationToken);
    }

    private async Task<AccessToken> StoreAsync(
        string tenantName, string name, string secret, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        AccessException.ThrowIfUnusableName("token", name);
        var tenant = await tenants.FindAsync(tenantName, cancellationToken)
            ?? throw new AccessException($"There is no tenant \"{tenantName}\". Create it first: tenants create \"{tenantName}\".");
        await using var context = database.OpenForAccess();
        var row = new AccessTokenRow
        {
            TenantId = tenant.Id,
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            Name = name,
            Hash = TokenSecret.Hash(secret),
            Created = time.GetUtcNow(),
            ExpiresAt = expiresAt,
        };
        context.AccessTokens.Add(row);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException error) when (database.Dialect.IsUniqueViolation(error))
        {
            throw new AccessException("That token is already in use.");
        }

        return new AccessToken(tenant.Id, tenant.Name, row.Id, row.Name, row.Created, row.ExpiresAt, row.RevokedAt);
    }

    private sealed record Accepted(AuthenticatedToken Token, DateTimeOffset? ExpiresAt);

    private sealed class TokenOfTenant
    {
        public required AccessTokenRow Token { get; init; }

        public required TenantRow Tenant { get; init; }
    }
}
