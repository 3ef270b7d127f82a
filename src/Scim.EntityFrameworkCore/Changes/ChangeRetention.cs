using Microsoft.EntityFrameworkCore;

namespace Scim.EntityFrameworkCore.Changes;

/// <summary>Deletes changes that are old, in short transactions, and remembers for each tenant up to where.</summary>
public sealed class ChangeRetention
{
    /// <summary>Rows in one transaction: few, because readers wait for open transactions to end (EVT-137).</summary>
    private const int RowsPerTransaction = 500;

    private readonly ScimDatabase database;

    /// <summary>Made by the container.</summary>
    public ChangeRetention(ScimDatabase database) => this.database = database;

    /// <summary>Deletes the changes of all tenants from before a time.</summary>
    /// <returns>How many rows.</returns>
    public async Task<long> DeleteAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        List<int> tenants;
        await using (var context = database.OpenForAccess())
        {
            tenants = await context.Tenants.OrderBy(tenant => tenant.Id).Select(tenant => tenant.Id).ToListAsync(cancellationToken);
        }

        var all = 0L;
        foreach (var tenant in tenants)
        {
            int deleted;
            do
            {
                deleted = await DeleteBatchAsync(tenant, before, cancellationToken);
                all += deleted;
            }
            while (deleted == RowsPerTransaction);
        }

        return all;
    }

    /// <summary>From the oldest rows on, so that no more are looked at than are deleted.</summary>
    private async Task<int> DeleteBatchAsync(int tenantId, DateTimeOffset before, CancellationToken cancellationToken)
    {
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.Open(tenantId);
        var oldest = await context.Changes.OrderBy(row => row.Seq).Take(RowsPerTransaction).Select(row => new { row.Seq, row.At }).ToListAsync(cancellationToken);
        var old = oldest.TakeWhile(row => row.At < before).ToList();
        if (old.Count == 0)
        {
            return 0;
        }

        var last = old[^1].Seq;
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);

        // First, and in a row that no writer touches: whoever sees rows missing sees this as well.
        await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO change_horizons (tenant_id, seq) VALUES ({tenantId}, {last})
            ON CONFLICT (tenant_id) DO UPDATE SET seq = excluded.seq WHERE change_horizons.seq < excluded.seq
            """,
            CancellationToken.None);
        var deleted = await context.Changes.Where(row => row.Seq <= last).ExecuteDeleteAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return deleted;
    }
}
