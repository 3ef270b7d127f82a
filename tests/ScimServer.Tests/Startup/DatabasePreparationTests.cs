using System.Globalization;
using System.Net;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Startup;

public class DatabasePreparationTests
{
    private static readonly HttpClient Http = new();

    [Fact]
    public async Task A_server_that_must_not_migrate_waits_for_the_operator_who_does()
    {
        var address = $"http://127.0.0.1:{PostgreSqlServer.FreePort()}";
        using var folder = new ProcessFolder();
        await using var server = ServerProcess.Start(folder, ("Database__MigrateOnStart", "false"), ("ASPNETCORE_URLS", address));
        await server.WaitForAsync(() => server.Output.Contains("Not ready: The database lacks migrations", StringComparison.Ordinal), "the warning");
        await AliveAsync(address);

        using (var ready = await Http.GetAsync(address + "/health/ready"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        }

        using (var users = await Http.GetAsync(address + "/scim/v2/Users"))
        {
            var response = await ScimResponse.ReadAsync(users);
            response.ExpectError(503);
            Assert.Equal("5", response.Header("Retry-After"));
        }

        foreach (var path in (string[])["/events", "/ssf/streams", "/ssf/jwks", "/.well-known/jwks", "/admin/tenants"])
        {
            using var held = await Http.GetAsync(address + path);
            Assert.Equal((path, HttpStatusCode.ServiceUnavailable, "5"), (path, held.StatusCode, held.Headers.RetryAfter?.ToString()));
        }

        var (exitCode, output, _) = await ServerProcess.RunAsync(folder, ["database", "migrate"]);
        Assert.Equal(0, exitCode);
        Assert.StartsWith("Migrated SQLite", output, StringComparison.Ordinal);
        await server.WaitForAsync(() => server.Token.Length > 0, "the token");
        using var after = await Http.GetAsync(address + "/health/ready");
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port={0}")]
    [InlineData("Host=127.0.0.1:{0},127.0.0.2:{0};Target Session Attributes=primary")]
    public async Task A_database_that_does_not_answer_is_waited_for(string hosts)
    {
        var address = $"http://127.0.0.1:{PostgreSqlServer.FreePort()}";
        using var folder = new ProcessFolder();
        await using var server = ServerProcess.Start(
            folder,
            ("ASPNETCORE_URLS", address),
            ("Database__Provider", "PostgreSql"),
            ("ConnectionStrings__ScimServer", string.Format(CultureInfo.InvariantCulture, hosts, PostgreSqlServer.FreePort()) + ";Username=scim;Password=not-to-be-seen;Database=scim"));
        await server.WaitForAsync(() => server.Output.Contains("Not ready: The database is not available yet", StringComparison.Ordinal), "the warning");
        await AliveAsync(address);

        using var ready = await Http.GetAsync(address + "/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(0, await server.TerminateAsync());
        Assert.DoesNotContain("not-to-be-seen", server.Output + server.Errors, StringComparison.Ordinal);
    }

    private static async Task AliveAsync(string address)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var live = await Http.GetAsync(address + "/health/live");
                Assert.Equal(HttpStatusCode.OK, live.StatusCode);
                return;
            }
            catch (HttpRequestException) when (attempt < 200)
            {
                await Task.Delay(100);
            }
        }
    }
}
