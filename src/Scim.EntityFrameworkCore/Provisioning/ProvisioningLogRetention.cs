using Microsoft.EntityFrameworkCore;

namespace Scim.EntityFrameworkCore.Provisioning;

/// <summary>Deletes what is old of the provisioning log, in short transactions.</summary>
public sealed class ProvisioningLogRetention
{
    private readonly ScimDatabase database;

    /// <summary>Made by the container.</summary>
    public ProvisioningLogRetention(ScimDatabase database) => this.database = database;

    /// <summary>Deletes the requests and counts of all tenants from before a time.</summary>
    /// <returns>How many rows.</returns>
    public async Task<long> DeleteAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var reference = RequestReference.At(before);
        return await database.DeleteOfEachTenantAsync(context => DeleteRequestsAsync(context, reference, cancellationToken), cancellationToken)
            + await database.DeleteAsync(null, context => DeleteCountsAsync(context, before.ToUnixTimeSeconds() / 60, cancellationToken), cancellationToken)
            + await DeleteRefusedAsync(reference, cancellationToken);
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
        return oldest.Count == 0 ? 0 : await DeleteRefusedAsync(RequestReference.LastOf(oldest[0]), cancellationToken);
    }

    private static Task<int> DeleteRequestsAsync(ScimDbContext context, Guid before, CancellationToken cancellationToken)
    {
        var old = context.Requests.Where(request => request.Txn.CompareTo(before) < 0).OrderBy(request => request.Txn).Take(BatchedDeletion.Rows).Select(request => request.Txn);
        return context.Requests.Where(request => old.Contains(request.Txn)).ExecuteDeleteAsync(cancellationToken);
    }

    private static async Task<int> DeleteCountsAsync(ScimDbContext context, long before, CancellationToken cancellationToken)
    {
        var minutes = await context.RequestCounts.Where(count => count.Minute < before).OrderBy(count => count.Minute).Select(count => count.Minute)
            .Take(BatchedDeletion.Rows).ToListAsync(cancellationToken);
        if (minutes.Count == 0)
        {
            return 0;
        }

        // Whole minutes, of all tenants.
        var last = minutes[^1];
        await context.RequestCounts.Where(count => count.Minute <= last).ExecuteDeleteAsync(cancellationToken);
        return minutes.Count;
    }

    private Task<long> DeleteRefusedAsync(Guid before, CancellationToken cancellationToken) => database.DeleteAsync(
        null,
        context =>
        {
            var old = context.RefusedRequests.Where(request => request.Txn.CompareTo(before) < 0).OrderBy(request => request.Txn).Take(BatchedDeletion.Rows).Select(request => request.Txn);
            return context.RefusedRequests.Where(request => old.Contains(request.Txn)).ExecuteDeleteAsync(cancellationToken);
        },
        cancellationToken);
}
