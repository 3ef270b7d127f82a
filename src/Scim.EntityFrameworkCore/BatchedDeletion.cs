using Microsoft.EntityFrameworkCore;

namespace Scim.EntityFrameworkCore;

/// <summary>
/// Deletes many old rows, a few in a transaction: readers of the change log wait for open transactions to end (EVT-137), and on SQLite all
/// writers wait for one.
/// </summary>
internal static class BatchedDeletion
{
    /// <summary>Rows in one transaction.</summary>
    public const int Rows = 500;

    /// <summary>Deletes batches until one is not full.</summary>
    /// <param name="database">Where.</param>
    /// <param name="tenantId">Whose rows; null for tables of all tenants.</param>
    /// <param name="deleteBatch">Deletes <see cref="Rows"/> rows at most and tells how many.</param>
    /// <param name="cancellationToken">Ends it between two batches.</param>
    /// <returns>How many rows.</returns>
    public static async Task<long> DeleteAsync(this ScimDatabase database, int? tenantId, Func<ScimDbContext, Task<int>> deleteBatch, CancellationToken cancellationToken)
    {
        var all = 0L;
        int deleted;
        do
        {
            deleted = await database.WriteAsync(tenantId, deleteBatch, cancellationToken);
            all += deleted;
        }
        while (deleted == Rows);
        return all;
    }

    /// <summary>The same for each tenant.</summary>
    public static async Task<long> DeleteOfEachTenantAsync(this ScimDatabase database, Func<ScimDbContext, Task<int>> deleteBatch, CancellationToken cancellationToken)
    {
        List<int> tenants;
        await using (var context = database.OpenForAccess())
        {
            tenants = await context.Tenants.OrderBy(tenant => tenant.Id).Select(tenant => tenant.Id).ToListAsync(cancellationToken);
        }

        var all = 0L;
        foreach (var tenant in tenants)
        {
            all += await database.DeleteAsync(tenant, deleteBatch, cancellationToken);
        }

        return all;
    }
}
