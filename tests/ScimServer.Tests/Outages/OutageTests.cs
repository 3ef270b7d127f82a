using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Tests.Admin;
using ScimServer.Tests.Infrastructure;
using ScimServer.Tests.OAuth;

namespace ScimServer.Tests.Outages;

/// <summary>What clients are told while the database is away: 503 and when to come again (RFC 9110 §15.6.4), which they repeat, and not 500, which looks like a fault.</summary>
public sealed class OutageTests
{
    private static readonly HttpClient Http = new();

    [SkippableFact]
    public async Task While_the_database_is_away_every_endpoint_that_needs_it_answers_503_in_its_own_form()
    {
        await using var line = await DatabaseLine.NewAsync();
        var server = await ScimServerFactory.StartAsync(Database.PostgreSql, ("ConnectionStrings:ScimServer", line.ConnectionString));
        var (client, admin) = (await TokenClient.NewAsync(server), await AdminClient.NewAsync(server));
        var scim = client.Scim;
        var user = await scim.CreateUserIdAsync();
        var events = (await server.Services.GetRequiredService<AccessTokens>().CreateAsync(scim.Tenant.Name, new NewToken("events") { Scopes = AccessScopes.Events }, default)).Secret;

        line.Cut();

        foreach (var path in (string[])["/Users", $"/Users/{user}", "/Groups?filter=displayName%20eq%20%22a%22"])
        {
            Unavailable(await scim.GetAsync(path)).ExpectError(503);
        }

        Unavailable(await scim.PostAsync("/Users", Body("ada"))).ExpectError(503);
        Unavailable(await scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"title","value":"Dr"}""")).ExpectError(503);
        Unavailable(await scim.PutAsync($"/Users/{user}", Body("ada"))).ExpectError(503);
        Unavailable(await scim.DeleteAsync($"/Users/{user}")).ExpectError(503);
        Unavailable(await scim.PostAsync("/Bulk", Bulk(3))).ExpectError(503);
        Unavailable(await scim.WithToken(events).GetAsync("/Users")).ExpectError(503);
        foreach (var path in (string[])["/events", "/ssf/streams"])
        {
            Unavailable(await SendAsync(server, path, events)).ExpectError(503);
        }

        Unavailable(await SendAsync(server, "/ssf/jwks", null)).ExpectError(503);
        AdminClient.ExpectProblem(Unavailable(await admin.GetAsync("/tenants")), 503);
        using (var token = await TokenClient.SendAsync(server, TokenClient.Basic(client.Id.ToString(), client.Secret), [("grant_type", "client_credentials")]))
        {
            // RFC 6749 §5.2: the body of a client that speaks OAuth.
            var answer = Unavailable(await ScimResponse.ReadAsync(token));
            Assert.Equal("temporarily_unavailable", (string?)answer.Expect(503).Object["error"]);
        }

        line.Mend();
        (await scim.PostAsync("/Users", Body("ada"))).Expect(201);
    }

    [SkippableFact]
    public async Task What_needs_no_database_is_answered_without_it_whatever_credential_comes_with_the_request()
    {
        await using var line = await DatabaseLine.NewAsync();
        var server = await ScimServerFactory.StartAsync(Database.PostgreSql, ("ConnectionStrings:ScimServer", line.ConnectionString));
        var scim = await TestServers.NewTenantAsync(server);

        line.Cut();

        foreach (var token in (string?[])[scim.Token, null, "wrong"])
        {
            Assert.Equal("""{"status":"ok"}""", (await SendAsync(server, "/health/live", token)).Expect(200).Text);
            Assert.Equal("""{"status":"unavailable","detail":"The database does not answer."}""", (await SendAsync(server, "/health/ready", token)).Expect(503).Text);
            (await scim.WithToken(token).GetAsync("/ServiceProviderConfig")).Expect(200);
        }

        line.Mend();
        (await SendAsync(server, "/health/ready", scim.Token)).Expect(200);
    }

    /// <summary>Each operation is a transaction of its own (RFC 7644 §3.7): one that met an outage does not take the others with it.</summary>
    [SkippableFact]
    public async Task In_a_bulk_an_outage_is_the_answer_to_the_operations_that_met_it()
    {
        await using var line = await DatabaseLine.NewAsync();
        var server = await ScimServerFactory.StartAsync(Database.PostgreSql, ("ConnectionStrings:ScimServer", line.ConnectionString));
        var scim = await TestServers.NewTenantAsync(server);
        var group = await scim.CreateGroupIdAsync();

        line.CatchCommitOf("caught-title");
        var user = await scim.CreateUserIdAsync();
        var answer = scim.PostAsync("/Bulk", $$$"""
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[
              {"method":"PATCH","path":"/Groups/{{{group}}}","data":{"Operations":[{"op":"replace","path":"displayName","value":"first"}]}},
              {"method":"PATCH","path":"/Users/{{{user}}}","data":{"Operations":[{"op":"replace","path":"title","value":"caught-title"}]}},
              {"method":"PATCH","path":"/Groups/{{{group}}}","data":{"Operations":[{"op":"replace","path":"displayName","value":"third"}]}}]}
            """);
        await line.Committed;
        line.CutCaught();

        var bulk = (await answer).Expect(200).Object["Operations"]!.AsArray();
        Assert.Equal(["204", "503", "204"], bulk.Select(operation => (string)operation!["status"]!));
    }

    /// <summary>A COMMIT that was sent and not answered may have been carried out. Nobody is told so, and nobody repeats it but the client.</summary>
    [SkippableFact]
    public async Task A_write_whose_COMMIT_is_not_answered_is_503_and_is_not_repeated()
    {
        await using var line = await DatabaseLine.NewAsync();
        var server = await ScimServerFactory.StartAsync(Database.PostgreSql, ("ConnectionStrings:ScimServer", line.ConnectionString));
        var scim = await TestServers.NewTenantAsync(server);

        line.CatchCommitOf("caught-user");
        var answer = scim.PostAsync("/Users", Body("caught-user"));
        await line.Committed;
        line.Cut();

        Unavailable(await answer).ExpectError(503);
        line.Mend();
        var found = Assert.Single((await scim.FindAsync("/Users", "userName eq \"caught-user\"")).Expect(200).Resources);
        Assert.Equal("W/\"1\"", (string?)found!["meta"]!["version"]);
        (await scim.PostAsync("/Users", Body("caught-user"))).ExpectError(409, "uniqueness");
    }

    /// <summary>PostgreSQL ends the wait of a COMMIT for its standby with success when it is asked to cancel: a client that goes away must not bring that about.</summary>
    [SkippableFact]
    public async Task A_client_that_goes_away_during_COMMIT_cancels_nothing()
    {
        await using var line = await DatabaseLine.NewAsync();
        var server = await ScimServerFactory.StartAsync(Database.PostgreSql, ("ConnectionStrings:ScimServer", line.ConnectionString));
        var scim = await TestServers.NewTenantAsync(server);
        var user = await scim.CreateUserIdAsync();

        await GoAwayAsync(line, "caught-create", ending => SendAsync(scim, HttpMethod.Post, "/Users", Body("caught-create"), ending));
        await GoAwayAsync(line, "caught-replace", ending => SendAsync(scim, HttpMethod.Put, $"/Users/{user}", Body("caught-replace"), ending));

        Assert.Equal(0, line.Cancels);
    }

    /// <summary>25006: a server that was the primary before a failover. Its connections are not kept.</summary>
    [SkippableFact]
    public async Task A_database_that_cannot_be_written_is_503_until_there_is_another()
    {
        var database = await PreparedDatabase.CreateAsync();
        var server = await ScimServerFactory.StartAsync(Database.PostgreSql, ("ConnectionStrings:ScimServer", database));
        var scim = await TestServers.NewTenantAsync(server);
        var user = await scim.CreateUserIdAsync();
        var name = new NpgsqlConnectionStringBuilder(database).Database!;

        await SuperuserAsync($"ALTER DATABASE {name} SET default_transaction_read_only = on", Terminate(name));
        await UntilAsync(async () => (await scim.PostAsync("/Users", Body("ada"))).Status == 503);
        Unavailable(await scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"title","value":"Dr"}""")).ExpectError(503);
        (await scim.GetAsync($"/Users/{user}")).Expect(200);

        await SuperuserAsync($"ALTER DATABASE {name} RESET default_transaction_read_only");
        await UntilAsync(async () => (await scim.PostAsync("/Users", Body("ada"))).Status == 201);
        (await scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"title","value":"Dr"}""")).Expect(200);
    }

    /// <summary>57P01, in the middle of a statement.</summary>
    [SkippableFact]
    public async Task A_connection_that_the_database_ends_is_503()
    {
        var database = await PreparedDatabase.CreateAsync();
        var server = await ScimServerFactory.StartAsync(Database.PostgreSql, ("ConnectionStrings:ScimServer", database));
        var scim = await TestServers.NewTenantAsync(server);
        var user = await scim.CreateUserIdAsync();
        var name = new NpgsqlConnectionStringBuilder(database).Database!;
        await using var holder = new NpgsqlConnection(await SuperuserOfAsync(name));
        await holder.OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand($"SELECT 1 FROM resources WHERE tenant_id = {scim.Tenant.Id} AND id = '{user}' FOR UPDATE", holder, transaction);
        await hold.ExecuteNonQueryAsync();

        var answer = scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"title","value":"Dr"}""");
        await UntilAsync(async () => await SuperuserAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND wait_event_type = 'Lock'") > 0);

        Unavailable(await answer).ExpectError(503);
    }

    private static async Task GoAwayAsync(DatabaseLine line, string text, Func<CancellationToken, Task> send)
    {
        using var ending = new CancellationTokenSource();
        line.CatchCommitOf(text);
        var sent = send(ending.Token);
        await line.Committed;
        await ending.CancelAsync();
        await sent.ContinueWith(_ => { }, TaskScheduler.Default);
        await Task.Delay(500);
    }

    private static async Task SendAsync(ScimClient scim, HttpMethod method, string path, string body, CancellationToken ending)
    {
        using var request = new HttpRequestMessage(method, scim.BaseUrl + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", scim.Token);
        request.Content = new StringContent(body, System.Text.Encoding.UTF8, ScimClient.MediaType);
        using var response = await Http.SendAsync(request, ending);
    }

    private static async Task<ScimResponse> SendAsync(ScimServerFactory server, string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, path));
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd(ScimClient.MediaType);
        using var response = await Http.SendAsync(request);
        return await ScimResponse.ReadAsync(response);
    }

    private static ScimResponse Unavailable(ScimResponse answer)
    {
        Assert.Equal("5", answer.Expect(503).Header("Retry-After"));
        return answer;
    }

    private static string Body(string userName) => $$"""{"schemas":["{{ScimClient.User}}"],"userName":"{{userName}}"}""";

    private static string Bulk(int users) => new JsonObject
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:BulkRequest"),
        ["Operations"] = new JsonArray([.. Enumerable.Range(0, users).Select(i => (JsonNode)new JsonObject
        {
            ["method"] = "POST",
            ["path"] = "/Users",
            ["bulkId"] = $"{i}",
            ["data"] = JsonNode.Parse(Body($"bulk-{i}")),
        })]),
    }.ToJsonString();

    private static string Terminate(string database) => $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}' AND pid <> pg_backend_pid()";

    private static async Task<string> SuperuserOfAsync(string? database = null)
    {
        var superuser = new NpgsqlConnectionStringBuilder(await PostgreSqlServer.ConnectionStringAsync()) { Pooling = false };
        superuser.Database = database ?? superuser.Database;
        return superuser.ConnectionString;
    }

    /// <returns>How many rows the last of the statements gave.</returns>
    private static async Task<int> SuperuserAsync(params string[] statements)
    {
        await using var connection = new NpgsqlConnection(await SuperuserOfAsync());
        await connection.OpenAsync();
        var rows = 0;
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await using var reader = await command.ExecuteReaderAsync();
            for (rows = 0; await reader.ReadAsync(); rows++)
            {
            }
        }

        return rows;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var attempt = 0; !await holds(); attempt++)
        {
            Assert.True(attempt < 100);
            await Task.Delay(50);
        }
    }
}
