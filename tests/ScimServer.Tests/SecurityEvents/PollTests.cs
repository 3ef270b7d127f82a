using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore.Changes;
using ScimServer.Events.Webhooks;
using ScimServer.Tests.Admin;
using ScimServer.Tests.Events;
using ScimServer.Tests.Infrastructure;
using ScimServer.Tests.Webhooks;

namespace ScimServer.Tests.SecurityEvents;

/// <summary>Delivery to receivers that ask (RFC 8936).</summary>
public sealed class PollTests
{
    /// <summary>RFC 8936 §2.4, EVT-64, EVT-66: what is not acknowledged comes again, the same, also from another process.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task What_is_not_acknowledged_comes_again_with_the_same_claims_and_acknowledgements_survive_a_restart(Database database)
    {
        var connection = ("ConnectionStrings:ScimServer", database == Database.Sqlite ? SharedFile() : await PreparedDatabase.CreateAsync());
        var first = await ScimServerFactory.StartAsync(database, connection!, ("SecurityEvents:Issuer", "https://scim.example.com"));
        var scim = await TestServers.NewTenantAsync(first);
        var receiver = await StreamsClient.OfAsync(scim);
        var stream = await receiver.CreateIdAsync();
        foreach (var name in new[] { "a", "b", "c" })
        {
            await scim.CreateUserAsync(name);
        }

        var sets = await receiver.PeekAsync(stream);
        Assert.Equal(3, sets.Count);
        Assert.All(sets, set => Assert.Equal($"https://scim.example.com/tenants/{scim.Tenant.Id}", (string?)set.Claims["iss"]));
        await receiver.AcknowledgeAsync(stream, [sets[1]]);
        await first.DisposeAsync();

        var second = await ScimServerFactory.StartAsync(database, connection!, ("SecurityEvents:Issuer", "https://scim.example.com"));
        receiver = receiver.At(second);
        var again = await receiver.PeekAsync(stream);
        Assert.Equal([sets[0].Jti, sets[2].Jti], again.Select(set => set.Jti));
        JsonAssert.Equal(sets[0].Claims, again[0].Claims);
        JsonAssert.Equal(sets[2].Claims, again[1].Claims);
        Assert.Equal((string?)sets[0].Header["kid"], (string?)again[0].Header["kid"]);
        await receiver.AcknowledgeAsync(stream, again);
        await receiver.AcknowledgeAsync(stream, sets);
        Assert.Empty(await receiver.PeekAsync(stream));
    }

