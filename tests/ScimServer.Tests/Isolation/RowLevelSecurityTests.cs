using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Tests.Cli;
using ScimServer.Tests.Infrastructure;
using ScimServer.Tests.Startup;

namespace ScimServer.Tests.Isolation;

/// <summary>The second wall: what the database itself refuses when a query forgets the tenant.</summary>
public sealed class RowLevelSecurityTests
{
    [SkippableFact]
    public async Task Behind_the_wall_requests_work_as_before_and_a_query_without_its_tenant_finds_nothing()
    {
        var database = await PreparedDatabase.PrepareAsync(partitions: 0, isWalled: true);
        await using var server = await StartAsync(database);
        var (mine, theirs) = (await TestServers.NewTenantAsync(server), await TestServers.NewTenantAsync(server));
        var user = (string)(await mine.CreateUserAsync("mine"))["id"]!;
        var group = await mine.CreateGroupIdAsync("group", user);
        await theirs.CreateUserAsync("theirs");

        Assert.Equal(group, (string?)(await mine.GetAsync("/Users/" + user)).Expect(200).Object["groups"]![0]!["value"]);
        foreach (var filter in new[] { "userName eq \"mine\"", "userName eq \"mine\" and meta.created pr", "schemas eq \"urn:ietf:params:scim:schemas:core:2.0:User\"" })
        {
            Assert.Equal(user, Assert.Single((await mine.FindAsync("/Users", filter)).Expect(200).Ids));
        }

        Assert.Equal(user, Assert.Single((await mine.FindAsync("/Users", $"groups.value eq \"{group}\"")).Expect(200).Ids));
        Assert.Equal(1, (int)(await mine.GetAsync("/Users?count=0")).Expect(200).Object["totalResults"]!);
        (await mine.PatchAsync("/Users/" + user, """{"op":"replace","path":"title","value":"T"}""")).Expect(200);

        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        Assert.Equal(0L, await CountAsync(connection, "changes", null));
        Assert.Equal(0L, await CountAsync(connection, "resources", null));
        Assert.Equal(2L, await CountAsync(connection, "resources", mine.Tenant.Id));
        Assert.Equal(1L, await CountAsync(connection, "resources", theirs.Tenant.Id));
        Assert.Equal(0L, await CountAsync(connection, "resources", null));

        // Nor does it write into another tenant.
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => InsertAsync(connection, mine.Tenant.Id, theirs.Tenant.Id));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);

        (await mine.DeleteAsync("/Users/" + user)).Expect(204);
        await server.Services.GetRequiredService<TenantDeletion>().RunAsync(mine.Tenant.Name, new Progress<TenantDeletionProgress>(), default);
        Assert.Equal(0L, await CountAsync(connection, "resources", mine.Tenant.Id));
        Assert.Equal(1L, await CountAsync(connection, "resources", theirs.Tenant.Id));
    }

    [SkippableFact]
    public async Task A_server_that_would_see_nothing_or_everything_does_not_start_and_the_wall_can_be_taken_down()
    {
        var database = await PreparedDatabase.PrepareAsync(partitions: 0, isWalled: true);
        var superuser = new NpgsqlConnectionStringBuilder(await PostgreSqlServer.ConnectionStringAsync()) { Database = new NpgsqlConnectionStringBuilder(database).Database }.ConnectionString;
        using var folder = new ProcessFolder();
        (string, string)[] walled = [("Database__Provider", "PostgreSql"), ("ConnectionStrings__ScimServer", database), ("Database__RowLevelSecurity", "true")];

        Assert.Contains("Set Database:RowLevelSecurity=true", (await ServerProcess.RunAsync(folder, ["--urls", "http://127.0.0.1:0"], [.. walled[..2]])).Errors, StringComparison.Ordinal);
        Assert.Contains("passes through it", (await ServerProcess.RunAsync(folder, ["--urls", "http://127.0.0.1:0"], [.. walled, ("ConnectionStrings__ScimServer", superuser)])).Errors, StringComparison.Ordinal);
        Assert.Contains("Database__RowLevelSecurity=true first", (await CommandProcess.RunAsync(folder, ["database", "row-level-security", "on"], [.. walled[..2]])).Errors, StringComparison.Ordinal);
        Assert.Equal("Row-level security is on.", (await CommandProcess.RunAsync(folder, ["database", "row-level-security", "on"], walled)).Output);
        Assert.Equal("Row-level security is off.", (await CommandProcess.RunAsync(folder, ["database", "row-level-security", "off"], walled)).Output);

        await using var server = await ScimServerFactory.StartAsync(Database.PostgreSql, ("ConnectionStrings:ScimServer", database), ("Database:RowLevelSecurity", null));
        (await (await TestServers.NewTenantAsync(server)).GetAsync("/Users")).Expect(200);
    }

    private static Task<ScimServerFactory> StartAsync(string database) => ScimServerFactory.StartAsync(
        Database.PostgreSql, ("ConnectionStrings:ScimServer", database), ("Database:RowLevelSecurity", "true"));

    private static async Task<object?> CountAsync(NpgsqlConnection connection, string table, int? tenant)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await SetAsync(connection, tenant);

        // The condition is there for the watch over statements, and holds for every row.
        await using var command = new NpgsqlCommand($"SELECT count(*) FROM {table} WHERE tenant_id = tenant_id", connection);
        return await command.ExecuteScalarAsync();
    }

    private static async Task InsertAsync(NpgsqlConnection connection, int tenant, int other)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await SetAsync(connection, tenant);
        await using var command = new NpgsqlCommand($"INSERT INTO resource_counts (tenant_id, type, slot, n) VALUES ({other}, 'User', 31, 5)", connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task SetAsync(NpgsqlConnection connection, int? tenant)
    {
        if (tenant is { } id)
        {
            await using var command = new NpgsqlCommand($"SELECT set_config('scim.tenant_id', '{id}', true)", connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
