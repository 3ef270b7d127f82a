using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace Scim.EntityFrameworkCore.Access;

/// <summary>
/// Secrets that all instances on a database share, made by whichever needs one first. They are kept in the database because
/// there is nothing to configure then, and nothing to forget when a second instance is started.
/// </summary>
internal sealed class ServerKeys
{
    /// <summary>What the names of the keys begin with that sign access tokens. They alone are encrypted.</summary>
    public const string OAuthSigning = "oauth-signing-";

    private readonly ScimDatabase database;
    private readonly ConcurrentDictionary<string, byte[]> known = new();

    public ServerKeys(ScimDatabase database) => this.database = database;

    /// <summary>The secret of that name.</summary>
    public ValueTask<byte[]> GetAsync(string name, int bytes, CancellationToken cancellationToken) =>
        GetAsync(name, _ => new(RandomNumberGenerator.GetBytes(bytes)), cancellationToken);

    /// <summary>The secret of that name, made by the function where there is none.</summary>
    public async ValueTask<byte[]> GetAsync(string name, Func<CancellationToken, ValueTask<byte[]>> make, CancellationToken cancellationToken)
    {
        if (known.TryGetValue(name, out var key))
        {
            return key;
        }

        await using var context = database.OpenForAccess();
        key = await FindAsync(context, name, cancellationToken);
        if (key is null)
        {
            var made = await make(cancellationToken);
            using (await database.Dialect.EnterWriteAsync(cancellationToken))
            {
                await context.Database.ExecuteSqlAsync(
                    $"INSERT INTO server_keys (name, value) VALUES ({name}, {made}) ON CONFLICT (name) DO NOTHING", CancellationToken.None);
            }

            key = await FindAsync(context, name, cancellationToken) ?? throw new InvalidOperationException($"The key \"{name}\" was removed.");
        }

        return known.GetOrAdd(name, key);
    }

    /// <summary>Puts another value in the place of one, unless somebody else has done so.</summary>
    public async Task RewriteAsync(string name, byte[] before, byte[] value, CancellationToken cancellationToken)
    {
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        await context.Database.ExecuteSqlAsync($"UPDATE server_keys SET value = {value} WHERE name = {name} AND value = {before}", CancellationToken.None);
        known.TryRemove(name, out _);
    }

    /// <summary>Forgets a secret: the next that needs it makes another. Processes that know it go on with it.</summary>
    public async Task ReplaceAsync(string name, CancellationToken cancellationToken)
    {
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        await context.ServerKeys.Where(row => row.Name == name).ExecuteDeleteAsync(CancellationToken.None);
        known.TryRemove(name, out _);
    }

    /// <summary>Removes the secrets whose names begin so, but some.</summary>
    public async Task RemoveAsync(string prefix, IReadOnlyList<string> but, CancellationToken cancellationToken)
    {
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        await context.ServerKeys.Where(row => row.Name.StartsWith(prefix) && !but.Contains(row.Name)).ExecuteDeleteAsync(CancellationToken.None);
    }

    private static Task<byte[]?> FindAsync(ScimDbContext context, string name, CancellationToken cancellationToken) =>
        context.ServerKeys.Where(row => row.Name == name).Select(row => row.Value).SingleOrDefaultAsync(cancellationToken)!;
}
