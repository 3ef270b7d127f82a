using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Erasure;

/// <summary>Everything that a database holds: every column of every row of every table, as text.</summary>
internal sealed class DatabaseDump
{
    private readonly List<string> rows = [];

    /// <summary>How many rows there are.</summary>
    public int Rows => rows.Count;

    public static async Task<DatabaseDump> OfAsync(ScimClient scim)
    {
        await using var context = scim.Server.Services.GetRequiredService<ScimDatabase>().Open(scim.Tenant.Id);
        await using var transaction = await context.Database.BeginTransactionAsync();
        var dump = new DatabaseDump();
        var tables = context.Database.IsSqlite()
            ? "SELECT name FROM sqlite_master WHERE type = 'table'"
            : "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'";

        // Of all tenants, and with the tenant named, as TenantSql wants it.
        var walled = TenantTables.Walled(context.Model).Select(type => type.GetTableName()!).ToHashSet();
        foreach (var table in await ReadAsync(context, tables))
        {
            var rows = await ReadAsync(context, $"SELECT * FROM \"{table}\"{(walled.Contains(table) ? " WHERE tenant_id = tenant_id" : "")}");
            dump.rows.AddRange(rows.Select(row => $"{table}: {row}"));
        }

        return dump;
    }

    /// <summary>The rows that hold a text, in any case.</summary>
    /// <param name="text">The text.</param>
    /// <param name="of">Only rows of this tenant.</param>
    /// <param name="but">Only rows that are not of this tenant.</param>
    public IEnumerable<string> With(string text, int? of = null, int? but = null) =>
        rows.Where(row => row.Contains(text, StringComparison.OrdinalIgnoreCase) && (of is null || IsOf(row, of.Value)) && (but is null || !IsOf(row, but.Value)));

    private static bool IsOf(string row, int tenantId) => row[row.IndexOf(':', StringComparison.Ordinal)..].StartsWith($": {tenantId} | ", StringComparison.Ordinal);

    private static async Task<List<string>> ReadAsync(ScimDbContext context, string sql)
    {
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        command.Transaction = Microsoft.EntityFrameworkCore.Storage.DbContextTransactionExtensions.GetDbTransaction(context.Database.CurrentTransaction!);
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await reader.ReadAsync())
        {
            var tenant = Enumerable.Range(0, reader.FieldCount).Where(column => reader.GetName(column) == "tenant_id").Select(column => Text(reader, column) + " | ").FirstOrDefault();
            found.Add(tenant + string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(column => Text(reader, column))));
        }

        return found;
    }

    private static string Text(DbDataReader reader, int column) => reader.GetValue(column) switch
    {
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        string text => text,
        System.Collections.IEnumerable items => string.Join(',', items.Cast<object>()),
        var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
