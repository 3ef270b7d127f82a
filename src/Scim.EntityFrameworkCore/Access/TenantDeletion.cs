using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Scim.EntityFrameworkCore.Access;

/// <summary>Rows of a tenant that were deleted from a table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Rows">How many rows so far.</param>
public sealed record TenantDeletionProgress(string Table, long Rows);

/// <summary>
/// Deletes a tenant and everything of it, in short transactions, so that other tenants are not held up. The tables come from
/// the model: one that is added later is emptied too. What was interrupted is continued by deleting again.
/// </summary>
public sealed class TenantDeletion
{
    private const int RowsPerTransaction = 1000;

    private readonly ScimDatabase database;
    private readonly Tenants tenants;
    private readonly TimeProvider time;

    /// <summary>Made by the container.</summary>
    public TenantDeletion(ScimDatabase database, Tenants tenants, TimeProvider time)
    {
        this.database = database;
        this.tenants = tenants;
        this.time = time;
    }

    /// <summary>Deletes the tenant. From the first moment its tokens are refused: here at once, elsewhere within five seconds.</summary>
    /// <exception cref="AccessException">There is no such tenant.</exception>
    public async Task RunAsync(string name, IProgress<TenantDeletionProgress> progress, CancellationToken cancellationToken)
    {
        var tenant = await tenants.MarkDeletedAsync(name, cancellationToken);
        await SweepAsync(tenant.Id, progress, cancellationToken);

        // Until then an instance may have believed a token, and a request that it let in may have written.
        var left = tenant.DeletingSince!.Value + AcceptedTokens.BelievedFor + AcceptedTokens.BelievedFor - time.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, time, cancellationToken);
        }

        while (await SweepAsync(tenant.Id, progress, cancellationToken) > 0)
        {
        }

        await DeleteTenantAsync(tenant, cancellationToken);
    }

    private async Task<long> SweepAsync(int tenantId, IProgress<TenantDeletionProgress> progress, CancellationToken cancellationToken)
    {
        IReadOnlyList<IEntityType> tables;
        await using (var context = database.OpenForAccess())
        {
            tables = TenantTables.Of(context.Model);
        }

        var all = 0L;
        foreach (var table in tables)
        {
            var (sql, rows, last) = (Statement(table), 0L, 0);
            do
            {
                last = await DeleteAsync(sql, tenantId, cancellationToken);
                rows += last;
                progress.Report(new TenantDeletionProgress(table.GetTableName()!, rows));
            }
            while (last == RowsPerTransaction);
            all += rows;
        }

        return all;
    }

    private async Task<int> DeleteAsync(string sql, int tenantId, CancellationToken cancellationToken)
    {
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.Open(tenantId);
        return await context.Database.ExecuteSqlRawAsync(sql, [tenantId], cancellationToken);
    }

    private static string Statement(IEntityType table)
    {
        var name = table.GetTableName()!;
        var key = string.Join(", ", table.FindPrimaryKey()!.Properties.Select(property => property.GetColumnName()));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"DELETE FROM {name} WHERE tenant_id = {{0}} AND ({key}) IN (SELECT {key} FROM {name} WHERE tenant_id = {{0}} LIMIT {RowsPerTransaction})");
    }

    private Task DeleteTenantAsync(Tenant tenant, CancellationToken cancellationToken) => database.WriteAsync(
        tenantId: null,
        async context =>
        {
            var deleted = await context.Tenants.Where(row => row.Id == tenant.Id && row.DeletingSince != null).ExecuteDeleteAsync(cancellationToken);
            if (deleted > 0)
            {
                AdminLog.Note(context, time.GetUtcNow(), "tenant.deleted", tenant.Name);
                await context.SaveChangesAsync(CancellationToken.None);
            }
        },
        cancellationToken);
}
