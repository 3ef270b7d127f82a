using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Tests.Events;
using ScimServer.Tests.Infrastructure;
using ScimServer.Tests.Startup;
using static ScimServer.Tests.Webhooks.WebhookWorld;

namespace ScimServer.Tests.Webhooks;

/// <summary>Real processes of the server that are killed, and names that change under them.</summary>
public sealed class ProcessTests
{
    private const string Token = "a-token-of-the-test-suite";
    private const int LeaseSeconds = 4;

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

    /// <summary>EVT-161.</summary>
    [SkippableFact]
    public async Task Of_three_instances_one_is_killed_and_nothing_is_lost_or_out_of_order()
    {
        var environment = await EnvironmentAsync(Database.PostgreSql);
        var settings = environment.Select(pair => (pair.Name.Replace("__", ":", StringComparison.Ordinal), (string?)pair.Value)).ToArray();
        using var folder = new ProcessFolder();
        await using var victim = await ServerProcess.StartAsync(folder, environment);
        var one = await ScimServerFactory.StartAsync(Database.PostgreSql, settings);
        await ScimServerFactory.StartAsync(Database.PostgreSql, settings);
        var scim = await TestServers.NewTenantAsync(one);
        var world = await WebhookWorld.OfAsync(scim);
        var receivers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Receiver.StartAsync()));
        foreach (var receiver in receivers)
        {
            await world.AddAsync(receiver);
        }

        await Until(async () => (await HoldersAsync(one)).Distinct().Count() == 3, "an endpoint for each instance");
        var users = await scim.CreateUserIdsAsync(5);
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(() => WriteAsync(scim, users, stop.Token));
        await Until(() => receivers.All(receiver => receiver.Requests.Count > 20));
        var before = await HoldersAsync(one);
        await victim.DisposeAsync();
        var killed = Stopwatch.GetTimestamp();
        await Until(async () => (await HoldersAsync(one)) is { Count: 3 } now && now.Distinct().Count() == 2, "the takeover");
        var took = Stopwatch.GetElapsedTime(killed);
        await stop.CancelAsync();
        await writing;

        Assert.Equal(3, before.Distinct().Count());
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(2 * LeaseSeconds));
        var (fed, _) = await (await EventsClient.OfAsync(scim)).ReadAllAsync();
        var expected = fed.Select(found => (string)found["id"]!).ToHashSet();
        foreach (var receiver in receivers)
        {
            await Until(() => expected.SetEquals(receiver.Requests.Select(request => request.Headers["webhook-id"])), "every event");
            AssertInOrder([.. receiver.Requests.DistinctBy(request => request.Headers["webhook-id"])]);
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

        await Until(async () => (await ServerProcess.RunAsync(folder, ["webhooks", "attempts", id], environment)).Output.Contains("address not allowed", StringComparison.Ordinal), "the refusal");
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
        var (exitCode, output, errors) = await ServerProcess.RunAsync(folder, ["webhooks", "add", "--url", url, "--tenant", Tenants.DefaultName], environment);
        Assert.True(exitCode == 0, errors);
        Assert.StartsWith("whsec_", output, StringComparison.Ordinal);
        return errors.Split(' ').Single(word => Guid.TryParse(word, out _));
    }

    /// <returns>What a command prints.</returns>
    private static async Task<string> RunAsync(ProcessFolder folder, (string, string)[] environment, params string[] command)
    {
        var (exitCode, output, errors) = await ServerProcess.RunAsync(folder, command, environment);
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

    private static async Task<string> CreateUserAsync(ServerProcess server)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, server.BaseUrl + "/Users")
        {
            Content = new StringContent($$"""{"schemas":["{{ScimClient.User}}"],"userName":"{{Guid.NewGuid():N}}"}""", Encoding.UTF8, ScimClient.MediaType),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var response = await Http.SendAsync(request);
        return (string)(await ScimResponse.ReadAsync(response)).Expect(201).Object["id"]!;
    }

    private static async Task WriteAsync(ScimClient scim, string[] users, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            (await scim.PatchAsync($"/Users/{users[i % users.Length]}", $$"""{"op":"replace","path":"title","value":"{{i}}"}""")).Expect(200);
            await Task.Delay(5, CancellationToken.None);
        }
    }

    private static async Task<List<Guid>> HoldersAsync(ScimServerFactory server)
    {
        var now = DateTimeOffset.UtcNow;
        await using var context = server.Services.GetRequiredService<ScimDatabase>().OpenForAccess();
        return [.. context.Leases.Where(row => row.Name.StartsWith("webhook:") && row.Until > now).Select(row => row.Holder)];
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
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, $"/ssf/streams/{id}/poll"))
            {
                Content = new StringContent(
                    $$"""{"returnImmediately":true,"ack":[{{string.Join(',', unacknowledged.Select(jti => $"\"{jti}\""))}}]}""", Encoding.UTF8, "application/json"),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await Http.SendAsync(request);
            var sets = (await ScimResponse.ReadAsync(response)).Expect(200).Object["sets"]!.AsObject();
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
