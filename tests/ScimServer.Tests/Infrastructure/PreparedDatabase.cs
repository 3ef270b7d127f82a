using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Scim.EntityFrameworkCore;
using Scim.Schemas;

namespace ScimServer.Tests.Infrastructure;

/// <summary>
/// PostgreSQL databases as an operator may prepare them, made from a template: tables partitioned by hash of tenant
/// (SCIM_TEST_PARTITIONS=8), row-level security (SCIM_TEST_ROW_LEVEL_SECURITY=1), or both. The whole suite runs on them.
/// </summary>
internal static class PreparedDatabase
{
    private const string Role = "scim_test_server";

    private static readonly int Partitions = int.Parse(Environment.GetEnvironmentVariable("SCIM_TEST_PARTITIONS") ?? "0", CultureInfo.InvariantCulture);

    private static readonly Lazy<Task<string>> Template = new(() => PrepareAsync(Partitions, IsWalled));

    /// <summary>Whether the databases of this run have row-level security.</summary>
    public static bool IsWalled { get; } = Environment.GetEnvironmentVariable("SCIM_TEST_ROW_LEVEL_SECURITY") is "1" or "true";

    /// <summary>An empty database, or one from the template that this run asks for.</summary>
    public static async Task<string> CreateAsync()
    {
        if (Partitions == 0 && !IsWalled)
        {
            return await PostgreSqlServer.CreateDatabaseAsync();
        }

        var template = new NpgsqlConnectionStringBuilder(await Template.Value);
        return await PostgreSqlServer.CreateDatabaseAsync($"TEMPLATE {template.Database} OWNER {Role}", Role);
    }

    /// <summary>A migrated database that belongs to a role which is no superuser.</summary>
    public static async Task<string> PrepareAsync(int partitions, bool isWalled)
    {
        await CreateRoleAsync();
        var database = await PostgreSqlServer.CreateDatabaseAsync($"OWNER {Role}", Role);
        var options = new DatabaseOptions { Provider = DatabaseProvider.PostgreSql, ConnectionString = database + ";Pooling=false", RowLevelSecurity = isWalled };
        await using var services = new ServiceCollection()
            .AddSingleton(SchemaRegistry.Create(new SchemaOptions()))
            .AddScimEntityFrameworkCore(options)
            .BuildServiceProvider();
        await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(default);
        if (partitions > 0)
        {
            await using var context = services.GetRequiredService<ScimDatabase>().Open(1);
            await PartitionAsync(context, options.ConnectionString, partitions);
        }

        if (isWalled)
        {
            await services.GetRequiredService<RowLevelSecurity>().TurnOnAsync(default);
            await LetIndexesServeAsync(new NpgsqlConnectionStringBuilder(database).Database!);
        }

        return database;
    }

    private static async Task CreateRoleAsync()
    {
        await using var connection = new NpgsqlConnection(await PostgreSqlServer.ConnectionStringAsync());
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{Role}') THEN CREATE ROLE {Role} LOGIN PASSWORD '{PostgreSqlServer.RolePassword}'; END IF;
            END $$;
            """;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>What docs/operate.md tells a superuser to do, so that filters use the indexes of documents behind policies too.</summary>
    private static async Task LetIndexesServeAsync(string database)
    {
        var superuser = new NpgsqlConnectionStringBuilder(await PostgreSqlServer.ConnectionStringAsync()) { Database = database, Pooling = false };
        await using var connection = new NpgsqlConnection(superuser.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = """
            ALTER FUNCTION jsonb_path_exists_opr(jsonb, jsonpath) LEAKPROOF;
            ALTER FUNCTION arraycontains(anyarray, anyarray) LEAKPROOF;
            """;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Puts a table of the same columns, keys and indexes, partitioned by hash of the tenant, in the place of each.</summary>
    private static async Task PartitionAsync(ScimDbContext context, string database, int partitions)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        var (tables, keys) = (TenantTables.Walled(context.Model).Select(type => type.GetTableName()!).ToList(), new StringBuilder());
        var sql = new StringBuilder("BEGIN;\n");
        foreach (var table in tables)
        {
            // Those of tables that stay as they are too.
            await using var read = new NpgsqlCommand(
                $"SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE confrelid = '{table}'::regclass AND contype = 'f'", connection);
            await using var reader = await read.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                sql.AppendLine(CultureInfo.InvariantCulture, $"ALTER TABLE {reader.GetString(0)} DROP CONSTRAINT {reader.GetString(1)};");
                keys.AppendLine(CultureInfo.InvariantCulture, $"ALTER TABLE {reader.GetString(0)} ADD CONSTRAINT {reader.GetString(1)} {reader.GetString(2)};");
            }
        }

        foreach (var table in tables)
        {
            sql.AppendLine(CultureInfo.InvariantCulture, $"ALTER TABLE {table} RENAME TO {table}_whole;");
            sql.AppendLine(CultureInfo.InvariantCulture, $"CREATE TABLE {table} (LIKE {table}_whole INCLUDING ALL) PARTITION BY HASH (tenant_id);");
            for (var part = 0; part < partitions; part++)
            {
                sql.AppendLine(CultureInfo.InvariantCulture, $"CREATE TABLE {table}_{part} PARTITION OF {table} FOR VALUES WITH (MODULUS {partitions}, REMAINDER {part});");
            }
        }

        tables.ForEach(table => sql.AppendLine(CultureInfo.InvariantCulture, $"DROP TABLE {table}_whole;"));
        await using var command = new NpgsqlCommand(sql.Append(keys).Append("COMMIT;").ToString(), connection);
        await command.ExecuteNonQueryAsync();
    }
}
