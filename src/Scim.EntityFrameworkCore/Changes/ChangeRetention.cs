using Microsoft.EntityFrameworkCore;

namespace Scim.EntityFrameworkCore.Changes;

/// <summary>Deletes changes that are old, in short transactions, and remembers for each tenant up to where.</summary>
public sealed class ChangeRetention
{
    private readonly ScimDatabase database;

    /// <summary>Made by the container.</summary>
    public ChangeRetention(ScimDatabase database) => this.database = database;

    /// <summary>Deletes the changes of all tenants from before a time.</summary>
    /// <returns>How many rows.</returns>
    public Task<long> DeleteAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        database.DeleteOfEachTenantAsync(context => DeleteBatchAsync(context, before, cancellationToken), cancellationToken);

    /// <summary>From the oldest rows on, so that no more are looked at than are deleted.</summary>
    private static async Task<int> DeleteBatchAsync(ScimDbContext context, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var oldest = await context.Changes.OrderBy(row => row.Seq).Take(BatchedDeletion.Rows).Select(row => new { row.Seq, row.At }).ToListAsync(cancellationToken);
        var old = oldest.TakeWhile(row => row.At < before).ToList();
        if (old.Count == 0)
        {
            return 0;
        }

        var last = old[^1].Seq;

        // First, and in a row that no writer touches: whoever sees rows missing sees this as well.
        await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO change_horizons (tenant_id, seq) VALUES ({context.TenantId}, {last})
            ON CONFLICT (tenant_id) DO UPDATE SET seq = excluded.seq WHERE change_horizons.seq < excluded.seq
            """,
            CancellationToken.None);
        return await context.Changes.Where(row => row.Seq <= last).ExecuteDeleteAsync(CancellationToken.None);
    }
}
