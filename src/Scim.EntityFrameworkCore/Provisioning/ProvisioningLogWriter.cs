using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Provisioning;

/// <summary>
/// Writes batches of the provisioning log in short transactions. What has been committed is a log entry, what fails is lost: nothing here
/// is worth holding up a request.
/// </summary>
public sealed class ProvisioningLogWriter
{
    /// <summary>Rows in one transaction: few, so that on SQLite the writers of resources wait for milliseconds only.</summary>
    private const int RowsPerTransaction = 250;

    private readonly ScimDatabase database;

    /// <summary>Made by the container.</summary>
    public ProvisioningLogWriter(ScimDatabase database) => this.database = database;

    /// <summary>Appends requests of one tenant.</summary>
    public async Task AppendAsync(int tenantId, IReadOnlyList<RequestRow> requests, CancellationToken cancellationToken)
    {
        foreach (var batch in requests.Chunk(RowsPerTransaction))
        {
            await database.WriteAsync(
                tenantId,
                async context =>
                {
                    await using var command = context.Database.GetDbConnection().CreateCommand();
                    command.Transaction = context.Database.CurrentTransaction!.GetDbTransaction();
                    await database.Dialect.InsertAsync(command, batch);
                },
                cancellationToken);
        }
    }

    /// <summary>Adds to the counts of minutes, of any tenants.</summary>
    public async Task CountAsync(IReadOnlyList<RequestCountRow> counts, CancellationToken cancellationToken)
    {
        // In one order on every instance, so that two of them do not wait for each other's rows.
        foreach (var batch in counts.OrderBy(count => count.TenantId).ThenBy(count => count.Minute).Chunk(RowsPerTransaction))
        {
            await database.WriteAsync(
                tenantId: null,
                async context =>
                {
                    foreach (var count in batch)
                    {
                        await context.Database.ExecuteSqlAsync(
                            $"""
                            INSERT INTO request_counts (tenant_id, minute, requests, failures, unrecorded, last_seen)
                            VALUES ({count.TenantId}, {count.Minute}, {count.Requests}, {count.Failures}, {count.Unrecorded}, {count.LastSeen.UtcDateTime})
                            ON CONFLICT (tenant_id, minute) DO UPDATE SET
                                requests = request_counts.requests + excluded.requests,
                                failures = request_counts.failures + excluded.failures,
                                unrecorded = request_counts.unrecorded + excluded.unrecorded,
                                last_seen = CASE WHEN request_counts.last_seen < excluded.last_seen THEN excluded.last_seen ELSE request_counts.last_seen END
                            """,
                            CancellationToken.None);
                    }
                },
                cancellationToken);
        }
    }

    /// <summary>
    /// Adds requests without a tenant, each with what the database knows of its token. It is asked here and not while the client waits, so
    /// that all wrong tokens are refused in the same time.
    /// </summary>
    /// <param name="requests">The requests.</param>
    /// <param name="hashes">The hashes of the tokens of those whose reason is not known yet, by their reference. They are not kept.</param>
    /// <param name="now">The time, for what has expired.</param>
    /// <param name="cancellationToken">Heeded until the first write.</param>
    public async Task RefuseAsync(
        IReadOnlyList<RefusedRequestRow> requests, IReadOnlyDictionary<Guid, byte[]> hashes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        var known = await RefusedToken.FindAsync(context, [.. hashes.Values], now, cancellationToken);
        context.RefusedRequests.AddRange(requests.Select(request => hashes.TryGetValue(request.Txn, out var hash) ? Explained(request, known, hash) : request));
        await context.SaveChangesAsync(CancellationToken.None);
    }

    private static RefusedRequestRow Explained(RefusedRequestRow request, IReadOnlyDictionary<string, RefusedToken> known, byte[] hash)
    {
        var token = known.GetValueOrDefault(Convert.ToHexString(hash));
        return new RefusedRequestRow
        {
            Txn = request.Txn,
            At = request.At,
            Method = request.Method,
            Path = request.Path,
            Status = request.Status,
            Reason = token?.Reason ?? request.Reason,
            TenantName = token?.TenantName,
            TokenName = token?.TokenName,
            Address = request.Address,
            ClientId = request.ClientId,
        };
    }
}
