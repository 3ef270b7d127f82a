using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using ScimServer.Tests.Cli;
using ScimServer.Tests.Startup;

namespace ScimServer.Tests.OAuth;

public sealed class ClientLogTests
{
    [Fact]
    public async Task At_no_level_does_the_log_hold_a_secret_or_an_access_token()
    {
        using var folder = new ProcessFolder();
        await using var server = await ServerProcess.StartAsync(
            folder,
            ("Serilog__MinimumLevel__Default", "Verbose"),
            ("Serilog__MinimumLevel__Override__OpenIddict", "Verbose"),
            ("Serilog__MinimumLevel__Override__ScimServer.OAuth", "Verbose"),
            ("Serilog__MinimumLevel__Override__ScimServer.Authentication", "Verbose"));
        var (_, output, _) = await CommandProcess.RunAsync(folder, ["clients", "add", "--tenant", "default", "--name", "entra"]);
        var (id, secret) = output.Trim().Split('\n') is [var first, var second] ? (first, second) : throw new InvalidOperationException(output);
        using var http = new HttpClient();

        using var byBody = await PostAsync(http, server, null, [("client_id", id), ("client_secret", secret)]);
        using var byHeader = await PostAsync(http, server, TokenClient.Basic(id, secret), []);
        using var wrong = await PostAsync(http, server, TokenClient.Basic(id, "a-wrong-secret"), []);
        using var both = await PostAsync(http, server, TokenClient.Basic(id, secret), [("client_id", id), ("client_secret", "a-wrong-secret")]);
        Assert.Equal([200, 200, 401, 400], ((HttpResponseMessage[])[byBody, byHeader, wrong, both]).Select(answer => (int)answer.StatusCode));
        string[] tokens = [await TokenAsync(byBody), await TokenAsync(byHeader)];
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, "/scim/v2/Users")) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", tokens[0]) } };
        using var users = await http.SendAsync(request);
        Assert.True(users.IsSuccessStatusCode);

        await server.WaitForAsync(() => server.Output.Contains("GET /scim/v2/Users", StringComparison.Ordinal), "the log of the last request");
        string[] secrets = [secret, "a-wrong-secret", TokenClient.Basic(id, secret)["Basic ".Length..], .. tokens.SelectMany(token => (string[])[token.Split('.')[1], token.Split('.')[2]])];
        Assert.All(secrets, text => Assert.DoesNotContain(text, server.Output + server.Errors, StringComparison.Ordinal));
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, ServerProcess server, string? authorization, (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "/oauth/token"))
        {
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), .. form.Select(field => KeyValuePair.Create(field.Name, field.Value))]),
        };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await http.SendAsync(request);
    }

    private static async Task<string> TokenAsync(HttpResponseMessage answer) => (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["access_token"]!;
}
