using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ScimServer.Cli;
using ScimServer.Tests.Startup;

namespace ScimServer.Tests.Cli;

public class CommandLineTests
{
    private static readonly HttpClient Http = new();

    [Theory]
    [InlineData("tokens", true)]
    [InlineData("tokns", true)]
    [InlineData("--help", true)]
    [InlineData("--urls", false)]
    [InlineData("--contentRoot=/tmp", false)]
    public void Words_are_commands_and_settings_start_the_server(string first, bool isCommand) =>
        Assert.Equal(isCommand, CommandLine.Handles([first, "x"]));

    [Fact]
    public async Task Help_names_every_command()
    {
        var (exitCode, output, _) = await RunAsync("--help");
        Assert.Equal(0, exitCode);
        Assert.All((string[])["tokens", "tenants", "log", "events", "streams", "webhooks", "database", "health"], command => Assert.Contains(command, output, StringComparison.Ordinal));
        Assert.Contains("--expires", (await RunAsync("tokens", "create", "--help")).Output, StringComparison.Ordinal);
    }

    /// <summary>As --scopes takes them, and as the answers and the documentation have them.</summary>
    [Theory]
    [InlineData("tokens", "create")]
    [InlineData("clients", "add")]
    public async Task Help_names_the_scopes_as_they_are_written(params string[] command)
    {
        var (_, output, _) = await RunAsync([.. command, "--help"]);
        Assert.Contains("--scopes <scim:read,scim:write,events>", output, StringComparison.Ordinal);
        Assert.Contains("Default: scim:read,scim:write.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("ScimRead", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Provisioning", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokns")]
    [InlineData("tokens", "create", "--tenant", "acme")]
    [InlineData("tokens", "create", "--tenant", "acme", "--name", "x", "--expires", "soon")]
    [InlineData("tokens", "create", "--tenant", "acme", "--name", "x", "--expires", "2001-01-01")]
    [InlineData("tokens", "create", "--name", "x")]
    [InlineData("tokens", "create", "--tenant", "acme", "--admin", "--name", "x")]
    [InlineData("tokens", "create", "--admin", "--name", "x", "--scopes", "scim:read")]
    [InlineData("tokens", "create", "--tenant", "acme", "--name", "x", "--scopes", "scim:delete")]
    [InlineData("tokens", "create", "--tenant", "acme", "--name", "x", "--scopes", "admin")]
    [InlineData("tokens", "create", "--tenant", "acme", "--name", "x", "--idp", "unheard-of")]
    [InlineData("tokens", "revoke", "not-an-id")]
    [InlineData("tokens", "rotate", "00000000-0000-0000-0000-000000000000", "--overlap", "long")]
    [InlineData("tokens", "expire", "00000000-0000-0000-0000-000000000000", "2001-01-01")]
    [InlineData("tokens", "expire", "00000000-0000-0000-0000-000000000000")]
    [InlineData("tokens", "expire", "00000000-0000-0000-0000-000000000000", "later")]
    [InlineData("tenants", "delete", "acme")]
    [InlineData("events", "tail")]
    [InlineData("events", "forward", "--tenant", "acme", "--to", "nowhere")]
    [InlineData("webhooks", "add", "--tenant", "acme")]
    [InlineData("webhooks", "rotate", "not-an-id")]
    [InlineData("webhooks", "attempts", "00000000-0000-0000-0000-000000000000", "--count", "5000")]
    [InlineData("streams", "list")]
    [InlineData("streams", "pause", "not-an-id", "--tenant", "acme")]
    public async Task A_command_that_cannot_be_understood_fails_with_a_reason(params string[] arguments)
    {
        var (exitCode, _, errors) = await RunAsync(arguments);
        Assert.Equal(1, exitCode);
        Assert.NotEmpty(errors);
    }

    [Theory]
    [InlineData("'half' not recognized. Must be one of:", "streams", "add", "--tenant", "acme", "--mode", "half")]
    [InlineData("--authorization-stdin goes with --push.", "streams", "add", "--tenant", "acme", "--authorization-stdin")]
    [InlineData("Say which: --event, --resource, or --since and --until.", "webhooks", "replay", "00000000-0000-0000-0000-000000000000")]
    public async Task What_does_not_fit_is_told_in_the_words_of_the_command_line(string expected, params string[] arguments)
    {
        var (exitCode, _, errors) = await RunAsync(arguments);
        Assert.Equal(1, exitCode);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("endpointUrl", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tenants_and_tokens_are_made_listed_and_revoked_while_the_server_runs()
    {
        using var folder = new ProcessFolder();
        await using var server = await ServerProcess.StartAsync(folder);

        var (exitCode, output, errors) = await CommandProcess.RunAsync(folder, ["tokens", "create", "--tenant", "acme", "--name", "okta"]);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Equal("Error: There is no tenant \"acme\". Create it first: tenants create \"acme\".", errors);

        (exitCode, output, _) = await CommandProcess.RunAsync(folder, ["tenants", "create", "acme"]);
        Assert.Equal(0, exitCode);
        Assert.Contains("tokens create --tenant \"acme\"", output, StringComparison.Ordinal);
        (exitCode, _, errors) = await CommandProcess.RunAsync(folder, ["tenants", "create", "acme"]);
        Assert.Equal((1, "Error: There is already a tenant \"acme\"."), (exitCode, errors));

        (exitCode, output, errors) = await CommandProcess.RunAsync(folder, ["tokens", "create", "--tenant", "acme", "--name", "okta", "--expires", "90d", "--scopes", "scim:read,events", "--idp", "okta"]);
        var token = output.Trim();
        Assert.Equal(0, exitCode);
        Assert.Matches("^scim_[0-9A-Za-z]{49}$", token);
        Assert.Contains("shown only this once", errors, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, token));

        (_, output, _) = await CommandProcess.RunAsync(folder, ["tokens", "list", "--tenant", "acme"]);
        var row = Assert.Single(output.Split('\n'), line => line.Contains("okta", StringComparison.Ordinal));
        Assert.Contains("valid until ", row, StringComparison.Ordinal);
        Assert.Contains("okta  okta  scim:read,events", row, StringComparison.Ordinal);
        (exitCode, _, errors) = await CommandProcess.RunAsync(folder, ["tokens", "create", "--admin", "--name", "ops"]);
        Assert.Equal(0, exitCode);
        Assert.StartsWith("Token \"ops\" of the operator, for admin, valid until it is revoked.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(token, output, StringComparison.Ordinal);
        Assert.Contains("acme", (await CommandProcess.RunAsync(folder, ["tenants", "list"])).Output, StringComparison.Ordinal);

        (exitCode, _, _) = await CommandProcess.RunAsync(folder, ["tokens", "revoke", row.Split(' ')[0]]);
        Assert.Equal(0, exitCode);
        await Task.Delay(TimeSpan.FromSeconds(5.5));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, token));

        (exitCode, output, _) = await CommandProcess.RunAsync(folder, ["health", "--url", server.Address.ToString()]);
        Assert.Equal((0, """{"status":"ok"}"""), (exitCode, output));
    }

    [Fact]
    public async Task Events_are_printed_and_cursors_expire()
    {
        using var folder = new ProcessFolder();
        await using var server = await ServerProcess.StartAsync(folder);
        var token = (await CommandProcess.RunAsync(folder, ["tokens", "create", "--tenant", "default", "--name", "okta"])).Output.Trim();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "/scim/v2/Users")) { Content = new StringContent("""{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada"}""") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/scim+json");
        Assert.Equal(HttpStatusCode.Created, (await Http.SendAsync(request)).StatusCode);

        var (exitCode, output, _) = await CommandProcess.RunAsync(folder, ["events", "tail", "--tenant", "default", "--all", "--once"]);
        Assert.Equal(0, exitCode);
        Assert.Contains("\"type\":\"user.created\"", Assert.Single(output.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Equal((0, ""), ((await CommandProcess.RunAsync(folder, ["events", "tail", "--tenant", "default", "--once"])) is var (code, rest, _) ? (code, rest) : default));
        Assert.StartsWith("Error: There is no event type", (await CommandProcess.RunAsync(folder, ["events", "tail", "--tenant", "default", "--types", "user.renamed"])).Errors, StringComparison.Ordinal);
        Assert.Equal("Error: There is no tenant \"acme\".", (await CommandProcess.RunAsync(folder, ["events", "tail", "--tenant", "acme"])).Errors);
        Assert.Equal(0, (await CommandProcess.RunAsync(folder, ["events", "expire-cursors"])).ExitCode);
    }

    [Fact]
    public async Task Times_without_an_offset_are_UTC_wherever_the_server_stands()
    {
        using var folder = new ProcessFolder();
        await using var server = await ServerProcess.StartAsync(folder);
        using var request = new HttpRequestMessage(HttpMethod.Post, server.BaseUrl + "/Users")
        {
            Content = new StringContent("""{"userName":"zoe@example.com"}""", Encoding.UTF8, "application/scim+json"),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", server.Token) },
        };
        Assert.Equal(HttpStatusCode.Created, (await Http.SendAsync(request)).StatusCode);
        var now = DateTime.UtcNow;

        foreach (var zone in (string[])["America/New_York", "Asia/Kolkata"])
        {
            Assert.Equal((1, 0), (await CountAsync(zone, now.AddMinutes(-3)), await CountAsync(zone, now.AddMinutes(3))));
        }

        async Task<int> CountAsync(string zone, DateTime since)
        {
            var (_, output, _) = await ServerProcess.RunAsync(folder, ["log", "changes", "--tenant", "default", "--since", $"{since:yyyy-MM-dd'T'HH:mm:ss}"], ("TZ", zone));
            return output.Trim().Split('\n').Length - 1;
        }
    }

    [Theory]
    [InlineData("--since", "log", "changes", "--tenant", "acme")]
    [InlineData("--since", "log", "requests", "--tenant", "acme")]
    [InlineData("--since", "webhooks", "replay", "00000000-0000-0000-0000-000000000000")]
    [InlineData("--until", "webhooks", "replay", "00000000-0000-0000-0000-000000000000")]
    public async Task A_time_that_is_none_is_refused_with_a_sentence_and_help_says_UTC(string option, params string[] command)
    {
        var (exitCode, _, errors) = await RunAsync([.. command, option, "yesterday"]);
        Assert.Equal((1, "\"yesterday\" is not a time such as 2026-11-29 or 2026-11-29T20:00Z."), (exitCode, errors.Trim()));
        Assert.Contains("a time in UTC", (await RunAsync([.. command[..2], "--help"])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Streams_are_added_listed_paused_and_deleted_and_keys_rotated()
    {
        using var folder = new ProcessFolder();
        await using var server = await ServerProcess.StartAsync(folder);
        var issuer = ("SecurityEvents__Issuer", "https://scim.example.com");

        var (exitCode, output, errors) = await CommandProcess.RunAsync(folder, ["streams", "add", "--tenant", "default", "--mode", "full", "--push", "https://localhost:1/sets"], issuer);
        Assert.Equal(0, exitCode);
        var id = output.Trim();
        Assert.Equal($"Pushes to https://localhost:1/sets. Issuer https://scim.example.com/tenants/1, audience https://scim.example.com/tenants/1/streams/{id}.", errors);
        Assert.Equal($"Paused {id}.", (await CommandProcess.RunAsync(folder, ["streams", "pause", id, "--tenant", "default", "--reason", "moving"])).Output);
        Assert.Matches($"{id}  paused  full  https://localhost:1/sets .* moving", (await CommandProcess.RunAsync(folder, ["streams", "list", "--tenant", "default"])).Output);
        Assert.Equal($"Deleted {id}.", (await CommandProcess.RunAsync(folder, ["streams", "delete", id, "--tenant", "default"])).Output);
        Assert.StartsWith("The key ", (await CommandProcess.RunAsync(folder, ["streams", "rotate-key"])).Output, StringComparison.Ordinal);
        Assert.StartsWith("Error: The address must begin with https://", (await CommandProcess.RunAsync(folder, ["webhooks", "add", "--tenant", "default", "--url", "ftp://x"])).Errors, StringComparison.Ordinal);
        Assert.StartsWith(
            "Error: The address must begin with https://",
            (await CommandProcess.RunAsync(folder, ["streams", "add", "--tenant", "default", "--push", "ftp://x"], issuer)).Errors,
            StringComparison.Ordinal);
        Assert.Matches("command line, .* stream.pause +default", (await CommandProcess.RunAsync(folder, ["log", "actions"])).Output);
    }

    [Fact]
    public async Task Tokens_are_rotated_and_tenants_disabled_enabled_and_deleted()
    {
        using var folder = new ProcessFolder();
        await using var server = await ServerProcess.StartAsync(folder);
        await CommandProcess.RunAsync(folder, ["tenants", "create", "acme"]);
        var old = (await CommandProcess.RunAsync(folder, ["tokens", "create", "--tenant", "acme", "--name", "okta"])).Output.Trim();
        var id = (await CommandProcess.RunAsync(folder, ["tokens", "list", "--tenant", "acme"])).Output.Split('\n')[1].Split(' ')[0];

        var (exitCode, output, errors) = await CommandProcess.RunAsync(folder, ["tokens", "rotate", id, "--overlap", "2h"]);
        var token = output.Trim();
        Assert.Equal(0, exitCode);
        Assert.Matches("^scim_[0-9A-Za-z]{49}$", token);
        Assert.Contains($"The old one, {id}, is accepted until ", errors, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await StatusAsync(server, old), await StatusAsync(server, token)));
        (exitCode, _, errors) = await CommandProcess.RunAsync(folder, ["tokens", "rotate", id]);
        Assert.Equal(1, exitCode);
        Assert.Contains("was rotated already", errors, StringComparison.Ordinal);
        (exitCode, output, _) = await CommandProcess.RunAsync(folder, ["tokens", "expire", id, "1h"]);
        Assert.Equal(0, exitCode);
        Assert.StartsWith($"{id} is valid until ", output, StringComparison.Ordinal);
        (exitCode, output, _) = await CommandProcess.RunAsync(folder, ["tokens", "expire", id, "never"]);
        Assert.Equal((0, $"{id} is valid until it is revoked."), (exitCode, output));
        (exitCode, output, errors) = await CommandProcess.RunAsync(folder, ["tokens", "expire", id]);
        Assert.Equal(1, exitCode);
        Assert.StartsWith("Required argument missing for command: 'expire'", errors, StringComparison.Ordinal);

        Assert.Equal("Disabled the tenant \"acme\".", (await CommandProcess.RunAsync(folder, ["tenants", "disable", "acme"])).Output);
        Assert.Contains("disabled ", (await CommandProcess.RunAsync(folder, ["tenants", "list"])).Output, StringComparison.Ordinal);
        Assert.Matches("command line, .* tenant.disable  acme", (await CommandProcess.RunAsync(folder, ["log", "actions"])).Output);
        Assert.StartsWith("AT  ACTOR  KIND", (await CommandProcess.RunAsync(folder, ["log", "changes", "--tenant", "acme"])).Output, StringComparison.Ordinal);
        Assert.Equal("Enabled the tenant \"acme\".", (await CommandProcess.RunAsync(folder, ["tenants", "enable", "acme"])).Output);

        // It waits for ten seconds, during which others give commands.
        (exitCode, output, _) = await ServerProcess.RunAsync(folder, ["tenants", "delete", "acme", "--yes"]);
        Assert.Equal(0, exitCode);
        Assert.Matches("access_tokens +2 deleted", output);
        Assert.EndsWith("Deleted the tenant \"acme\".", output, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, token));
        Assert.DoesNotContain("acme", (await CommandProcess.RunAsync(folder, ["tenants", "list"])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_is_erased_and_told_what_was_removed()
    {
        using var folder = new ProcessFolder();
        await using var server = await ServerProcess.StartAsync(folder);
        using var request = new HttpRequestMessage(HttpMethod.Post, server.BaseUrl + "/Users")
        {
            Content = new StringContent("""{"userName":"zoe@example.com","externalId":"00u-zoe"}""", Encoding.UTF8, "application/scim+json"),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", server.Token) },
        };
        using var created = await Http.SendAsync(request);
        var id = (string)JsonNode.Parse(await created.Content.ReadAsStringAsync())!["id"]!;

        Assert.Contains("Add --yes", (await CommandProcess.RunAsync(folder, ["users", "erase", "--tenant", "default", "--id", id])).Errors, StringComparison.Ordinal);
        Assert.Contains("Give one of", (await CommandProcess.RunAsync(folder, ["users", "erase", "--tenant", "default", "--yes"])).Errors, StringComparison.Ordinal);
        var (exitCode, output, _) = await CommandProcess.RunAsync(folder, ["users", "erase", "--tenant", "default", "--user-name", "ZOE@example.com", "--yes"]);
        Assert.Equal(0, exitCode);
        Assert.StartsWith($"Erasing {id}", output, StringComparison.Ordinal);
        Assert.Matches("resources +1", output);
        Assert.EndsWith($"Erased {id}.", output, StringComparison.Ordinal);
        (exitCode, output, _) = await CommandProcess.RunAsync(folder, ["users", "erase", "--tenant", "default", "--id", id, "--yes"]);
        Assert.Equal(0, exitCode);
        Assert.EndsWith($"There was nothing left of {id}.", output, StringComparison.Ordinal);
        Assert.Equal(
            (1, "Error: There is no user with this userName. Who was deleted before is erased by id."),
            (await CommandProcess.RunAsync(folder, ["users", "erase", "--tenant", "default", "--user-name", "zoe@example.com", "--yes"])) is var (code, _, errors) ? (code, errors) : default);
        Assert.Matches("command line, .* person.erase +default", (await CommandProcess.RunAsync(folder, ["log", "actions"])).Output);
    }

    [Fact]
    public async Task On_an_empty_database_only_migrate_works()
    {
        using var folder = new ProcessFolder();
        var (exitCode, _, errors) = await ServerProcess.RunAsync(folder, ["tenants", "list"]);
        Assert.Equal(1, exitCode);
        Assert.Contains("database migrate", errors, StringComparison.Ordinal);

        Assert.Equal(0, (await ServerProcess.RunAsync(folder, ["database", "migrate"])).ExitCode);
        (exitCode, var output, _) = await ServerProcess.RunAsync(folder, ["database", "migrate"]);
        Assert.Equal(0, exitCode);
        Assert.StartsWith("Nothing to do", output, StringComparison.Ordinal);
        (exitCode, _, errors) = await ServerProcess.RunAsync(folder, ["tokens", "revoke", Guid.Empty.ToString()]);
        Assert.Equal((1, $"Error: There is no token with the id {Guid.Empty}."), (exitCode, errors));
    }

    [Fact]
    public async Task Health_of_a_server_that_does_not_run_fails()
    {
        var (exitCode, _, errors) = await RunAsync("health", "--url", "http://127.0.0.1:1");
        Assert.Equal(1, exitCode);
        Assert.Contains("http://127.0.0.1:1/health/ready does not answer", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12h", "2026-01-01T12:00Z")]
    [InlineData("90d", "2026-04-01T00:00Z")]
    [InlineData("2w", "2026-01-15T00:00Z")]
    [InlineData("2027-12-31", "2027-12-31T00:00Z")]
    [InlineData("2027-12-31T10:00:00+02:00", "2027-12-31T08:00Z")]
    [InlineData("d", null)]
    [InlineData("-5d", null)]
    [InlineData("99999999d", null)]
    [InlineData("soon", null)]
    public void An_expiry_is_a_span_or_a_date(string text, string? expected)
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), Expiry.Parse(text, now));
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exitCode = await CommandLine.RunAsync(arguments, new InvocationConfiguration { Output = output, Error = errors });
        return (exitCode, output.ToString(), errors.ToString());
    }

    private static async Task<HttpStatusCode> StatusAsync(ServerProcess server, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, server.BaseUrl + "/Users");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await Http.SendAsync(request);
        return response.StatusCode;
    }
}
