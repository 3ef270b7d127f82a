using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Access;

/// <summary>Makes, lists and ends access tokens.</summary>
public sealed class AccessTokens
{
    private readonly ScimDatabase database;
    private readonly Tenants tenants;
    private readonly AcceptedTokens accepted;
    private readonly TimeProvider time;

    /// <summary>Made by the container.</summary>
    public AccessTokens(ScimDatabase database, Tenants tenants, AcceptedTokens accepted, TimeProvider time)
    {
        this.database = database;
        this.tenants = tenants;
        this.accepted = accepted;
        this.time = time;
    }

    /// <summary>Makes a token for a tenant's identity provider.</summary>
    /// <exception cref="AccessException">The tenant does not exist, or the name is unusable.</exception>
    public Task<IssuedToken> CreateAsync(string tenant, string name, DateTimeOffset? expiresAt, CancellationToken cancellationToken) =>
        CreateAsync(tenant, new NewToken(name) { ExpiresAt = expiresAt }, cancellationToken);

    /// <summary>Makes a token for a tenant.</summary>
    /// <exception cref="AccessException">The tenant does not exist, the name is unusable, or the scopes are none or the operator's.</exception>
    public async Task<IssuedToken> CreateAsync(string tenant, NewToken token, CancellationToken cancellationToken)
    {
        AccessException.ThrowIfNotATenants(token.Scopes);
        return await IssueAsync(await tenants.RequireAsync(tenant, cancellationToken), token, cancellationToken);
    }

    /// <summary>Makes a token of the operator, which administers and belongs to no tenant.</summary>
    /// <exception cref="AccessException">The name is unusable.</exception>
    public Task<IssuedToken> CreateForOperatorAsync(string name, DateTimeOffset? expiresAt, CancellationToken cancellationToken) =>
        IssueAsync(tenant: null, new NewToken(name) { Scopes = AccessScopes.Admin, ExpiresAt = expiresAt }, cancellationToken);

    /// <summary>Stores a token for a tenant's identity provider, whose secret an operator chose.</summary>
    /// <exception cref="AccessException">The tenant does not exist, the secret is too short or too long, or it is in use.</exception>
    public async Task<AccessToken> ImportAsync(string tenant, string name, string secret, CancellationToken cancellationToken)
    {
        if (secret.Length < 16 || !TokenSecret.IsWellFormed(secret) || secret.Any(c => c is <= ' ' or > '~'))
        {
            throw new AccessException($"A token must have 16 to {TokenSecret.MaxLength} printable ASCII characters and no blanks.");
        }

        return await StoreAsync(await tenants.RequireAsync(tenant, cancellationToken), new NewToken(name), secret, cancellationToken);
    }

    /// <summary>The tokens of one tenant, or of all and the operator, oldest first; also expired and revoked ones.</summary>
    public async Task<IReadOnlyList<AccessToken>> ListAsync(string? tenant, CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        var found = await TokenOfTenant.Join(context)
            .Where(pair => tenant == null || (pair.Tenant != null && pair.Tenant.Name == tenant))
            .OrderBy(pair => pair.Token.Id)
            .ToListAsync(cancellationToken);
        return [.. found.Select(pair => pair.ToToken())];
    }

    /// <summary>Revokes a token. Every instance refuses it within five seconds.</summary>
    /// <returns>False when there is no such token.</returns>
    public Task<bool> RevokeAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return ChangeAsync(id, "token.revoke", token => token.RevokedAt ??= now, cancellationToken);
    }

    /// <summary>Sets when a token expires: sooner or later than it would have, or never.</summary>
    /// <returns>False when there is no such token, or it is revoked.</returns>
    public Task<bool> ExpireAsync(Guid id, DateTimeOffset? at, CancellationToken cancellationToken) =>
        ChangeAsync(id, "token.expire", token => token.ExpiresAt = at, cancellationToken, evenRevoked: false);

    private async Task<bool> ChangeAsync(Guid id, string action, Action<AccessTokenRow> change, CancellationToken cancellationToken, bool evenRevoked = true)
    {
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        var found = await TokenOfTenant.Join(context).SingleOrDefaultAsync(pair => pair.Token.Id == id, cancellationToken);
        if (found is null || (!evenRevoked && found.Token.RevokedAt is not null))
        {
            return false;
        }

        context.AccessTokens.Attach(found.Token);
        change(found.Token);
        AdminLog.Note(context, time.GetUtcNow(), action, found.Tenant?.Name, id, found.Token.Name);
        await context.SaveChangesAsync(CancellationToken.None);
        accepted.Forget();
        return true;
    }

    private async Task<IssuedToken> IssueAsync(Tenant? tenant, NewToken token, CancellationToken cancellationToken)
    {
        var secret = TokenSecret.Create();
        return new IssuedToken(await StoreAsync(tenant, token, secret, cancellationToken), secret);
    }

    private async Task<AccessToken> StoreAsync(Tenant? tenant, NewToken token, string secret, CancellationToken cancellationToken)
    {
        AccessException.ThrowIfUnusableName("token", token.Name);
        IdentityProviders.ThrowIfUnknown(token.IdentityProvider);
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        var row = new AccessTokenRow
        {
            TenantId = tenant?.Id ?? Tenant.OperatorId,
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            Name = token.Name,
            Hash = TokenSecret.Hash(secret),
            Scopes = token.Scopes,
            IdentityProvider = token.IdentityProvider,
            Created = time.GetUtcNow(),
            ExpiresAt = token.ExpiresAt,
        };
        context.AccessTokens.Add(row);
        AdminLog.Note(context, row.Created, "token.create", tenant?.Name, row.Id, $"{row.Name}, for {AccessScopeNames.Format(row.Scopes)}");
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException error) when (database.Dialect.IsUniqueViolation(error))
        {
            throw new AccessException("That token is already in use.") { Fault = AccessFault.Conflict };
        }

        return new AccessToken(row.TenantId, tenant?.Name, row.Id, row.Name, row.Scopes, row.Created, row.ExpiresAt, row.RevokedAt)
        {
            IdentityProvider = row.IdentityProvider,
        };
    }
}
