using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;

namespace Scim.EntityFrameworkCore.Access;

/// <summary>
/// Verifies access tokens. An accepted token is believed for five seconds without a query, so that requests cost none; by then
/// at the latest every instance knows that a token was revoked, or its tenant disabled.
/// </summary>
/// <remarks>
/// A token is found by its SHA-256 in a unique index. How long that search takes depends on the hash, of which a client that
/// guesses can choose no part without knowing the rest, so the time tells nothing about the tokens that exist.
/// </remarks>
public sealed class AcceptedTokens : IDisposable
{
    private const int MaxRemembered = 10_000;

    internal static readonly TimeSpan BelievedFor = TimeSpan.FromSeconds(5);

    private readonly MemoryCache accepted = new(new MemoryCacheOptions { SizeLimit = MaxRemembered });
    private readonly ScimDatabase database;
    private readonly TokenUse uses;
    private readonly TimeProvider time;
    private int generation;

    /// <summary>Made by the container.</summary>
    public AcceptedTokens(ScimDatabase database, TokenUse uses, TimeProvider time)
    {
        this.database = database;
        this.uses = uses;
        this.time = time;
    }

    /// <summary>The owner of a token; null unless it is known, not expired and not revoked, and its tenant is not disabled.</summary>
    public async ValueTask<AuthenticatedToken?> FindAsync(string secret, CancellationToken cancellationToken)
    {
        if (!TokenSecret.IsWellFormed(secret))
        {
            return null;
        }

        var hash = TokenSecret.Hash(secret);
        var key = Convert.ToBase64String(hash);
        if (!accepted.TryGetValue(key, out Accepted? known) || time.GetElapsedTime(known!.ReadAt) >= BelievedFor)
        {
            known = await ReadAsync(key, hash, cancellationToken);
        }

        return known is not null && !(known.ExpiresAt <= time.GetUtcNow()) ? known.Token : null;
    }

    /// <summary>The id of an enabled tenant, for credentials that somebody else issued; null when there is none of that name. Believed as long as a token is.</summary>
    public async ValueTask<int?> FindTenantAsync(string name, CancellationToken cancellationToken)
    {
        var key = (name, "tenant");
        if (accepted.TryGetValue(key, out EnabledTenant? known) && time.GetElapsedTime(known!.ReadAt) < BelievedFor)
        {
            return known.Id;
        }

        var (readAt, readIn) = (time.GetTimestamp(), generation);
        await using var context = database.OpenForAccess();
        var id = await context.Tenants
            .Where(tenant => tenant.Name == name && tenant.DisabledAt == null && tenant.DeletingSince == null)
            .Select(tenant => (int?)tenant.Id)
            .SingleOrDefaultAsync(cancellationToken);
        if (id is { } found && readIn == generation)
        {
            accepted.Set(key, new EnabledTenant(found, readAt), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = BelievedFor });
        }

        return id;
    }

    /// <summary>
    /// The client that got an access token at the token endpoint; null unless the secret that it was got with is not revoked, and neither client nor tenant is
    /// disabled. Believed as long as a token is. That the secret has expired since does not matter: the access token ends with it.
    /// </summary>
    public async ValueTask<AuthenticatedToken?> FindClientAsync(string clientId, Guid secretId, CancellationToken cancellationToken)
    {
        var key = (clientId, secretId);
        if (accepted.TryGetValue(key, out AcceptedClient? known) && time.GetElapsedTime(known!.ReadAt) < BelievedFor)
        {
            return known.Client;
        }

        var (readAt, readIn) = (time.GetTimestamp(), generation);
        await using var context = database.OpenForAccess();
        var found = await SecretOfClient.Accepted(context).SingleOrDefaultAsync(row => row.Secret.Id == secretId && row.Client.ClientId == clientId, cancellationToken);
        if (found is not null && readIn == generation)
        {
            accepted.Set(key, new AcceptedClient(found.ToAuthenticated(), readAt), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = BelievedFor });
        }

        return found?.ToAuthenticated();
    }

    /// <inheritdoc/>
    public void Dispose() => accepted.Dispose();

    /// <summary>Makes this instance ask the database again: what was changed here holds here at once.</summary>
    internal void Forget()
    {
        Interlocked.Increment(ref generation);
        accepted.Clear();
    }

    private async Task<Accepted?> ReadAsync(string key, byte[] hash, CancellationToken cancellationToken)
    {
        // Taken before the query: what is read may be that old when it arrives.
        var (readAt, readIn) = (time.GetTimestamp(), generation);
        if (await QueryAsync(hash, readAt, cancellationToken) is not { } found)
        {
            return null;
        }

        var now = time.GetUtcNow();
        if (!(found.ExpiresAt <= now))
        {
            uses.Note(found.Token, now);
        }

        if (readIn == generation)
        {
            accepted.Set(key, found, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = BelievedFor });
        }

        return found;
    }

    private async Task<Accepted?> QueryAsync(byte[] hash, long readAt, CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        var found = await TokenOfTenant.Join(context)
            .Where(pair => pair.Token.Hash == hash && pair.Token.RevokedAt == null)
            .Where(pair => pair.Token.TenantId == Tenant.OperatorId || (pair.Tenant != null && pair.Tenant.DisabledAt == null && pair.Tenant.DeletingSince == null))
            .SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : new Accepted(found.ToAuthenticated(), found.Token.ExpiresAt, readAt);
    }

    private sealed record AcceptedClient(AuthenticatedToken Client, long ReadAt);

    private sealed record EnabledTenant(int Id, long ReadAt);

    private sealed record Accepted(AuthenticatedToken Token, DateTimeOffset? ExpiresAt, long ReadAt);
}
