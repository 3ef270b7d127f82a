using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using ScimServer.Events.Webhooks;
using ScimServer.Tests.Admin;
using ScimServer.Tests.Events;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.SecurityEvents;

/// <summary>Delivery to receivers that are sent to (RFC 8935).</summary>
public sealed class PushTests
{
    private static readonly ConcurrentDictionary<Database, Lazy<Task<(ScimServerFactory Server, MovableTime Time)>>> Servers = new();

    /// <summary>No receiver of these tests is given up for its slowness.</summary>
    private static readonly (string, string?)[] Local = [("Outbound:AllowHttp", "true"), ("Outbound:AllowedNetworks:0", "127.0.0.0/8"), ("Outbound:TimeoutSeconds", "60")];

    /// <summary>RFC 8935 §2.1, §2.2; EVT-50, EVT-51.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_token_is_pushed_as_the_RFC_has_it_and_its_authorization_is_seen_nowhere_else(Database database)
    {
        await using var receiver = await Receiver.StartAsync(Receiver.Status(202));
        var (scim, streams, _) = await NewAsync(Servers, database);
        var made = await streams.PostAsync("/ssf/streams", Body(receiver, "Bearer very-secret"));
        var stream = (string)made.Expect(201).Object["stream_id"]!;
        var user = await scim.CreateUserIdAsync();
        (await streams.PostAsync("/ssf/verify", $$"""{"stream_id":"{{stream}}","state":"s"}""")).Expect(204);

        await UntilAsync(() => receiver.Requests.Count >= 2);

        Assert.All(receiver.Requests, request =>
        {
            Assert.Equal(("POST", "/sets", "application/secevent+jwt", "application/json", "Bearer very-secret"),
                (request.Method, request.Path, request.Headers["Content-Type"], request.Headers["Accept"], request.Headers["Authorization"]));
        });
        var sets = await Task.WhenAll(receiver.Requests.Select(request => streams.VerifyAsync(request.Body)));
        Assert.Contains(sets, set => (string?)set.Claims["sub_id"]!["uri"] == $"/Users/{user}");
        Assert.Contains(sets, set => set.Events.First().Key.EndsWith("/verification", StringComparison.Ordinal));

        var admin = await AdminClient.NewAsync(scim.Server);
        await UntilAsync(async () => (int)(await admin.GetAsync($"/tenants/{scim.Tenant.Id}/streams/{stream}")).Object["waiting"]! == 0);
        await using var context = scim.Server.Services.GetRequiredService<ScimDatabase>().Open(scim.Tenant.Id);
        var row = await context.EventStreams.SingleAsync();
        Assert.DoesNotContain("very-secret", Encoding.Latin1.GetString(row.Authorization!), StringComparison.Ordinal);
        foreach (var text in new[] { made.Text, (await streams.GetAsync("/ssf/streams")).Text, (await admin.GetAsync($"/tenants/{scim.Tenant.Id}/streams")).Text, (await admin.GetAsync("/actions?count=1000")).Text })
        {
            Assert.DoesNotContain("very-secret", text, StringComparison.Ordinal);
        }
    }

    /// <summary>EVT-122, EVT-123: each resource's tokens come in the order of its versions, each once to who passes over a <c>jti</c> that it has.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task The_tokens_of_each_resource_come_in_order_and_none_is_missing(Database database)
    {
        await using var receiver = await Receiver.StartAsync(Receiver.Status(202));
        var (scim, streams, _) = await NewAsync(Servers, database);
        await streams.CreateAsync(Body(receiver));

        var users = await scim.CreateUserIdsAsync(6);
        await Task.WhenAll(users.Select(async user =>
        {
            for (var i = 0; i < 5; i++)
            {
                (await scim.PatchAsync($"/Users/{user}", $$"""{"op":"replace","path":"title","value":"{{i}}"}""")).Expect(200);
            }
        }));
        await UntilAsync(() => Kept(receiver).Count >= 36);

        var sets = await Task.WhenAll(Kept(receiver).Select(request => streams.VerifyAsync(request.Body)));
        Assert.Equal(36, sets.Length);
        foreach (var user in users)
        {
            var versions = sets.Where(set => set.Uri == $"/Users/{user}").Select(set => (string)set.Events.First().Value!["version"]!);
            Assert.Equal(Enumerable.Range(1, 6).Select(version => $"W/\"{version}\""), versions);
        }
    }

