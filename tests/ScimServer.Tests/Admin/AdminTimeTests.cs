using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ScimServer.Tests.Cli;
using ScimServer.Tests.Startup;

namespace ScimServer.Tests.Admin;

public sealed class AdminTimeTests
{
    private static readonly HttpClient Http = new();

    [Theory]
    [InlineData("America/New_York")]
    [InlineData("Asia/Kolkata")]
    public async Task Times_without_an_offset_are_UTC_wherever_the_server_stands(string zone)
    {
        using var folder = new ProcessFolder();
        await using var server = await ServerProcess.StartAsync(folder, ("TZ", zone));
        var admin = (await CommandProcess.RunAsync(folder, ["tokens", "create", "--admin", "--name", "ops"])).Output.Trim();
        await SendAsync(HttpMethod.Post, "/scim/v2/Users", server.Token, """{"userName":"zoe@example.com"}""");
        var now = DateTime.UtcNow;

        Assert.Equal((1, 0), (await CountAsync("changes", $"since={now.AddMinutes(-3):s}"), await CountAsync("changes", $"since={now.AddMinutes(3):s}")));
        Assert.Equal((0, 1), (await CountAsync("changes", $"until={now.AddMinutes(-3):s}"), await CountAsync("changes", $"until={now.AddMinutes(3):s}")));
        Assert.Equal((1, 0), (await CountAsync("changes", $"since={now.AddMinutes(-3).AddHours(2):s}%2B02:00"), await CountAsync("changes", $"since={now.AddMinutes(3):s}Z")));
        Assert.Equal(0, await CountAsync("requests", $"since={now.AddMinutes(3):s}"));
        for (var waited = Stopwatch.StartNew(); await CountAsync("requests", $"since={now.AddMinutes(-3):s}") == 0; await Task.Delay(100))
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(60), "The request is not in the log.");
        }

        var expected = new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal((expected, expected.AddHours(-2)), (await ExpiryAsync("2099-01-01T00:00:00"), await ExpiryAsync("2099-01-01T00:00:00+02:00")));

        async Task<int> CountAsync(string log, string query) =>
            (await SendAsync(HttpMethod.Get, $"/admin/tenants/1/{log}?{query}", admin))[log]!.AsArray().Count;

        async Task<DateTimeOffset> ExpiryAsync(string time) =>
            (DateTimeOffset)(await SendAsync(HttpMethod.Post, "/admin/tenants/1/tokens", admin, $$"""{"name":"okta","expiresAt":"{{time}}"}"""))["token"]!["expiresAt"]!;

        async Task<JsonNode> SendAsync(HttpMethod method, string path, string token, string? body = null)
        {
            using var request = new HttpRequestMessage(method, new Uri(server.Address, path)) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
            request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await Http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode, text);
            return JsonNode.Parse(text)!;
        }
    }
}
