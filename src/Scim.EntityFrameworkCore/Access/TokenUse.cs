using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;

namespace Scim.EntityFrameworkCore.Access;

/// <summary>
/// Remembers when tokens were last accepted, and writes it down when told to: a write for each request would cost more than the
/// request. What is not written yet is lost when the process ends without warning.
/// </summary>
public sealed class TokenUse
{
    /// <summary>More tokens than this between two writes are not remembered.</summary>
    private const int MaxRemembered = 10_000;

    private const int PerTransaction = 100;

    private readonly ConcurrentDictionary<(int TenantId, Guid Id), DateTimeOffset> uses = new();
    private readonly ScimDatabase database;

    /// <summary>Made by the container.</summary>
    public TokenUse(ScimDatabase database) => this.database = database;

    /// <summary>Writes down what is remembered. What cannot be written is kept for the next time.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        // In one order on every instance, so that two of them do not wait for each other's rows.
        foreach (var batch in uses.ToArray().OrderBy(use => use.Key.Id).Chunk(PerTransaction))
        {
            await WriteAsync(batch, cancellationToken);
            foreach (var use in batch)
            {
                if (uses.TryRemove(use))
                {
                    ScimMeter.TokenUsesWaiting.Add(-1);
                }
            }
        }
    }

    /// <summary>Called when the database has confirmed a token: once in five seconds at most while it is in use.</summary>
    internal void Note(AuthenticatedToken token, DateTimeOffset at)
    {
        if (uses.Count < MaxRemembered)
        {
            if (uses.TryAdd((token.TenantId, token.TokenId), at))
            {
                ScimMeter.TokenUsesWaiting.Add(1);
                return;
            }

            uses[(token.TenantId, token.TokenId)] = at;
        }
    }

    private Task WriteAsync(KeyValuePair<(int TenantId, Guid Id), DateTimeOffset>[] batch, CancellationToken cancellationToken) => database.WriteAsync(
        tenantId: null,
        async context =>
        {
            foreach (var ((tenantId, id), at) in batch)
            {
                await context.AccessTokens
                    .Where(token => token.TenantId == tenantId && token.Id == id && (token.LastUsedAt == null || token.LastUsedAt < at))
                    .ExecuteUpdateAsync(set => set.SetProperty(token => token.LastUsedAt, at), CancellationToken.None);
            }
        },
        cancellationToken);
}
