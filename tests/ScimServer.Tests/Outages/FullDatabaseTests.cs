using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Scim.EntityFrameworkCore;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Outages;

/// <summary>A disk that is full: a sentence, nothing half-written, and reads go on.</summary>
public sealed class FullDatabaseTests
{
    private const int Connections = 8;

    [SkippableTheory]
    [EachDatabase]
    public async Task Without_room_in_the_database_writes_are_503_and_nothing_of_them_is_kept(Database database)
    {
        var server = await ScimServerFactory.StartAsync(database, ("ProvisioningLog:Enabled", "false"));
        var scim = await TestServers.NewTenantAsync(server);
        var user = await scim.CreateUserIdAsync("kept");
        var group = await scim.CreateGroupIdAsync("kept", user);
        var connectionString = server.Services.GetRequiredService<DatabaseOptions>().ConnectionString;

        await FillAsync(database, connectionString);
        var created = await scim.PostAsync("/Users", Body("full"));
        var bulk = await scim.PostAsync("/Bulk", $$"""{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{"method":"POST","path":"/Users","bulkId":"a","data":{{Body("full")}}}]}""");

        Assert.Contains("has no room left, so nothing was changed", created.ExpectError(503), StringComparison.Ordinal);
        Assert.Equal("60", created.Header("Retry-After"));
        bulk.ExpectError(503);
        Assert.Equal([user], (await scim.GetAsync("/Users")).Expect(200).Ids);
        Assert.Equal([user], await scim.MembersAsync(group));
        await using (var context = server.Services.GetRequiredService<ScimDatabase>().Open(scim.Tenant.Id))
        {
            Assert.Equal(2, await context.Changes.CountAsync());
        }

        await MakeRoomAsync(database, connectionString);
        (await scim.PostAsync("/Users", Body("full"))).Expect(201);
    }

    /// <summary>Larger than the room that is free in pages that are in use.</summary>
    private static string Body(string userName) => $$"""{"schemas":["{{ScimClient.User}}"],"userName":"{{userName}}","title":"{{new string('x', 200_000)}}"}""";

    private static Task FillAsync(Database database, string connectionString) => database == Database.Sqlite
        ? LimitAsync(connectionString, "PRAGMA max_page_count = 1")
        : ExecuteAsync(connectionString, """
            CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
            CREATE TRIGGER full_disk BEFORE INSERT ON changes FOR EACH ROW EXECUTE FUNCTION full_disk();
            """);

    private static Task MakeRoomAsync(Database database, string connectionString) => database == Database.Sqlite
        ? LimitAsync(connectionString, "PRAGMA max_page_count = 1000000")
        : ExecuteAsync(connectionString, "DROP TRIGGER full_disk ON changes");

    /// <summary>The limit is one of the connection, and the server takes its connections from the pool that they go back to. It cannot be less than there are pages.</summary>
    private static async Task LimitAsync(string connectionString, string pragma)
    {
        var all = Enumerable.Range(0, Connections).Select(_ => new SqliteConnection(connectionString)).ToList();
        foreach (var connection in all)
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = pragma;
            await command.ExecuteNonQueryAsync();
        }

        foreach (var connection in all)
        {
            await connection.DisposeAsync();
        }
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
