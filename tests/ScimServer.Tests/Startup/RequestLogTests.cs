using System.Text.Json.Nodes;

namespace ScimServer.Tests.Startup;

public class RequestLogTests
{
    private const string Secret = "nobody-may-read-this";

    [Fact]
    public async Task A_request_is_one_line_with_its_route_and_nothing_that_the_client_sent()
    {
        using var folder = new ProcessFolder();
        await using var server = await ServerProcess.StartAsync(folder);
        await SendAllAsync(server);
        await server.WaitForAsync(() => server.Output.Contains("DELETE ", StringComparison.Ordinal), "the last line");

        Assert.Single(server.Output.Split('\n'), line => line.Contains("GET /scim/v2/Users 200 in ", StringComparison.Ordinal)
            && line.Contains("tenant=default token=first-run", StringComparison.Ordinal) && line.Contains("correlation=", StringComparison.Ordinal));
        Assert.Contains("dialect=StringBoolean", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, server.Output + server.Errors, StringComparison.Ordinal);
        Assert.Equal(2, server.Output.Split(server.Token).Length - 1);
    }

    [Fact]
    public async Task The_log_can_be_json_for_programs()
    {
        using var folder = new ProcessFolder();
        await using var server = await ServerProcess.StartAsync(folder, ("Observability__LogFormat", "Json"));
        await SendAllAsync(server);
        await server.WaitForAsync(() => server.Output.Contains("\"DELETE\"", StringComparison.Ordinal), "the last line");

        var events = server.Output.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!.AsObject());
        var list = Assert.Single(events, log => (string?)log["RequestMethod"] == "GET" && (string?)log["Route"] == "/scim/v2/Users");
        Assert.Equal(200, (int?)list["StatusCode"]);
        Assert.Equal("default", (string?)list["Tenant"]);
        Assert.Equal("first-run", (string?)list["Token"]);
        Assert.Equal("a-correlation-id", (string?)list["ClientCorrelationId"]);
        Assert.Matches("^[0-9A-Z]{16}$", (string?)list["CorrelationId"]);
        Assert.DoesNotContain(Secret, server.Output, StringComparison.Ordinal);

        Assert.Equal(0, await server.TerminateAsync());
        var all = server.Output.Split('\n').Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.All((string[])["Ready: {BaseUrl}", "Stopping: requests that have begun are answered"], message => Assert.Single(all, log => (string?)log["@mt"] == message));
        Assert.DoesNotContain(server.Token, server.Output, StringComparison.Ordinal);
        Assert.Contains("curl ", server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_debug_log_names_what_a_PATCH_passed_over_and_the_txn_of_each_operation_of_a_bulk()
    {
        using var folder = new ProcessFolder();
        await using var server = await ServerProcess.StartAsync(folder, ("Serilog__MinimumLevel__Default", "Debug"));
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("Authorization", "Bearer " + server.Token);
        http.DefaultRequestHeaders.Add("X-Correlation-Id", "a-correlation-id");
        const string bulk = """
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[
              {"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"a"}},{"method":"POST","path":"/Users","bulkId":"b","data":{"userName":"b"}},
              {"method":"POST","path":"/Groups","bulkId":"c","data":{"displayName":"c"}}]}
            """;
        var created = JsonNode.Parse(await SendAsync(http, HttpMethod.Post, server.BaseUrl + "/Bulk", bulk))!["Operations"]!.AsArray();
        var ids = created.Select(operation => ((string)operation!["location"]!).Split('/')[^1]).ToArray();

        await SendAsync(http, HttpMethod.Patch, $"{server.BaseUrl}/Users/{ids[0]}", $$$"""
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[
              {"op":"add","value":{"fancy":"{{{Secret}}}","id":"{{{Secret}}}"}},{"op":"add","path":"emails[type eq \"work\"].value","value":"{{{Secret}}}"}]}
            """);
        await server.WaitForAsync(() => server.Output.Contains("PATCH ", StringComparison.Ordinal), "the last line");

        var lines = server.Output.Split('\n');
        Assert.Contains(lines, line => line.Contains("unknown or readOnly: fancy, id; correlation=", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("PATCH ", StringComparison.Ordinal) && line.Contains("dialect=CreateMissingElement", StringComparison.Ordinal));
        var txns = ids.Select(id => Assert.Single(lines, line => line.Contains($" {id}; txn=", StringComparison.Ordinal)).Split("txn=")[1].Split(' ')[0]);
        Assert.Equal([":0", ":1", ":2"], txns.Select(txn => txn[16..]));
        Assert.Single(txns.Select(txn => txn[..16]).Distinct(), lines.Single(line => line.Contains("POST /scim/v2/Bulk", StringComparison.Ordinal)).Split("correlation=")[1].Split(' ')[0]);
        Assert.DoesNotContain(Secret, server.Output, StringComparison.Ordinal);
    }

    private static async Task<string> SendAsync(HttpClient http, HttpMethod method, string url, string body)
    {
        using var request = new HttpRequestMessage(method, url) { Content = new StringContent(body, null, "application/scim+json") };
        using var response = await http.SendAsync(request);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    private static async Task SendAllAsync(ServerProcess server)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("Authorization", "Bearer " + server.Token);
        http.DefaultRequestHeaders.Add("X-Correlation-Id", "a-correlation-id");
        var body = $$"""{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"{{Secret}}","active":"True","password":"{{Secret}}"}""";
        (HttpMethod Method, string Path, string? Body)[] requests =
        [
            (HttpMethod.Get, $"/Users?filter={Uri.EscapeDataString($"userName eq \"{Secret}\"")}", null),
            (HttpMethod.Post, "/Users", body),
            (HttpMethod.Post, "/Users", body),
            (HttpMethod.Get, "/" + Secret, null),
            (HttpMethod.Get, "/Users/" + Secret, null),
            (new HttpMethod(Secret), "/Users", null),
            (HttpMethod.Delete, "/Users/" + Secret, null),
        ];
        foreach (var (method, path, content) in requests)
        {
            using var request = new HttpRequestMessage(method, server.BaseUrl + path);
            request.Content = content is null ? null : new StringContent(content, null, "application/scim+json");
            using var response = await http.SendAsync(request);
        }
    }
}
