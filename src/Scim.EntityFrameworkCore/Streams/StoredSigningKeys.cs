using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Streams;

/// <summary>The keys that sign security event tokens, as they are stored. Who makes them and when is for the caller.</summary>
public sealed class StoredSigningKeys
{
    private readonly ScimDatabase database;
    private readonly StoredSecrets secrets;

    /// <summary>Made by the container.</summary>
    public StoredSigningKeys(ScimDatabase database, StoredSecrets secrets)
    {
        this.database = database;
        this.secrets = secrets;
    }

    /// <summary>All keys, oldest first.</summary>
    public async Task<IReadOnlyList<SigningKeyRow>> ListAsync(CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        return await context.SigningKeys.OrderBy(key => key.Number).ToListAsync(cancellationToken);
    }

    /// <summary>Adds a key, unless another instance has just added one of that number.</summary>
    /// <param name="key">The key without its private part.</param>
    /// <param name="privateKey">The private part.</param>
    /// <param name="by">Written down as an act of an operator when it was one; null when the server rotates by itself.</param>
    /// <param name="cancellationToken">Heeded until the write.</param>
    /// <returns>False when there is a key of that number.</returns>
    public async Task<bool> AddAsync(SigningKeyRow key, byte[] privateKey, string? by, CancellationToken cancellationToken)
    {
        var sealedKey = await secrets.SealAsync(Use(key.Kid), privateKey, cancellationToken);
        var (created, activeFrom) = (key.Created.UtcDateTime, key.ActiveFrom.UtcDateTime);
        return await database.WriteAsync(
            tenantId: null,
            async context =>
            {
                var added = await context.Database.ExecuteSqlAsync(
                    $"""
                    INSERT INTO signing_keys (number, kid, public_key, private_key, created, active_from)
                    VALUES ({key.Number}, {key.Kid}, {key.PublicKey}, {sealedKey}, {created}, {activeFrom}) ON CONFLICT (number) DO NOTHING
                    """,
                    CancellationToken.None);
                if (added > 0 && by is not null)
                {
                    AdminLog.Note(context, key.Created, by, tenant: null, detail: key.Kid);
                    await context.SaveChangesAsync(CancellationToken.None);
                }

                return added > 0;
            },
            cancellationToken);
    }

    /// <summary>The private part of a key that has one.</summary>
    public ValueTask<byte[]> OpenAsync(SigningKeyRow key, CancellationToken cancellationToken) =>
        secrets.OpenAsync(Use(key.Kid), key.PrivateKey ?? throw new InvalidOperationException($"The signing key {key.Kid} does not sign any more."), cancellationToken);

    /// <summary>Forgets the private parts of keys that do not sign any more, and keys whose tokens are gone.</summary>
    public async Task ForgetAsync(IReadOnlyCollection<int> privateParts, IReadOnlyCollection<int> keys, CancellationToken cancellationToken)
    {
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        await context.SigningKeys.Where(key => privateParts.Contains(key.Number)).ExecuteUpdateAsync(set => set.SetProperty(key => key.PrivateKey, (byte[]?)null), CancellationToken.None);
        await context.SigningKeys.Where(key => keys.Contains(key.Number)).ExecuteDeleteAsync(CancellationToken.None);
    }

    /// <summary>What its private part is encrypted for.</summary>
    internal static string Use(string kid) => $"signing key {kid}";
}
