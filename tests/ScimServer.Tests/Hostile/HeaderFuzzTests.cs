using System.Text;
using ScimServer.Tests.Infrastructure;
using ScimServer.Tests.OAuth;
using static ScimServer.Tests.Hostile.RawClient;

namespace ScimServer.Tests.Hostile;

/// <summary>Credentials and headers that nobody would send by mistake: an error that names the client, never 500, and no way in.</summary>
public sealed class HeaderFuzzTests
{
    private const int Rounds = 150;

    private static readonly string[] Names =
    [
        "Accept", "Accept-Encoding", "Accept-Language", "Content-Type", "Content-Encoding", "If-Match", "If-None-Match", "X-Correlation-Id", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix",
        "Forwarded", "Cookie", "Origin", "Range", "X-HTTP-Method-Override", "traceparent", "tracestate", "baggage", "Last-Event-ID", "Via", "Prefer",
    ];

    private static readonly string[] Pieces =
    [
        "Bearer", "bearer ", "Basic ", "Bearer Bearer ", "Digest ", "scim_", "eyJ", ".", "..", "=", "==", ",", ";", "\"", "'", "\\", "%00", "%", "{", "}", "(", ")", "<script>", "${jndi:ldap://x}", "' OR 1=1 --", "../../", "*", "W/\"1\"",
        "q=0.5", "q=-1", "gzip", "br", "application/scim+json", "text/html", "00-0-0-01", "\u00e9", "\u00ff", "\t", " ", "999999999999999999999", "-1", "null", "true",
    ];

    [SkippableTheory, EachDatabase]
    public async Task A_credential_of_any_bytes_is_refused_and_nothing_else(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var random = new Random(17);
        for (var round = 0; round < Rounds; round++)
        {
            var header = (round % 3) switch { 0 => "Bearer ", 1 => "Bearer eyJ", _ => "" } + Garbage(random);
            var answer = await SendAsync(scim.Server.Address, Text($"GET /scim/v2/Users HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: {header}\r\n\r\n"));
            Assert.True(Status(answer) is 400 or 401, $"{Escape(header)}: {answer}");
            Assert.DoesNotContain("totalResults", answer, StringComparison.Ordinal);

            var body = $"grant_type=client_credentials&client_id={Uri.EscapeDataString(Garbage(random))}&client_secret={Uri.EscapeDataString(Garbage(random))}";
            answer = await SendAsync(
                scim.Server.Address,
                Text($"POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: {(round % 2 == 0 ? "Basic " + Convert.ToBase64String(Text(Garbage(random))) : header)}\r\n"
                    + $"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
            Assert.True(Status(answer) is 400 or 401, $"{Escape(header)} {body}: {answer}");
        }

        (await scim.GetAsync("/Users")).Expect(200);
    }

    [SkippableTheory, EachDatabase]
    public async Task Headers_of_any_bytes_are_answered_and_never_by_500(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var random = new Random(18);
        for (var round = 0; round < Rounds; round++)
        {
            var headers = new StringBuilder();
            for (var i = random.Next(1, 5); i > 0; i--)
            {
                headers.Append(Names[random.Next(Names.Length)]).Append(": ").Append(Garbage(random)).Append("\r\n");
            }

            var answer = await SendAsync(
                scim.Server.Address, Text($"GET /scim/v2/Users?count=1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {scim.Token}\r\n{headers}\r\n"));
            Assert.True(Status(answer) is >= 200 and < 500, $"{Escape(headers.ToString())}: {answer}");
        }
    }

    /// <summary>RFC 9110 §5.5: a byte beyond ASCII is opaque, wherever it stands. RFC 7644 §3.12: a refusal is a SCIM error.</summary>
    [SkippableTheory, EachDatabase]
    public async Task A_Latin1_byte_in_a_header_is_answered_as_any_other(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        const string Get = "GET /scim/v2/Users?count=0 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
        foreach (var header in (string[])["User-Agent: Identit\u00e9/1.0", "X-Correlation-Id: \u00ff", "Accept-Language: \u00e9", "X-Custom: \u00e9\u0080", "Cookie: a=\u00e9"])
        {
            var answer = await SendAsync(scim.Server.Address, Text($"{Get}Authorization: Bearer {scim.Token}\r\n{header}\r\n\r\n"));
            Assert.True(Status(answer) == 200, $"{Escape(header)}: {answer}");
            Assert.Contains("totalResults", answer, StringComparison.Ordinal);
        }

        foreach (var credential in (string[])["Bearer scim_\u00e9", $"Bearer {scim.Token}\u00e9", $"Bearer \u00e9{scim.Token}", "B\u00e9arer x", "\u00ff"])
        {
            var answer = await SendAsync(scim.Server.Address, Text($"{Get}Authorization: {credential}\r\n\r\n"));
            Assert.True(Status(answer) == 401, $"{Escape(credential)}: {answer}");
            Assert.Contains("WWW-Authenticate: Bearer", answer, StringComparison.Ordinal);
            Assert.Contains("urn:ietf:params:scim:api:messages:2.0:Error", answer, StringComparison.Ordinal);
        }
    }

    [SkippableTheory, EachDatabase]
    public async Task Two_credentials_are_none(Database database)
    {
        var client = await TokenClient.NewAsync(database);
        var (mine, theirs) = (client.Scim.Token, await client.TokenAsync());
        var answer = await SendAsync(
            client.Server.Address, Text($"GET /scim/v2/Users HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {mine}\r\nAuthorization: Bearer {theirs}\r\n\r\n"));
        Assert.Equal(401, Status(answer));
        answer = await SendAsync(client.Server.Address, Text($"GET /scim/v2/Users HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {mine}, Bearer {theirs}\r\n\r\n"));
        Assert.Equal(401, Status(answer));
    }

    private static string Garbage(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, 12); i > 0; i--)
        {
            text.Append(random.Next(3) == 0 ? new string((char)random.Next(0x21, 0x7f), random.Next(1, 200)) : Pieces[random.Next(Pieces.Length)]);
        }

        return text.ToString();
    }

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
