using Microsoft.EntityFrameworkCore;

namespace Scim.EntityFrameworkCore;

/// <summary>
/// The second wall between tenants, on PostgreSQL: policies that show a transaction no rows but those of the tenant that it
/// has named. A query that forgot the tenant, which the first wall is there to prevent, finds nothing then.
/// </summary>
public sealed class RowLevelSecurity
{
    private const string Policy = "scim_tenant";

    private readonly ScimDatabase database;

    /// <summary>Made by the container.</summary>
    public RowLevelSecurity(ScimDatabase database) => this.database = database;

    /// <summary>Whether the database can have the policies.</summary>
    public bool IsPossible => database.Dialect.HasRowLevelSecurity;

    /// <summary>Whether there are policies, on some tables at least.</summary>
    public async Task<bool> IsOnAsync(CancellationToken cancellationToken)
    {
        if (!IsPossible)
        {
            return false;
        }

        await using var context = database.OpenForAccess();
        return await CountAsync(context, forced: false, cancellationToken) > 0;
    }

    /// <summary>Whether the role of the connection passes through every policy, as superusers do.</summary>
    public async Task<bool> IsBypassedAsync(CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        return await context.Database
            .SqlQuery<bool>($"SELECT rolsuper OR rolbypassrls AS \"Value\" FROM pg_roles WHERE rolname = current_user")
            .SingleAsync(cancellationToken);
    }

    /// <summary>Puts the policies on every table of tenants. They hold for the tables' owner too.</summary>
    public Task TurnOnAsync(CancellationToken cancellationToken) => EachTableAsync(
        table => $"""
            ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
            ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
            DROP POLICY IF EXISTS {Policy} ON {table};
            CREATE POLICY {Policy} ON {table} USING (tenant_id = nullif(current_setting('{TenantSetting.Name}', true), '')::integer);
            """,
        cancellationToken);

    /// <summary>Takes the policies away.</summary>
    public Task TurnOffAsync(CancellationToken cancellationToken) => EachTableAsync(
        table => $"""
            DROP POLICY IF EXISTS {Policy} ON {table};
            ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
            ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
            """,
        cancellationToken);

    /// <summary>Lets the tables' owner see all rows, as a migration that rewrites rows must, until the policies are turned on again.</summary>
    internal Task LetOwnerPassAsync(CancellationToken cancellationToken) =>
        EachTableAsync(table => $"ALTER TABLE IF EXISTS {table} NO FORCE ROW LEVEL SECURITY;", cancellationToken);

    /// <summary>Whether every table of tenants has its policy, which holds for the owner too.</summary>
    internal async Task<bool> IsCompleteAsync(CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        return await CountAsync(context, forced: true, cancellationToken) == TenantTables.Walled(context.Model).Count();
    }

    private static Task<int> CountAsync(ScimDbContext context, bool forced, CancellationToken cancellationToken)
    {
        var tables = TenantTables.Walled(context.Model).Select(type => type.GetTableName()!).ToArray();
        return context.Database.SqlQuery<int>(
            $"""
            SELECT count(*)::integer AS "Value" FROM pg_policy AS policy JOIN pg_class AS class ON class.oid = policy.polrelid
            WHERE policy.polname = {Policy} AND pg_table_is_visible(class.oid) AND class.relname = ANY ({tables})
                AND (class.relforcerowsecurity OR NOT {forced})
            """).SingleAsync(cancellationToken);
    }

    private async Task EachTableAsync(Func<string, string> statements, CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        foreach (var table in TenantTables.Walled(context.Model))
        {
            await context.Database.ExecuteSqlRawAsync(statements(table.GetTableName()!), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