    /// <summary>EVT-52, EVT-55, EVT-123: RFC 8935 §2.3.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_token_that_is_refused_holds_back_its_resource_only_and_comes_again_the_same(Database database)
    {
        var refuses = true;
        var poison = "";
        await using var receiver = await Receiver.StartAsync(async (context, request) =>
        {
            if (refuses && Claims(request)["sub_id"]!["uri"]!.ToString().EndsWith(poison, StringComparison.Ordinal))
            {
                context.Response.StatusCode = 400;
                context.Response.Headers.ContentLanguage = "en";
                await context.Response.WriteAsJsonAsync(new { err = "invalid_key", description = "Key ID 12345 has been revoked." });
                return;
            }

            context.Response.StatusCode = 202;
        });
        var (scim, streams, time) = await NewAsync(Servers, database);
        var bad = await scim.CreateUserIdAsync();
        poison = bad;

        // A stream begins at the mark, which transactions of others may hold back.
        await EventsClient.SettleAsync(scim.Server);
        var stream = await streams.CreateIdAsync(Body(receiver));
        (await scim.PatchAsync($"/Users/{bad}", """{"op":"replace","path":"title","value":"1"}""")).Expect(200);
        (await scim.PatchAsync($"/Users/{bad}", """{"op":"replace","path":"title","value":"2"}""")).Expect(200);
        var others = await scim.CreateUserIdsAsync(20);

        await UntilAsync(() => others.All(other => receiver.Requests.Any(request => Claims(request)["sub_id"]!["uri"]!.ToString().EndsWith(other, StringComparison.Ordinal))));

        var admin = await AdminClient.NewAsync(scim.Server);
        JsonArray errors = [];
        await UntilAsync(async () => (errors = JsonNode.Parse((await admin.GetAsync($"/tenants/{scim.Tenant.Id}/streams/{stream}/errors")).Expect(200).Text)!.AsArray()).Count > 0);
        var error = errors[0]!.AsObject();
        JsonAssert.Has("""{"httpStatus":400,"err":"invalid_key","description":"Key ID 12345 has been revoked.","givenUp":false}""", error);
        var first = Claims(receiver.Requests.First(request => Claims(request)["sub_id"]!["uri"]!.ToString().EndsWith(bad, StringComparison.Ordinal)));

        refuses = false;
        await UntilAsync(() =>
        {
            time.Move(TimeSpan.FromMinutes(1));
            return receiver.Requests.Any(request => Claims(request)["sub_id"]!["uri"]!.ToString().EndsWith(bad, StringComparison.Ordinal) && VersionOf(request) is 3);
        });
        var all = receiver.Requests.Where(request => Claims(request)["sub_id"]!["uri"]!.ToString().EndsWith(bad, StringComparison.Ordinal)).ToList();
        Assert.Equal(3, VersionOf(all[^1]));
        Assert.All(all[..^1], request => JsonAssert.Equal(first, Claims(request)));
    }

    /// <summary>EVT-123: who takes long with the token of one resource gets those of the others all the same, and is measured (lag, outcomes).</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_token_that_is_answered_slowly_delays_its_resource_only_and_is_measured(Database database)
    {
        var slow = "";
        using var answer = new SemaphoreSlim(0);
        await using var receiver = await Receiver.StartAsync(async (context, request) =>
        {
            if (slow.Length > 0 && Claims(request)["sub_id"]!["uri"]!.ToString().EndsWith(slow, StringComparison.Ordinal))
            {
                await answer.WaitAsync(context.RequestAborted);
            }

            context.Response.StatusCode = 202;
        });
        var (scim, streams, time) = await NewAsync(Servers, database);
        slow = await scim.CreateUserIdAsync();
        await EventsClient.SettleAsync(scim.Server);
        var stream = await streams.CreateIdAsync(Body(receiver));
        using var seen = new SeenMetrics(WebhookMetrics.MeterName, "stream", stream);

        (await scim.PatchAsync($"/Users/{slow}", """{"op":"replace","path":"title","value":"1"}""")).Expect(200);
        await UntilAsync(() => receiver.Requests.Count == 1);
        (await scim.PatchAsync($"/Users/{slow}", """{"op":"replace","path":"title","value":"2"}""")).Expect(200);
        foreach (var _ in Enumerable.Range(0, 3))
        {
            var other = await scim.CreateUserIdAsync();
            await UntilAsync(() => receiver.Requests.Any(request => Claims(request)["sub_id"]!["uri"]!.ToString().EndsWith(other, StringComparison.Ordinal)));
        }

        await UntilAsync(() =>
        {
            time.Move(TimeSpan.FromMilliseconds(100));
            seen.Look();
            return seen["scim.stream.lag"] > 0 && seen["scim.stream.pushes success"] > 0;
        });
        Assert.Equal(4, receiver.Requests.Count);
        Assert.Equal(0, seen["scim.stream.failures"]);
        answer.Release(2);
        await UntilAsync(() => receiver.Requests.Count == 5);
        Assert.Equal((2, 3), (VersionOf(receiver.Requests[0]), VersionOf(receiver.Requests[4])));
    }