    /// <summary>EVT-61, EVT-66, EVT-67: oldest first, never more than asked for, and moreAvailable.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Tokens_come_in_order_and_no_more_than_are_asked_for(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var receiver = await StreamsClient.OfAsync(scim);
        var stream = await receiver.CreateIdAsync();
        var users = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            users.Add($"/Users/{await scim.CreateUserIdAsync()}");
        }

        var seen = new List<string>();
        Assert.Equal(2, (await receiver.PeekAsync(stream, """,  "maxEvents":2""")).Count);
        for (var more = true; more;)
        {
            var answer = (await receiver.PollAsync(stream, """{"returnImmediately":true,"maxEvents":2}""")).Expect(200);
            more = (bool?)answer.Object["moreAvailable"] ?? false;
            var sets = await receiver.VerifyAsync(answer);
            Assert.InRange(sets.Count, 1, 2);
            seen.AddRange(sets.Select(set => set.Uri));
            await receiver.AcknowledgeAsync(stream, sets);
        }

        Assert.Equal(users, seen);
        Assert.Equal("""{"sets":{}}""", (await receiver.PollAsync(stream)).Expect(200).Text);
    }

    /// <summary>EVT-62, EVT-63, EVT-69: {} waits; so does an acknowledgement that does not say returnImmediately, and gets nothing.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_poll_waits_for_the_first_token(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var receiver = await StreamsClient.OfAsync(scim);
        var (stream, other) = (await receiver.CreateIdAsync(), await receiver.CreateIdAsync());
        var watch = Stopwatch.StartNew();

        var waiting = receiver.PollAsync(stream, "{}");
        var acknowledging = receiver.PollAsync(other, """{"maxEvents":0,"ack":["unknown"]}""");
        var user = await scim.CreateUserIdAsync();

        Assert.Equal($"/Users/{user}", Assert.Single(await receiver.VerifyAsync((await waiting).Expect(200))).Uri);
        JsonAssert.Equal("""{"sets":{},"moreAvailable":true}""", (await acknowledging).Expect(200).Object);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 25);
        Assert.Single(await receiver.TakeAsync(other));
    }

    /// <summary>EVT-65, EVT-58: errors are kept for the operator, cleaned and bounded; the token is settled.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task What_a_receiver_cannot_take_is_recorded_and_shown_to_the_operator(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var receiver = await StreamsClient.OfAsync(scim);
        var stream = await receiver.CreateIdAsync();
        await scim.CreateUserAsync();
        await scim.CreateUserAsync();
        var sets = await receiver.PeekAsync(stream);

        var errors = new JsonObject
        {
            [sets[0].Jti] = new JsonObject { ["err"] = "invalid_key", ["description"] = "unknown\u001b[31m kid\u202e" + new string('x', 500) },
            ["unknown"] = new JsonObject { ["err"] = "invalid_key" },
        };
        (await receiver.PollAsync(stream, $$"""{"setErrs":{{errors.ToJsonString()}},"returnImmediately":true,"maxEvents":0}""")).Expect(200);

        Assert.Equal(sets[1].Jti, Assert.Single(await receiver.PeekAsync(stream)).Jti);
        var admin = await AdminClient.NewAsync(scim.Server);
        var path = $"/tenants/{scim.Tenant.Id}/streams/{stream}";
        var shown = Assert.Single(JsonNode.Parse((await admin.GetAsync(path + "/errors")).Expect(200).Text)!.AsArray())!.AsObject();
        JsonAssert.Has($$"""{"jti":"{{sets[0].Jti}}","err":"invalid_key","httpStatus":null,"givenUp":true}""", Without(shown, "httpStatus"));
        Assert.StartsWith("unknown[31m kidxxx", (string?)shown["description"], StringComparison.Ordinal);
        Assert.Equal(120, ((string)shown["description"]!).Length);
        Assert.Equal(1, (int)(await admin.GetAsync(path)).Expect(200).Object["waiting"]!);
    }

    /// <summary>EVT-70, EVT-77: nothing is transmitted while it is paused, not even what was before; what is settled meanwhile counts.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_paused_stream_hands_out_nothing_and_goes_on_where_it_was(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var receiver = await StreamsClient.OfAsync(scim);
        var stream = await receiver.CreateIdAsync();
        foreach (var name in new[] { "a", "b", "c", "d" })
        {
            await scim.CreateUserAsync(name);
        }

        var sets = await receiver.PeekAsync(stream);
        Assert.Equal(4, sets.Count);
        Task StatusAsync(string status) => receiver.PostAsync("/ssf/status", $$"""{"stream_id":"{{stream}}","status":"{{status}}"}""");
        await StatusAsync("paused");

        foreach (var more in new[] { "", ",\"maxEvents\":0", ",\"maxEvents\":1" })
        {
            Assert.Equal("""{"sets":{}}""", (await receiver.PollAsync(stream, $$"""{"returnImmediately":true{{more}}}""")).Expect(200).Text);
        }

        var settling = $$$"""{"ack":["{{{sets[0].Jti}}}"],"setErrs":{"{{{sets[1].Jti}}}":{"err":"invalid_key"}},"returnImmediately":true}""";
        Assert.Equal("""{"sets":{}}""", (await receiver.PollAsync(stream, settling)).Expect(200).Text);
        (await receiver.PostAsync("/ssf/verify", $$"""{"stream_id":"{{stream}}","state":"s"}""")).Expect(204);
        Assert.EndsWith("/verification", Assert.Single(Assert.Single(await receiver.TakeAsync(stream)).Events).Key, StringComparison.Ordinal);

        var waiting = receiver.PollAsync(stream, "{}");
        await StatusAsync("enabled");
        Assert.Equal([sets[2].Jti, sets[3].Jti], (await receiver.VerifyAsync((await waiting).Expect(200))).Select(set => set.Jti));
    }

    /// <summary>RFC 8936 §2.4: an operator sees how old the oldest event is that a receiver has not acknowledged, whether it polls or does not come at all.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task How_far_behind_a_receiver_is_that_polls_is_measured(Database database)
    {
        var time = new MovableTime();
        var scim = await TestServers.NewTenantAsync(await ScimServerFactory.StartAsync(database, time));
        var receiver = await StreamsClient.OfAsync(scim);
        var stream = await receiver.CreateIdAsync();
        var deletions = await receiver.CreateIdAsync("""{"events_requested":["urn:ietf:params:scim:event:prov:delete"]}""");
        using var seen = new SeenMetrics(WebhookMetrics.MeterName, "stream", stream);
        using var others = new SeenMetrics(WebhookMetrics.MeterName, "stream", deletions);
        Task LagAsync(SeenMetrics of, int from, int to) => WebhookWorld.Until(
            () =>
            {
                of.Look();
                return of["scim.stream.lag"] >= from && of["scim.stream.lag"] <= to;
            },
            $"a lag of {from} to {to} s");

        var user = await scim.CreateUserIdAsync();
        await EventsClient.SettleAsync(scim.Server);
        time.Move(TimeSpan.FromMinutes(10));
        await LagAsync(seen, 600, 700);

        (await scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"title","value":"a"}""")).Expect(200);
        var sets = await receiver.PeekAsync(stream);
        time.Move(TimeSpan.FromMinutes(10));
        await LagAsync(seen, 1200, 1300);
        await receiver.AcknowledgeAsync(stream, sets.Take(1));
        await LagAsync(seen, 600, 700);
        await receiver.AcknowledgeAsync(stream, sets);
        await LagAsync(seen, 0, 0);
        await LagAsync(others, 0, 0);

        (await scim.DeleteAsync($"/Users/{user}")).Expect(204);
        await EventsClient.SettleAsync(scim.Server);
        time.Move(TimeSpan.FromMinutes(10));
        await LagAsync(others, 600, 700);
        (await receiver.PostAsync("/ssf/status", $$"""{"stream_id":"{{deletions}}","status":"paused"}""")).Expect(200);
        await LagAsync(others, 0, 0);
    }

    /// <summary>EVT-68: 400 for what is no poll, and nothing of it is done.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task What_is_no_poll_is_refused_and_acknowledges_nothing(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var receiver = await StreamsClient.OfAsync(scim);
        var stream = await receiver.CreateIdAsync();
        await scim.CreateUserAsync();
        var jti = Assert.Single(await receiver.PeekAsync(stream)).Jti;

        foreach (var wrong in new[]
        {
            "", "[]", "nonsense", """{"maxEvents":-1}""", """{"maxEvents":"5"}""", """{"maxEvents":1.5}""", """{"returnImmediately":"true"}""", """{"ack":"x"}""", """{"ack":[5]}""",
            """{"ack":[""]}""", """{"setErrs":[]}""", """{"setErrs":{"x":{}}}""", """{"setErrs":{"x":"y"}}""", $$$$"""{"ack":["{{{{jti}}}}"],"maxEvents":null,"setErrs":{"x":{"err":5}}}""",
        })
        {
            (await receiver.PollAsync(stream, wrong)).Expect(400);
        }

        Assert.Equal(jti, Assert.Single(await receiver.PeekAsync(stream)).Jti);
        var anonymous = await new StreamsClient(scim.Server, null).PollAsync(stream);
        anonymous.Expect(401);
        Assert.StartsWith("Bearer", anonymous.Header("WWW-Authenticate"), StringComparison.Ordinal);
        (await new StreamsClient(scim.Server, scim.Token).PollAsync(stream)).Expect(403);
        (await receiver.PollAsync(Guid.NewGuid().ToString())).Expect(404);
        (await receiver.PollAsync("nothing")).Expect(404);
    }

    /// <summary>EVT-194: what a receiver missed because nothing of it is kept any more is not passed over in silence.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_stream_that_fell_behind_what_is_kept_is_disabled_and_says_so(Database database)
    {
        var scim = await TestServers.NewTenantAsync(await ScimServerFactory.StartAsync(database));
        var receiver = await StreamsClient.OfAsync(scim);
        var stream = await receiver.CreateIdAsync();
        var user = await scim.CreateUserIdAsync();
        await EventsClient.SettleAsync(scim.Server);
        await scim.Server.Services.GetRequiredService<ChangeRetention>().DeleteAsync(DateTimeOffset.MaxValue, default);

        var told = Assert.Single(await receiver.VerifyAsync((await receiver.PollAsync(stream, "{}")).Expect(200)));
        Assert.Equal("disabled", (string?)told.Events["https://schemas.openid.net/secevent/ssf/event-type/stream-updated"]!["status"]);
        JsonAssert.Has("""{"status":"disabled"}""", (await receiver.GetAsync($"/ssf/status?stream_id={stream}")).Expect(200).Object);
        await receiver.AcknowledgeAsync(stream, [told]);

        (await receiver.PostAsync("/ssf/status", $$"""{"stream_id":"{{stream}}","status":"enabled"}""")).Expect(200);
        (await scim.DeleteAsync($"/Users/{user}")).Expect(204);
        Assert.Equal("prov:delete", Assert.Single(Assert.Single(await receiver.TakeAsync(stream)).Events).Key["urn:ietf:params:scim:event:".Length..]);
    }

    /// <summary>Pains 23: nothing of a stream is seen or changed with the token of another tenant.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Two_tenants_see_nothing_of_each_others_streams(Database database)
    {
        var (one, two) = (await TestServers.NewTenantAsync(database), await TestServers.NewTenantAsync(database));
        var (mine, theirs) = (await StreamsClient.OfAsync(one), await StreamsClient.OfAsync(two));
        var (stream, other) = (await mine.CreateIdAsync(), await theirs.CreateIdAsync("""{"description":"hidden"}"""));
        await two.CreateUserAsync("hidden");
        var jti = Assert.Single(await theirs.PeekAsync(other)).Jti;

        Assert.Empty(await mine.PeekAsync(stream));
        (await mine.PollAsync(stream, $$"""{"ack":["{{jti}}"],"returnImmediately":true,"maxEvents":0}""")).Expect(200);
        (await mine.PollAsync(other, $$"""{"ack":["{{jti}}"]}""")).Expect(404);
        Assert.Equal(stream, (string?)Assert.Single(JsonNode.Parse((await mine.GetAsync("/ssf/streams")).Expect(200).Text)!.AsArray())!["stream_id"]);
        (await mine.GetAsync($"/ssf/streams?stream_id={other}")).Expect(404);
        (await mine.GetAsync($"/ssf/status?stream_id={other}")).Expect(404);
        (await mine.PostAsync("/ssf/status", $$"""{"stream_id":"{{other}}","status":"disabled"}""")).Expect(404);
        (await mine.PostAsync("/ssf/verify", $$"""{"stream_id":"{{other}}"}""")).Expect(404);
        (await mine.SendAsync(HttpMethod.Patch, "/ssf/streams", $$"""{"stream_id":"{{other}}","description":"stolen"}""")).Expect(404);
        (await mine.SendAsync(HttpMethod.Put, "/ssf/streams", $$"""{"stream_id":"{{other}}"}""")).Expect(404);
        (await mine.SendAsync(HttpMethod.Delete, $"/ssf/streams?stream_id={other}")).Expect(404);
        var admin = await AdminClient.NewAsync(one.Server);
        AdminClient.ExpectProblem(await admin.GetAsync($"/tenants/{one.Tenant.Id}/streams/{other}"), 404);
        AdminClient.ExpectProblem(await admin.PostAsync($"/tenants/{one.Tenant.Id}/streams/{other}/pause"), 404);
        AdminClient.ExpectProblem(await admin.SendAsync(HttpMethod.Delete, $"/tenants/{one.Tenant.Id}/streams/{other}"), 404);

        Assert.Equal(jti, Assert.Single(await theirs.TakeAsync(other)).Jti);
        JsonAssert.Has("""{"description":"hidden"}""", (await theirs.GetAsync($"/ssf/streams?stream_id={other}")).Expect(200).Object);
    }

    internal static string SharedFile()
    {
        var folder = Directory.CreateTempSubdirectory("scim-streams-").FullName;
        TestRun.OnEnd(() => Directory.Delete(folder, recursive: true));
        return $"Data Source={Path.Combine(folder, "scim.db")}";
    }

    private static JsonObject Without(JsonObject json, string name)
    {
        json.Remove(name);
        return json;
    }
}
