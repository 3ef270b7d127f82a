using Microsoft.EntityFrameworkCore;

namespace Scim.EntityFrameworkCore.Provisioning;

/// <summary>Deletes what is old of the provisioning log, in short transactions.</summary>
public sealed class ProvisioningLogRetention
{
    private const int RowsPerTransaction = 500;

    private readonly ScimDatabase database;

    /// <summary>Made by the container.</summary>
    public ProvisioningLogRetention(ScimDatabase database) => this.database = database;

    /// <summary>Deletes the requests and counts of all tenants from before a time.</summary>
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
            all += await RepeatAsync(() => DeleteRequestsAsync(tenant, RequestReference.At(before), cancellationToken));
        }

        return all
            + await RepeatAsync(() => DeleteCountsAsync(before.ToUnixTimeSeconds() / 60, cancellationToken))
            + await RepeatAsync(() => DeleteRefusedAsync(RequestReference.At(before), cancellationToken));
    }

    /// <summary>Keeps the newest of the requests without a tenant: strangers can send any number.</summary>
    public async Task<long> KeepRefusedAsync(int newest, CancellationToken cancellationToken)
    {
        List<Guid> oldest;
        await using (var context = database.OpenForAccess())
        {
            oldest = await context.RefusedRequests.OrderByDescending(request => request.Txn).Skip(newest).Select(request => request.Txn).Take(1).ToListAsync(cancellationToken);
        }

        // The first that is too many goes too: nothing is below the one that follows it.
        return oldest.Count == 0 ? 0 : await RepeatAsync(() => DeleteRefusedAsync(RequestReference.LastOf(oldest[0]), cancellationToken));
    }

    private static async Task<long> RepeatAsync(Func<Task<int>> deleteBatch)
    {
        var all = 0L;
        int deleted;
        do
        {
            deleted = await deleteBatch();
            all += deleted;
        }
        while (deleted == RowsPerTransaction);
        return all;
    }

    private async Task<int> DeleteRequestsAsync(int tenantId, Guid before, CancellationToken cancellationToken)
    {
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.Open(tenantId);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var old = context.Requests.Where(request => request.Txn.CompareTo(before) < 0).OrderBy(request => request.Txn).Take(RowsPerTransaction).Select(request => request.Txn);
        var deleted = await context.Requests.Where(request => old.Contains(request.Txn)).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return deleted;
    }

    private async Task<int> DeleteCountsAsync(long before, CancellationToken cancellationToken)
    {
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        var minutes = await context.RequestCounts.Where(count => count.Minute < before).OrderBy(count => count.Minute).Select(count => count.Minute)
            .Take(RowsPerTransaction).ToListAsync(cancellationToken);
        if (minutes.Count == 0)
        {
            return 0;
        }

        // Whole minutes, of all tenants.
        var last = minutes[^1];
        await context.RequestCounts.Where(count => count.Minute <= last).ExecuteDeleteAsync(cancellationToken);
        return minutes.Count;
    }

    private async Task<int> DeleteRefusedAsync(Guid before, CancellationToken cancellationToken)
    {
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        var old = context.RefusedRequests.Where(request => request.Txn.CompareTo(before) < 0).OrderBy(request => request.Txn).Take(RowsPerTransaction).Select(request => request.Txn);
        return await context.RefusedRequests.Where(request => old.Contains(request.Txn)).ExecuteDeleteAsync(cancellationToken);
    }
}
