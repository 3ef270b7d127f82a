using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Streams;
using Scim.EntityFrameworkCore.Webhooks;

namespace Scim.EntityFrameworkCore.Access;

/// <summary>All secrets that are stored encrypted, wherever they are: by which keys, and encrypted anew, so that an old key can go.</summary>
public sealed class SecretInventory
{
    private readonly ScimDatabase database;
    private readonly StoredSecrets secrets;
    private readonly TimeProvider time;

    /// <summary>Made by the container.</summary>
    public SecretInventory(ScimDatabase database, StoredSecrets secrets, TimeProvider time)
    {
        this.database = database;
        this.secrets = secrets;
        this.time = time;
    }

    /// <summary>The ids of the keys that encrypt something and that the server does not have, with how much.</summary>
    public async Task<IReadOnlyDictionary<string, int>> FindLostAsync(CancellationToken cancellationToken)
    {
        var lost = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var secret in await ListAsync(cancellationToken))
        {
            if (!secret.IsClear && !await secrets.CanOpenAsync(secret.Value, cancellationToken))
            {
                var id = StoredSecrets.KeyIdOf(secret.Value);
                lost[id] = lost.GetValueOrDefault(id) + 1;
            }
        }

        return lost;
    }

    /// <summary>Encrypts by the first key what another encrypts.</summary>
    /// <param name="discardsLost">Whether what no key opens any more is given up; otherwise it is left as it is.</param>
    /// <param name="cancellationToken">Heeded between two secrets.</param>
    public async Task<Reencryption> ReencryptAsync(bool discardsLost, CancellationToken cancellationToken)
    {
        var (renewed, current, discarded) = (0, 0, new List<string>());
        foreach (var secret in await ListAsync(cancellationToken))
        {
            if (!secret.IsClear && await secrets.IsCurrentAsync(secret.Value, cancellationToken))
            {
                current++;
            }
            else if (secret.IsClear || await secrets.CanOpenAsync(secret.Value, cancellationToken))
            {
                var clear = secret.IsClear ? secret.Value : await secrets.OpenAsync(secret.Use, secret.Value, cancellationToken);
                renewed += await WriteAsync(secret, await secrets.SealAsync(secret.Use, clear, cancellationToken), secret.ReplaceAsync, cancellationToken);
            }
            else if (discardsLost)
            {
                var another = await secrets.SealAsync(secret.Use, RandomNumberGenerator.GetBytes(StoredSecrets.KeyBytes), cancellationToken);
                if (await WriteAsync(secret, another, secret.DiscardAsync, cancellationToken) > 0)
                {
                    discarded.Add(secret.Use);
                }
            }
        }

        var key = await secrets.CurrentKeyIdAsync(cancellationToken);
        if (renewed + discarded.Count > 0)
        {
            await database.WriteAsync(
                tenantId: null,
                async context =>
                {
                    AdminLog.Note(context, time.GetUtcNow(), "secrets.reencrypt", tenant: null, detail: $"{renewed} by the key {key}, {discarded.Count} given up");
                    return await context.SaveChangesAsync(CancellationToken.None);
                },
                cancellationToken);
        }

        return new Reencryption(key, renewed, current, discarded);
    }

    /// <summary>In a transaction of its own: servers go on with what they have read, which is the same secret.</summary>
    private Task<int> WriteAsync(Stored secret, byte[] value, Func<ScimDbContext, byte[], Task<int>> write, CancellationToken cancellationToken) =>
        database.WriteAsync(secret.TenantId, context => write(context, value), cancellationToken);

    private async Task<IReadOnlyList<Stored>> ListAsync(CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        var found = new List<Stored>();
        foreach (var row in await context.WebhookEndpoints.ToListAsync(cancellationToken))
        {
            found.AddRange(OfWebhook(row, time.GetUtcNow()));
        }

        found.AddRange((await context.SigningKeys.Where(row => row.PrivateKey != null).ToListAsync(cancellationToken)).Select(OfSigningKey));
        found.AddRange((await context.ServerKeys.Where(row => row.Name.StartsWith(ServerKeys.OAuthSigning)).ToListAsync(cancellationToken)).Select(OfServerKey));

        // Streams are of tenants, and a server may see those of one tenant at a time only; which have anything to send is in a table for all.
        foreach (var tenantId in await context.PushStreams.Select(row => row.TenantId).Distinct().ToListAsync(cancellationToken))
        {
            await using var tenant = database.Open(tenantId);
            found.AddRange((await tenant.EventStreams.Where(row => row.Authorization != null).ToListAsync(cancellationToken)).Select(OfStream));
        }

        return found;
    }

    private static IEnumerable<Stored> OfWebhook(WebhookEndpointRow row, DateTimeOffset now)
    {
        var use = WebhookEndpoints.Use(row.Id);
        yield return new Stored(null, use, row.Secret)
        {
            ReplaceAsync = (context, value) => context.WebhookEndpoints.Where(other => other.Id == row.Id && other.Secret == row.Secret)
                .ExecuteUpdateAsync(set => set.SetProperty(other => other.Secret, value), CancellationToken.None),
            DiscardAsync = (context, value) => context.WebhookEndpoints.Where(other => other.Id == row.Id && other.Secret == row.Secret)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(other => other.Secret, value).SetProperty(other => other.DisabledAt, now).SetProperty(other => other.DisabledReason, "its secret is lost")
                        .SetProperty(other => other.Revision, other => other.Revision + 1),
                    CancellationToken.None),
        };
        if (row.OldSecret is not null)
        {
            yield return new Stored(null, use, row.OldSecret)
            {
                ReplaceAsync = (context, value) => context.WebhookEndpoints.Where(other => other.Id == row.Id && other.OldSecret == row.OldSecret)
                    .ExecuteUpdateAsync(set => set.SetProperty(other => other.OldSecret, value), CancellationToken.None),
                DiscardAsync = (context, _) => context.WebhookEndpoints.Where(other => other.Id == row.Id && other.OldSecret == row.OldSecret)
                    .ExecuteUpdateAsync(set => set.SetProperty(other => other.OldSecret, (byte[]?)null), CancellationToken.None),
            };
        }
    }

    private static Stored OfSigningKey(SigningKeyRow row) => new(null, StoredSigningKeys.Use(row.Kid), row.PrivateKey!)
    {
        ReplaceAsync = (context, value) => context.SigningKeys.Where(other => other.Kid == row.Kid && other.PrivateKey == row.PrivateKey)
            .ExecuteUpdateAsync(set => set.SetProperty(other => other.PrivateKey, value), CancellationToken.None),

        // Another is made when one is needed.
        DiscardAsync = (context, _) => context.SigningKeys.Where(other => other.Kid == row.Kid).ExecuteDeleteAsync(CancellationToken.None),
    };

    private static Stored OfServerKey(ServerKeyRow row) => new(null, row.Name, row.Value)
    {
        IsClear = IsPrivateKey(row.Value),
        ReplaceAsync = (context, value) => context.ServerKeys.Where(other => other.Name == row.Name && other.Value == row.Value)
            .ExecuteUpdateAsync(set => set.SetProperty(other => other.Value, value), CancellationToken.None),
        DiscardAsync = (context, _) => context.ServerKeys.Where(other => other.Name == row.Name).ExecuteDeleteAsync(CancellationToken.None),
    };

    private static Stored OfStream(EventStreamRow row) => new(row.TenantId, EventStreams.AuthorizationUse(row.Id), row.Authorization!)
    {
        ReplaceAsync = (context, value) => context.EventStreams.Where(other => other.Id == row.Id && other.Authorization == row.Authorization)
            .ExecuteUpdateAsync(set => set.SetProperty(other => other.Authorization, value), CancellationToken.None),
        DiscardAsync = (context, _) => context.EventStreams.Where(other => other.Id == row.Id && other.Authorization == row.Authorization)
            .ExecuteUpdateAsync(
                set => set.SetProperty(other => other.Authorization, (byte[]?)null).SetProperty(other => other.Status, StreamStatus.Paused)
                    .SetProperty(other => other.StatusReason, "its Authorization header is lost"),
                CancellationToken.None),
    };

    /// <summary>Earlier versions did not encrypt those of the token endpoint.</summary>
    private static bool IsPrivateKey(byte[] value)
    {
        using var algorithm = ECDsa.Create();
        try
        {
            algorithm.ImportPkcs8PrivateKey(value, out _);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>A secret in its row.</summary>
    private sealed record Stored(int? TenantId, string Use, byte[] Value)
    {
        public bool IsClear { get; init; }

        public required Func<ScimDbContext, byte[], Task<int>> ReplaceAsync { get; init; }

        /// <summary>Puts something in its place that works without it.</summary>
        public required Func<ScimDbContext, byte[], Task<int>> DiscardAsync { get; init; }

        /// <summary>Without the secret, which may be in clear.</summary>
        public override string ToString() => Use;
    }
}

/// <summary>What became of stored secrets.</summary>
/// <param name="KeyId">The id of the key that encrypts them now.</param>
/// <param name="Renewed">How many were encrypted anew.</param>
/// <param name="Current">How many that key encrypted before.</param>
/// <param name="Discarded">What was given up.</param>
public sealed record Reencryption(string KeyId, int Renewed, int Current, IReadOnlyList<string> Discarded);
