using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace ScimServer.Tests.Startup;

public class FirstRunTests
{
    private static readonly HttpClient Http = new();

    [Fact]
    public async Task The_first_start_prints_how_to_reach_it_and_the_second_keeps_the_token_to_itself()
    {
        using var folder = new ProcessFolder();
        string token;
        await using (var first = await ServerProcess.StartAsync(folder))
        {
            token = first.Token;
            await first.WaitForAsync(() => first.Output.Contains("curl ", StringComparison.Ordinal), "the curl line");
            Assert.EndsWith("/scim/v2", first.BaseUrl, StringComparison.Ordinal);
            Assert.Contains($"Swagger    {first.Address}swagger", first.Output, StringComparison.Ordinal);
            Assert.Contains($"SQLite, {Path.Combine(folder.Path, "scim.db")}", first.Output, StringComparison.Ordinal);

            var curl = Regex.Match(first.Output, """curl -H "Authorization: Bearer (\S+)" (\S+)""");
            Assert.Equal(HttpStatusCode.OK, await GetAsync(curl.Groups[2].Value, curl.Groups[1].Value));
            Assert.Equal(2, Regex.Count(first.Output, Regex.Escape(token)));
            Assert.Equal(0, await first.TerminateAsync());
        }

        await using var second = await ServerProcess.StartAsync(folder);
        Assert.Empty(second.Token);
        Assert.Contains("tokens create --tenant default --name", second.Output, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(second.BaseUrl + "/Users", token));
    }

    [Fact]
    public async Task A_first_start_on_a_port_that_is_taken_does_not_use_up_the_token()
    {
        using var folder = new ProcessFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await using (var refused = ServerProcess.Start(folder, ("ASPNETCORE_URLS", $"http://{other.LocalEndpoint}")))
        {
            Assert.Equal(1, await refused.WaitForExitAsync());
            Assert.Contains("Choose another address", refused.Errors, StringComparison.Ordinal);
            Assert.Empty(refused.Token);
        }

        await using var server = await ServerProcess.StartAsync(folder);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(server.BaseUrl + "/Users", server.Token));
    }

    [Fact]
    public async Task A_bootstrap_token_is_taken_over_and_not_printed()
    {
        const string Chosen = "chosen-by-the-operator-0123456789";
        using var folder = new ProcessFolder();
        await using var server = await ServerProcess.StartAsync(folder, ("Scim__BootstrapToken", Chosen));

        Assert.Equal(HttpStatusCode.OK, await GetAsync(server.BaseUrl + "/Users", Chosen));
        Assert.DoesNotContain(Chosen, server.Output + server.Errors, StringComparison.Ordinal);
        Assert.Empty(server.Token);
    }

    [Fact]
    public async Task A_public_base_url_is_what_is_printed()
    {
        using var folder = new ProcessFolder();
        await using var server = await ServerProcess.StartAsync(folder, ("Scim__PublicBaseUrl", "https://scim.example.com/tenants/scim/v2/"));
        await server.WaitForAsync(() => server.Output.Contains("curl ", StringComparison.Ordinal), "the curl line");

        Assert.Equal("https://scim.example.com/tenants/scim/v2", server.BaseUrl);
        Assert.Contains("Swagger    https://scim.example.com/tenants/swagger", server.Output, StringComparison.Ordinal);
        Assert.Contains(" https://scim.example.com/tenants/scim/v2/Users", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bootstrap_token_changes_nothing_once_there_is_a_tenant()
    {
        const string Chosen = "chosen-by-the-operator-0123456789";
        using var folder = new ProcessFolder();
        await using (var first = await ServerProcess.StartAsync(folder))
        {
            await first.TerminateAsync();
        }

        await using var second = await ServerProcess.StartAsync(folder, ("Scim__BootstrapToken", Chosen));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(second.BaseUrl + "/Users", Chosen));
    }

    [Fact]
    public async Task Of_instances_that_start_at_once_one_makes_the_token()
    {
        using var folder = new ProcessFolder();
        var servers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ServerProcess.StartAsync(folder)));
        try
        {
            var token = Assert.Single(servers, server => server.Token.Length > 0).Token;
            foreach (var server in servers)
            {
                Assert.Equal(HttpStatusCode.OK, await GetAsync(server.BaseUrl + "/Users", token));
            }
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    private static async Task<HttpStatusCode> GetAsync(string url, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await Http.SendAsync(request);
        return response.StatusCode;
    }
}