    /// <summary>EVT-57: a dead receiver is asked seldom, loses nothing, and is heard of by the operator.</summary>
    [SkippableTheory]
    [EachDatabase(500)]
    [EachDatabase(429)]
    [EachDatabase(302)]
    public async Task A_receiver_that_takes_nothing_loses_nothing(Database database, int status)
    {
        var isDead = true;
        await using var receiver = await Receiver.StartAsync((context, _) =>
        {
            context.Response.StatusCode = isDead ? status : 202;
            if (isDead && status == 429)
            {
                context.Response.Headers.RetryAfter = "3600";
            }

            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });
        var (scim, streams, time) = await NewAsync(Servers, database);
        var stream = await streams.CreateIdAsync(Body(receiver));
        var users = await scim.CreateUserIdsAsync(12);
        var admin = await AdminClient.NewAsync(scim.Server);
        JsonObject shown = [];
        await UntilAsync(async () => (shown = (await admin.GetAsync($"/tenants/{scim.Tenant.Id}/streams/{stream}")).Expect(200).Object)["failingSince"] is not null);

        if (status == 429)
        {
            Assert.InRange((DateTimeOffset)shown["retryAt"]! - time.GetUtcNow(), TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(61));
        }

        Assert.InRange(receiver.Requests.Count, 1, 60);
        Assert.Equal("enabled", (string?)shown["status"]);
        isDead = false;
        time.Move(TimeSpan.FromHours(2));
        await UntilAsync(() => receiver.Requests.Select(request => Claims(request)["jti"]!.ToString()).Distinct().Count() >= 12);
        await UntilAsync(async () => (int)(await admin.GetAsync($"/tenants/{scim.Tenant.Id}/streams/{stream}")).Object["waiting"]! == 0);
        Assert.Equal(users.Select(user => $"/Users/{user}").Sorted(), receiver.Requests.Select(request => Claims(request)["sub_id"]!["uri"]!.ToString()).Distinct().Sorted());
        Assert.DoesNotContain(receiver.Requests, request => request.Path == "/elsewhere");
    }

