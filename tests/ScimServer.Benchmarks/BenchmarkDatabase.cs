using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace ScimServer.Benchmarks;

/// <summary>A database with one tenant of a known size. It is kept on a given PostgreSQL, and found again by the next run.</summary>
internal static class BenchmarkDatabase
{
    private static readonly DateTime RunBegan = DateTime.UtcNow;

    /// <summary>Opens the database, made and filled when it is not there; gives its connection string.</summary>
    public static async Task<string> OpenAsync(PostgreSql server, DataSize size)
    {
        var settings = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        settings.Database = $"scim_benchmark_{size.Users.ToString(CultureInfo.InvariantCulture)}_{size.Groups.ToString(CultureInfo.InvariantCulture)}";

        // The server's first start creates the database with its migrations, the tenant and the token.
        await using (await ServerProcess.StartScimServerAsync(new ServerSetup(settings.ConnectionString)))
        {
        }

        settings.CommandTimeout = 0;
        await using var database = NpgsqlDataSource.Create(settings.ConnectionString);
        if (await ScalarAsync(database, "SELECT count(*) FROM resource_counts") is null or 0L)
        {
            var watch = Stopwatch.StartNew();
            await ScalarAsync(database, "TRUNCATE resources CASCADE");
            var tenant = (int)(await ScalarAsync(database, "SELECT id FROM tenants"))!;
            await new Seeder(database, tenant, size).RunAsync();
            var bytes = await ScalarAsync(database, "SELECT avg(length(document))::int FROM resources WHERE type = 'User'");
            await Report.NoteAsync(
                $"Seeded {Report.Number(size.Users)} users of {bytes} bytes on average and {Report.Number(size.Groups)} groups in {Report.Number(watch.Elapsed.TotalSeconds)} s.");
        }

        settings.CommandTimeout = 30;
        return settings.ConnectionString;
    }

    /// <summary>Takes away what a run has created, so that the next finds the database as it was seeded.</summary>
    public static async Task RemoveCreatedAsync(string connectionString)
    {
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 0 });

        // Seeded rows were created in the past that People gives them.
        await ScalarAsync(database, $"DELETE FROM resources WHERE created > '{RunBegan:O}'");
        await ScalarAsync(database, "TRUNCATE changes");
        await ScalarAsync(database, "DELETE FROM resource_counts");
        await ScalarAsync(database, "INSERT INTO resource_counts (tenant_id, type, slot, n) SELECT tenant_id, type, 0, count(*) FROM resources GROUP BY tenant_id, type");
        await ScalarAsync(database, "VACUUM ANALYZE");
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
