using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Access;

/// <summary>The secrets of clients: two may be valid at once, so that the identity provider can be changed over without a refused request.</summary>
public sealed class ClientSecrets
{
    private const int MaxValid = 2;

    private static readonly TimeSpan UsedEvery = TimeSpan.FromMinutes(1);

    private readonly ScimDatabase database;
    private readonly AcceptedTokens accepted;
    private readonly TimeProvider time;

    /// <summary>Made by the container.</summary>
    public ClientSecrets(ScimDatabase database, AcceptedTokens accepted, TimeProvider time)
    {
        this.database = database;
        this.accepted = accepted;
        this.time = time;
    }

    /// <summary>Makes another secret, and lets the one before it expire when the overlap ends.</summary>
    /// <param name="clientId">The client.</param>
    /// <param name="overlap">How long the secret before it is still accepted; never longer than it would have been.</param>
    /// <param name="expiresAt">When the new one expires; null: as long after now as the one before it did after it was made.</param>
    /// <param name="cancellationToken">Heeded until the first write.</param>
    /// <exception cref="AccessException">There is no such client, or it has two valid secrets already.</exception>
    public async Task<IssuedSecret> RotateAsync(Guid clientId, TimeSpan overlap, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(overlap, TimeSpan.Zero);
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var (now, id) = (time.GetUtcNow(), clientId.ToString());

        // Takes the client's row: of two rotations at once the second finds the secret that the first has made.
        await context.Clients.Where(client => client.ClientId == id).ExecuteUpdateAsync(set => set.SetProperty(client => client.ClientId, id), CancellationToken.None);
        var row = await context.Clients.SingleOrDefaultAsync(client => client.ClientId == id, CancellationToken.None) ?? throw AccessException.NoClient(clientId);
        var secrets = await context.ClientSecrets.AsTracking()
            .Where(secret => secret.TenantId == row.TenantId && secret.ClientKey == row.Id)
            .OrderBy(secret => secret.Id)
            .ToListAsync(CancellationToken.None);
        var valid = secrets.Where(secret => secret.RevokedAt is null && !(secret.ExpiresAt <= now)).ToList();
        if (valid.Count >= MaxValid)
        {
            throw new AccessException($"The client {clientId} has two valid secrets already. Revoke {valid[0].Id}, or wait until it has expired.") { Fault = AccessFault.Conflict };
        }

        var made = Make(row, expiresAt ?? Anew(secrets.LastOrDefault(), now), now, out var text);
        foreach (var before in valid)
        {
            before.ExpiresAt = before.ExpiresAt < now + overlap ? before.ExpiresAt : now + overlap;
        }

        context.ClientSecrets.Add(made);
        var tenant = await context.Tenants.Where(owner => owner.Id == row.TenantId).Select(owner => owner.Name).SingleAsync(CancellationToken.None);
        AdminLog.Note(context, now, "client.rotate", tenant, row.Id, $"{row.DisplayName}, secret {made.Id}");
        await context.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        accepted.Forget();
        return new IssuedSecret((await Clients.FindAsync(context, clientId, CancellationToken.None))!, made.Id, text);
    }

    /// <summary>Revokes a secret, and with it the access tokens that were got with it. Every instance refuses them within five seconds.</summary>
    /// <exception cref="AccessException">There is no such client, or it has no such secret.</exception>
    public async Task RevokeAsync(Guid clientId, Guid secretId, CancellationToken cancellationToken)
    {
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        var client = await Clients.FindAsync(context, clientId, cancellationToken) ?? throw AccessException.NoClient(clientId);
        var secret = await context.ClientSecrets.AsTracking()
            .SingleOrDefaultAsync(row => row.TenantId == client.TenantId && row.ClientKey == clientId && row.Id == secretId, cancellationToken)
            ?? throw new AccessException($"The client {clientId} has no secret with the id {secretId}.") { Fault = AccessFault.NotFound };
        secret.RevokedAt ??= time.GetUtcNow();
        AdminLog.Note(context, time.GetUtcNow(), "client.revoke", client.TenantName, clientId, $"{client.Name}, secret {secretId}");
        await context.SaveChangesAsync(CancellationToken.None);
        accepted.Forget();
    }

    /// <summary>The client that has the secret; null unless the secret is its own and valid, and neither it nor its tenant is disabled.</summary>
    /// <remarks>Found by hash, as an access token is: the time that it takes tells nothing about the secrets that exist.</remarks>
    public async Task<AuthenticatedClient?> AuthenticateAsync(string clientId, string secret, CancellationToken cancellationToken)
    {
        var hash = TokenSecret.Hash(secret);
        await using var context = database.OpenForAccess();
        var found = await SecretOfClient.Accepted(context).SingleOrDefaultAsync(row => row.Secret.Hash == hash && row.Client.ClientId == clientId, cancellationToken);
        var now = time.GetUtcNow();
        if (found is null || found.Secret.ExpiresAt <= now)
        {
            return null;
        }

        await NoteUseAsync(context, found.Secret, now, cancellationToken);
        return new AuthenticatedClient(found.ToAuthenticated(), found.Secret.Id, found.Secret.ExpiresAt);
    }

    /// <summary>A row to be stored, and the secret, which is shown this once.</summary>
    internal static ClientSecretRow Make(ClientRow client, DateTimeOffset? expiresAt, DateTimeOffset now, out string text)
    {
        text = TokenSecret.Create();
        return new ClientSecretRow
        {
            TenantId = client.TenantId,
            Id = Guid.CreateVersion7(now),
            ClientKey = client.Id,
            Hash = TokenSecret.Hash(text),
            Created = now,
            ExpiresAt = expiresAt,
        };
    }

    private static DateTimeOffset? Anew(ClientSecretRow? before, DateTimeOffset now) => before?.ExpiresAt is { } ended ? now + (ended - before.Created) : null;

    private async Task NoteUseAsync(ScimDbContext context, ClientSecretRow secret, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now - secret.LastUsedAt < UsedEvery)
        {
            return;
        }

        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await context.ClientSecrets.Where(row => row.TenantId == secret.TenantId && row.Id == secret.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastUsedAt, now), CancellationToken.None);
    }
}
