using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Tests.Cli;
using ScimServer.Tests.Events;
using ScimServer.Tests.Infrastructure;
using ScimServer.Tests.Startup;
using static ScimServer.Tests.Webhooks.WebhookWorld;

namespace ScimServer.Tests.Webhooks;

/// <summary>Real processes of the server that are killed, and names that change under them.</summary>
public sealed class ProcessTests
{
    private const string Token = "a-token-of-the-test-suite";
    private const int LeaseSeconds = 6;

    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("SCIM_KILLS") ?? "1", CultureInfo.InvariantCulture);
    private static readonly HttpClient Http = new();

    /// <summary>By webhook, by a stream that is pushed and by one that is polled (RFC 8935, RFC 8936 §2.4). SCIM_KILLS=50 kills it so often.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Whatever_was_acknowledged_before_a_kill_arrives_after_the_restart(Database database)
    {
        using var folder = new ProcessFolder();
        var environment = (await EnvironmentAsync(database)).Append(("SecurityEvents__Issuer", "http://issuer.example")).ToArray();
        await using var receiver = await Receiver.StartAsync();
        await using var pushed = await Receiver.StartAsync(Receiver.Status(202));
        var acknowledged = new ConcurrentBag<string>();
        PolledStream? polled = null;
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var server = await ServerProcess.StartAsync(folder, environment);
            if (polled is null)
            {
                await AddAsync(folder, environment, receiver.Address.ToString());
                await RunAsync(folder, environment, "streams", "add", "--tenant", Tenants.DefaultName, "--push", pushed.Address + "sets");
                polled = new PolledStream(
                    await RunAsync(folder, environment, "streams", "add", "--tenant", Tenants.DefaultName),
                    await RunAsync(folder, environment, "tokens", "create", "--tenant", Tenants.DefaultName, "--name", "receiver", "--scopes", "events"));
            }

            await WriteUntilKilledAsync(server, acknowledged, TimeSpan.FromMilliseconds(500), () => polled.PollAsync(server));
        }

        await using var last = await ServerProcess.StartAsync(folder, environment);
        await Until(() => acknowledged.ToHashSet().IsSubsetOf(receiver.Requests.Select(Resource)), $"{acknowledged.Count} users by webhook");
        await Until(() => acknowledged.ToHashSet().IsSubsetOf(pushed.Requests.Select(request => PolledStream.Read(request.Body).Resource)), $"{acknowledged.Count} users by push");
        await Until(
            async () =>
            {
                await polled!.PollAsync(last);
                return acknowledged.ToHashSet().IsSubsetOf(polled.Taken.Values);
            },
            $"{acknowledged.Count} users by poll");
        Assert.NotEmpty(acknowledged);
    }

    /// <summary>EVT-161: an event that failed while one before it was being sent is noted; who delivers after a kill goes by that note alone.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task What_failed_ahead_of_an_event_under_way_is_taken_up_once_after_a_kill(Database database)
    {
        using var folder = new ProcessFolder();
        var environment = await EnvironmentAsync(database);
        var (hanging, failing, isKilled) = ((string?)null, (string?)null, false);
        await using var receiver = await Receiver.StartAsync((context, received) =>
        {
            // The first that comes hangs until the server is killed, the second fails always.
            var user = Resource(received);
            (hanging, failing) = (hanging ?? user, hanging is null || hanging == user ? failing : failing ?? user);
            context.Response.StatusCode = user == failing ? 500 : 204;
            return user == hanging && !isKilled ? Task.Delay(Timeout.Infinite, context.RequestAborted) : Task.CompletedTask;
        });
        int Sent(string user) => receiver.Requests.Count(received => Resource(received) == user);
        await using (var killed = await ServerProcess.StartAsync(folder, environment))
        {
            var webhook = await AddAsync(folder, environment, receiver.Address.ToString());
            var admin = await RunAsync(folder, environment, "tokens", "create", "--admin", "--name", "operations");
            var tenants = $"{killed.Address}admin/tenants";
            var attempts = $"{tenants}/{(await SendAsync(HttpMethod.Get, tenants, admin)).Expect(200).Array.Single()!["id"]}/webhooks/{webhook}/attempts";
            await CreateUserAsync(killed);
            await Until(() => hanging is not null, "the event that is being sent");
            await CreateUserAsync(killed);
            await Until(async () => (await SendAsync(HttpMethod.Get, attempts, admin)).Expect(200).Array.Count == 1, "the note of the event that failed");
        }

        isKilled = true;
        await using var server = await ServerProcess.StartAsync(folder, environment);
        await Until(() => Sent(hanging!) == 2 && Sent(failing!) == 2, "both again");
        foreach (var user in new[] { await CreateUserAsync(server), await CreateUserAsync(server) })
        {
            await Until(() => Sent(user) == 1, "what was written after the restart");
        }

        Assert.Equal((2, 2), (Sent(hanging!), Sent(failing!)));
    }

    /// <summary>
    /// EVT-161, EVT-121, EVT-122: three webhooks and three streams that are pushed (RFC 8935), one of each with every instance. What an instance that
    /// dies sent and did not note comes again, the same under the same id. SCIM_KILLS=50 kills one so often, each in its turn, and starts it again.
    /// </summary>
    [SkippableFact]
    public async Task Of_three_instances_one_is_killed_and_nothing_is_lost_or_out_of_order()
    {
        var environment = (await EnvironmentAsync(Database.PostgreSql)).Append(("SecurityEvents__Issuer", "http://issuer.example")).ToArray();
        var database = environment.Single(pair => pair.Item1 == "ConnectionStrings__ScimServer").Item2;
        using var folder = new ProcessFolder();
        await using var servers = new Instances(folder, environment);
        await servers.StartAsync(0);
        await Task.WhenAll(servers.StartAsync(1), servers.StartAsync(2));
        var (receivers, product) = await AddReceiversAsync(servers[0], await RunAsync(folder, environment, "tokens", "create", "--admin", "--name", "operations"));
        var users = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => CreateUserAsync(servers[0])));
        servers.Run(stop => WriteAsync(servers, users[..3], stop));
        servers.Run(stop => WriteAsync(servers, users[3..], stop));
        for (var kill = 0; kill < Kills; kill++)
        {
            await Until(async () => await IsSharedAsync(database), "a webhook and a stream for each instance");
            await servers[kill].DisposeAsync();
            var killed = Stopwatch.GetTimestamp();
            var later = await CreateUserAsync(servers[kill + 1]);
            await Until(() => receivers.All(receiver => receiver.Has(later, 1)), "what was written after the kill");
            var took = Stopwatch.GetElapsedTime(killed);
            Assert.True(took < TimeSpan.FromSeconds(2 * LeaseSeconds), $"Kill {kill}: {took}\n{servers.Warnings}");
            if (kill + 1 < Kills)
            {
                await servers.StartAsync(kill);
            }
        }

        await servers.EndAsync();
        var expected = await ReadFeedAsync(servers[Kills], product, await CreateUserAsync(servers[Kills]));
        foreach (var receiver in receivers)
        {
            await Until(() => receiver.Count == expected.Count, $"{expected.Count} events instead of {receiver.Count}");
            Assert.Equal(expected.Order(), receiver.InOrderOfArrival().Order());
            Assert.All(receiver.InOrderOfArrival().GroupBy(told => told.Resource, told => told.Version), versions => Assert.Equal(versions.Order().Distinct(), versions));
            await receiver.DisposeAsync();
        }
    }

    /// <summary>
    /// EVT-170: the server looks names up in a hosts file of the test's, in a mount namespace of its own. 127.0.0.2 stands for an address that may be sent to.
    /// </summary>
    [SkippableFact]
    public async Task A_name_that_changes_to_a_local_address_after_it_was_registered_is_refused()
    {
        string[] namespaced = ["unshare", "-rm"];
        Skip.IfNot(OperatingSystem.IsLinux() && await SucceedsAsync([.. namespaced, "true"]), "needs user namespaces");
        using var folder = new ProcessFolder();
        var hosts = Path.Combine(folder.Path, "hosts");
        await File.WriteAllTextAsync(hosts, "127.0.0.1 localhost\n127.0.0.2 receiver.test\n");
        var environment = (await EnvironmentAsync(Database.Sqlite)).Append(("Outbound__AllowedNetworks__0", "127.0.0.2/32")).ToArray();
        await using var receiver = await Receiver.StartAsync(
            (context, _) =>
            {
                context.Response.StatusCode = 204;
                context.Response.Headers.Connection = "close";
                return Task.CompletedTask;
            },
            "0.0.0.0");
        await using var server = await ServerProcess.StartThroughAsync(folder, [.. namespaced, "sh", "-c", "mount --bind \"$0\" /etc/hosts && exec \"$@\"", hosts], environment);
        var id = await AddAsync(folder, environment, $"http://receiver.test:{receiver.Address.Port}/");
        await CreateUserAsync(server);
        await Until(() => receiver.Requests.Count == 1, "the first event");

        await File.WriteAllTextAsync(hosts, "127.0.0.1 localhost\n127.0.0.1 receiver.test\n");
        await CreateUserAsync(server);

        await Until(async () => (await CommandProcess.RunAsync(folder, ["webhooks", "attempts", id], environment)).Output.Contains("address not allowed", StringComparison.Ordinal), "the refusal");
        Assert.Single(receiver.Requests);
    }

    [SkippableFact]
    public async Task Events_are_forwarded_signed_to_the_developers_own_machine()
    {
        using var folder = new ProcessFolder();
        (string, string)[] environment = [("Scim__BootstrapToken", Token)];
        await using var receiver = await Receiver.StartAsync();
        await using var server = await ServerProcess.StartAsync(folder, environment);
        var user = await CreateUserAsync(server);
        var secret = "whsec_" + Convert.ToBase64String(new byte[32]);

        var (exitCode, output, errors) = await ServerProcess.RunAsync(
            folder, ["events", "forward", "--tenant", Tenants.DefaultName, "--to", receiver.Address + "hook", "--secret", secret, "--all", "--once"], environment);

        Assert.True(exitCode == 0, errors);
        Assert.StartsWith("204 user.created evt_", output, StringComparison.Ordinal);
        Assert.Equal(user, Resource(receiver.Requests.Single()));
        Verify(receiver.Requests[0], secret);
    }

    private static async Task<(string Name, string Value)[]> EnvironmentAsync(Database database)
    {
        List<(string, string)> all =
        [
            ("Database__Provider", database.ToString()),
            ("Scim__BootstrapToken", Token),
            ("Outbound__AllowHttp", "true"),
            ("Outbound__AllowedNetworks__0", "127.0.0.0/8"),
            ("Events__LeaseSeconds", LeaseSeconds.ToString(CultureInfo.InvariantCulture)),
            ("Access__FailuresPerMinute", "0"),
        ];
        if (database == Database.PostgreSql)
        {
            all.Add(("ConnectionStrings__ScimServer", await PreparedDatabase.CreateAsync()));
            all.Add(("Database__RowLevelSecurity", PreparedDatabase.IsWalled ? "true" : "false"));
        }

        return [.. all];
    }

    /// <returns>The id of the webhook.</returns>
    private static async Task<string> AddAsync(ProcessFolder folder, (string, string)[] environment, string url)
    {
        var (exitCode, output, errors) = await CommandProcess.RunAsync(folder, ["webhooks", "add", "--url", url, "--tenant", Tenants.DefaultName], environment);
        Assert.True(exitCode == 0, errors);
        Assert.StartsWith("whsec_", output, StringComparison.Ordinal);
        return errors.Split(' ').Single(word => Guid.TryParse(word, out _));
    }

    /// <returns>What a command prints.</returns>
    private static async Task<string> RunAsync(ProcessFolder folder, (string, string)[] environment, params string[] command)
    {
        var (exitCode, output, errors) = await CommandProcess.RunAsync(folder, command, environment);
        Assert.True(exitCode == 0, errors);
        return output.Trim();
    }

    private static async Task WriteUntilKilledAsync(ServerProcess server, ConcurrentBag<string> acknowledged, TimeSpan after, Func<Task> meanwhile)
    {
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    acknowledged.Add(await CreateUserAsync(server));
                }
                catch (HttpRequestException)
                {
                    // Killed before it answered.
                }
            }
        })).ToList();
        await Until(() => acknowledged.Count > 8, "the first users");
        await meanwhile();
        await Task.Delay(Random.Shared.Next((int)after.TotalMilliseconds));
        await server.DisposeAsync();
        await stop.CancelAsync();
        await Task.WhenAll(writers);
    }

    private static async Task<string> CreateUserAsync(ServerProcess server) =>
        (string)(await SendAsync(HttpMethod.Post, server.BaseUrl + "/Users", Token, $$"""{"schemas":["{{ScimClient.User}}"],"userName":"{{Guid.NewGuid():N}}"}""", ScimClient.MediaType)).Expect(201).Object["id"]!;

    private static async Task<ScimResponse> SendAsync(HttpMethod method, string url, string token, string? body = null, string mediaType = "application/json")
    {
        using var request = new HttpRequestMessage(method, url) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, mediaType) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await Http.SendAsync(request);
        return await ScimResponse.ReadAsync(response);
    }

    /// <summary>Three webhooks and three streams, each with a receiver of its own, and a token that reads the feed.</summary>
    private static async Task<(List<Arrivals> Receivers, string Token)> AddReceiversAsync(ServerProcess server, string admin)
    {
        var tenants = $"{server.Address}admin/tenants";
        var tenant = $"{tenants}/{(await SendAsync(HttpMethod.Get, tenants, admin)).Expect(200).Array.Single()!["id"]}";
        var receivers = new List<Arrivals>();
        foreach (var (kind, field, read) in new[] { ("webhooks", "url", (Func<Received, Arrival>)Arrivals.OfWebhook), ("streams", "endpointUrl", Arrivals.OfStream) })
        {
            for (var i = 0; i < 3; i++)
            {
                receivers.Add(await Arrivals.StartAsync(read));
                (await SendAsync(HttpMethod.Post, $"{tenant}/{kind}", admin, $$"""{"{{field}}":"{{receivers[^1].Address}}"}""")).Expect(201);
            }
        }

        var token = (await SendAsync(HttpMethod.Post, $"{tenant}/tokens", admin, """{"name":"product","scopes":["events"]}""")).Expect(201).Object;
        return (receivers, (string)token["secret"]!);
    }

    /// <summary>Changes users, one after the other, at each instance in its turn; one that was killed does not answer.</summary>
    private static async Task WriteAsync(Instances servers, string[] users, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            try
            {
                var body = $$"""{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"title","value":"{{i}}"}]}""";
                (await SendAsync(HttpMethod.Patch, $"{servers[i].BaseUrl}/Users/{users[i % users.Length]}", Token, body, ScimClient.MediaType)).Expect(200);
            }
            catch (HttpRequestException)
            {
                // Killed before it answered.
            }

            await Task.Delay(Kills > 5 ? 30 : 10, CancellationToken.None);
        }
    }

    /// <summary>Whether each of three instances has one of the webhooks and one of the streams.</summary>
    private static async Task<bool> IsSharedAsync(string database)
    {
        await using var connection = new Npgsql.NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(DISTINCT (split_part(name, ':', 1), holder)) FROM leases WHERE until > now() AND (name LIKE 'webhook:%' OR name LIKE 'stream:%')";
        return (long)(await command.ExecuteScalarAsync())! == 6;
    }

    /// <summary>All that was committed, up to the creation of a user.</summary>
    private static async Task<List<(string Resource, long Version)>> ReadFeedAsync(ServerProcess server, string token, string lastUser)
    {
        var events = new List<(string Resource, long Version)>();
        var after = "";
        await Until(
            async () =>
            {
                var page = (await SendAsync(HttpMethod.Get, $"{server.Address}events?limit=1000{after}", token)).Expect(200).Object;
                after = $"&after={page["cursor"]}";
                events.AddRange(page["events"]!.AsArray().Select(found => ((string)found!["data"]!["id"]!, (long)found["data"]!["version"]!)));
                return events.Count > 0 && events[^1].Resource == lastUser;
            },
            "the end of the feed");
        return events;
    }

    private static async Task<bool> SucceedsAsync(string[] command)
    {
        try
        {
            using var process = Process.Start(command[0], command[1..]);
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>A receiver that polls a stream and acknowledges what it got with the next poll.</summary>
    private sealed class PolledStream(string id, string token)
    {
        private List<string> unacknowledged = [];

        /// <summary>What has been acknowledged to a server that answered, by jti, each with its resource.</summary>
        public Dictionary<string, string> Taken { get; } = [];

        public async Task PollAsync(ServerProcess server)
        {
            var body = $$"""{"returnImmediately":true,"ack":[{{string.Join(',', unacknowledged.Select(jti => $"\"{jti}\""))}}]}""";
            var sets = (await SendAsync(HttpMethod.Post, $"{server.Address}ssf/streams/{id}/poll", token, body)).Expect(200).Object["sets"]!.AsObject();
            unacknowledged = [.. sets.Select(set => set.Key)];
            foreach (var (jti, resource) in sets.Select(set => Read((string)set.Value!)))
            {
                // What was acknowledged before the kill does not come again.
                Assert.True(Taken.TryAdd(jti, resource), $"{jti} came again.");
            }
        }

        public static (string Jti, string Resource) Read(string jwt)
        {
            var claims = System.Text.Json.Nodes.JsonNode.Parse(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Decode(jwt.Split('.')[1]))!;
            return ((string)claims["jti"]!, ((string)claims["sub_id"]!["uri"]!).Split('/')[^1]);
        }
    }
}