    /// <summary>EVT-87, EVT-57: paused, not disabled, so that enabling goes on where it was.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_receiver_that_is_gone_or_dead_for_days_has_its_stream_paused_and_goes_on_when_it_is_enabled(Database database)
    {
        var status = 410;
        await using var receiver = await Receiver.StartAsync((context, _) =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        var (scim, streams, time) = await NewAsync(Servers, database);
        var stream = await streams.CreateIdAsync(Body(receiver));
        var admin = await AdminClient.NewAsync(scim.Server);
        var path = $"/tenants/{scim.Tenant.Id}/streams/{stream}";
        async Task<string?> StatusAsync() => (string?)(await admin.GetAsync(path)).Expect(200).Object["status"];
        var user = await scim.CreateUserIdAsync();
        await UntilAsync(async () => await StatusAsync() == "paused");
        Assert.Contains("410", (string?)(await admin.GetAsync(path)).Object["statusReason"], StringComparison.Ordinal);

        status = 503;
        (await admin.PostAsync(path + "/enable")).Expect(200);
        await UntilAsync(async () => (await admin.GetAsync(path)).Object["failingSince"] is not null);
        time.Move(TimeSpan.FromDays(5.1));
        await UntilAsync(async () => await StatusAsync() == "paused");

        status = 202;
        (await admin.PostAsync(path + "/enable")).Expect(200);
        await UntilAsync(async () =>
        {
            time.Move(TimeSpan.FromSeconds(1));
            return (int)(await admin.GetAsync(path)).Object["waiting"]! == 0;
        });
        Assert.Equal($"/Users/{user}", (string?)Claims(receiver.Requests[0])["sub_id"]!["uri"]);
        Assert.True(receiver.Requests.Count(request => (string?)Claims(request)["sub_id"]!["uri"] == $"/Users/{user}") >= 3);
        Assert.Contains(receiver.Requests, request => Claims(request)["events"]!.ToJsonString().Contains("\"status\":\"paused\"", StringComparison.Ordinal));
    }

    /// <summary>EVT-161: what one instance pushed another goes on with; each token gets there, in the order of its resource.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Another_instance_goes_on_where_one_stopped(Database database)
    {
        await using var receiver = await Receiver.StartAsync(Receiver.Status(202));
        var connection = ("ConnectionStrings:ScimServer", database == Database.Sqlite ? PollTests.SharedFile() : await PreparedDatabase.CreateAsync());
        (string, string?)[] settings = [.. Local, connection!, ("Events:LeaseSeconds", "2")];
        var first = await ScimServerFactory.StartAsync(database, settings);
        var scim = await TestServers.NewTenantAsync(first);
        var streams = await StreamsClient.OfAsync(scim);
        await streams.CreateAsync(Body(receiver));
        var user = await scim.CreateUserIdAsync();
        await UntilAsync(() => receiver.Requests.Count == 1);

        var second = await ScimServerFactory.StartAsync(database, settings);
        await first.DisposeAsync();
        scim = new ScimClient(second, scim.Tenant, scim.Token);
        for (var i = 0; i < 5; i++)
        {
            (await scim.PatchAsync($"/Users/{user}", $$"""{"op":"replace","path":"title","value":"{{i}}"}""")).Expect(200);
        }

        await UntilAsync(() => Kept(receiver).Count >= 6);
        Assert.Equal([1, 2, 3, 4, 5, 6], Kept(receiver).Select(VersionOf));
    }

    /// <summary>EVT-170, EVT-173: a tenant cannot have the server send to networks that the operator did not allow.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Nothing_is_pushed_into_inner_networks(Database database)
    {
        await using var receiver = await Receiver.StartAsync(Receiver.Status(202));
        var scim = await TestServers.NewTenantAsync(await ScimServerFactory.StartAsync(database, ("Outbound:AllowHttp", "true")));
        var streams = await StreamsClient.OfAsync(scim);
        Assert.Contains("not public", (await streams.PostAsync("/ssf/streams", Body(receiver))).Expect(400).Text, StringComparison.Ordinal);
        var stream = await streams.CreateIdAsync(Body(receiver).Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        await scim.CreateUserAsync();
        var admin = await AdminClient.NewAsync(scim.Server);

        JsonArray errors = [];
        await UntilAsync(async () => (errors = JsonNode.Parse((await admin.GetAsync($"/tenants/{scim.Tenant.Id}/streams/{stream}/errors")).Expect(200).Text)!.AsArray()).Count > 0);

        Assert.Equal("address not allowed", (string?)errors[0]!["err"]);
        Assert.Empty(receiver.Requests);
    }

    internal static string Body(Receiver receiver, string? authorization = null)
    {
        var header = authorization is null ? "" : $",\"authorization_header\":\"{authorization}\"";
        return $$$"""{"delivery":{"method":"urn:ietf:rfc:8935","endpoint_url":"{{{receiver.Address}}}sets"{{{header}}}}}""";
    }

    /// <summary>What a receiver keeps: each token when it first came (EVT-120).</summary>
    internal static IReadOnlyList<Received> Kept(Receiver receiver) => [.. receiver.Requests.DistinctBy(request => (string)Claims(request)["jti"]!)];

    internal static JsonObject Claims(Received request) =>
        JsonNode.Parse(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Decode(request.Body.Split('.')[1]))!.AsObject();

    /// <summary>The version that a token tells of.</summary>
    internal static int VersionOf(Received request) =>
        int.Parse(((string)Claims(request)["events"]!.AsObject().First().Value!["version"]!)[3..^1], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A new tenant of a server whose time the tests of one class move.</summary>
    internal static async Task<(ScimClient Scim, StreamsClient Streams, MovableTime Time)> NewAsync(
        ConcurrentDictionary<Database, Lazy<Task<(ScimServerFactory Server, MovableTime Time)>>> servers, Database database)
    {
        var (server, time) = await servers.GetOrAdd(database, key => new Lazy<Task<(ScimServerFactory, MovableTime)>>(async () =>
        {
            var clock = new MovableTime();
            return (await ScimServerFactory.StartAsync(key, clock, Local), clock);
        })).Value;
        var scim = await TestServers.NewTenantAsync(server);
        return (scim, await StreamsClient.OfAsync(scim), time);
    }

    internal static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    internal static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var clock = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "Waited in vain.");
            await Task.Delay(20);
        }
    }
}
