using ScimServer.Tests.Infrastructure;
using static ScimServer.Tests.Hostile.RawClient;

namespace ScimServer.Tests.Hostile;

/// <summary>Clients that take their time (slowloris) do not keep connections for ever.</summary>
public sealed class SlowClientTests
{
    [Fact]
    public async Task Headers_and_bodies_that_do_not_come_are_given_up_and_the_connection_closed()
    {
        await using var server = await ScimServerFactory.StartAsync(Database.Sqlite, ("Connections:RequestHeadersSeconds", "1"), ("Connections:BodyGraceSeconds", "2"));
        var scim = await TestServers.NewTenantAsync(server);

        // Each returns when the server has closed the connection.
        var answers = await Task.WhenAll(
            SendAsync(server.Address, Text("GET /scim/v2/Users HTTP/1.1\r\nHost: localhost\r\nAuthor")),
            SendAsync(server.Address, Text($"POST /scim/v2/Users HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {scim.Token}\r\nContent-Type: application/scim+json\r\nContent-Length: 1000\r\n\r\n{{\"userName\":")),
            SendAsync(server.Address, Text($"POST /scim/v2/Users HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {scim.Token}\r\nContent-Type: application/scim+json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{{\"use\r\n")),
            SendAsync(server.Address, Text("POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\ngrant_type=")));

        Assert.Equal([408, 408, 408], answers[..3].Select(Status));
        Assert.InRange(Status(answers[3]), 400, 408);
        Assert.Contains("\"status\":\"408\"", answers[1], StringComparison.Ordinal);
        JsonAssert.Has("""{"totalResults":0}""", (await scim.GetAsync("/Users")).Expect(200).Object);
    }

    [Fact]
    public async Task Headers_past_the_bound_are_refused_and_no_answer_names_the_server()
    {
        var server = await TestServers.GetAsync(Database.Sqlite);
        string[] answers =
        [
            await SendAsync(server.Address, Text($"GET /scim/v2/Users HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX: {new string('x', 40_000)}\r\n\r\n")),
            await SendAsync(server.Address, Text($"GET /scim/v2/Users?x={new string('x', 70_000)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")),
            await SendAsync(server.Address, Text($"GET /scim/v2/Users?x={new string('x', 50_000)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")),
            await SendAsync(server.Address, Text($"GET /scim/v2/Users HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{string.Concat(Enumerable.Range(0, 200).Select(n => $"X{n}: x\r\n"))}\r\n")),
            await SendAsync(server.Address, Text("nonsense\r\n\r\n")),
            await SendAsync(server.Address, Text("GET /scim/v2/Users HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")),
            await SendAsync(server.Address, Text("GET /swagger/index.html HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")),
        ];
        Assert.Equal([431, 414, 401, 431, 400, 401, 200], answers.Select(Status));
        Assert.All(answers, answer => Assert.DoesNotContain("\r\nServer:", answer, StringComparison.OrdinalIgnoreCase));
        Assert.All(answers, answer => Assert.DoesNotContain("Kestrel", answer, StringComparison.OrdinalIgnoreCase));
        Assert.All(answers, answer => Assert.DoesNotContain("X-Powered-By", answer, StringComparison.OrdinalIgnoreCase));
    }
}
