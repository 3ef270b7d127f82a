using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Webhooks;
using ScimServer.Events.Webhooks;
using ScimServer.Tests.Events;
using ScimServer.Tests.Infrastructure;
using static ScimServer.Tests.Webhooks.WebhookWorld;

namespace ScimServer.Tests.Webhooks;

/// <summary>What happens arrives, signed, in order, and to those for whom it is meant.</summary>
public sealed class DeliveryTests
{
    [SkippableTheory]
    [EachDatabase]
    public async Task A_change_arrives_signed_as_the_feed_tells_it(Database database)
    {
        var world = await WebhookWorld.NewAsync(database);
        await using var receiver = await Receiver.StartAsync();
        var (id, secret) = await world.AddAsync(receiver);

        var user = await world.Scim.CreateUserIdAsync("ada", """ "externalId":"00u1","password":"s3cret-Password" """);
        await Until(() => receiver.Requests.Count >= 1);

        var request = receiver.Requests[0];
        Assert.Equal(("POST", "/hook", "application/json"), (request.Method, request.Path, request.Headers["Content-Type"]));
        Verify(request, secret);
        Assert.True(IsSignedBy(request, secret));
        Assert.InRange(request.At - DateTimeOffset.FromUnixTimeSeconds(long.Parse(request.Headers["webhook-timestamp"], CultureInfo.InvariantCulture)), TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(30));
        var (fed, _) = await (await EventsClient.OfAsync(world.Scim)).ReadAllAsync();
        JsonAssert.Equal(fed.Single().ToJsonString(), Event(request));
        Assert.Equal((string)fed[0]["id"]!, request.Headers["webhook-id"]);
        Assert.DoesNotContain("s3cret", request.Body, StringComparison.Ordinal);
        await Until(async () => (await world.AttemptsAsync(id)).Count >= 1);
        var attempt = (await world.AttemptsAsync(id))[0];
        Assert.Equal((204, 1, user), ((int)attempt["status"]!, (int)attempt["attempt"]!, (string)attempt["resourceId"]!));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Thin_payloads_have_no_values_and_filters_let_through_what_was_asked_for(Database database)
    {
        var world = await WebhookWorld.NewAsync(database);
        await using var thin = await Receiver.StartAsync();
        await using var deletions = await Receiver.StartAsync();
        await using var others = await Receiver.StartAsync();
        await using var mine = await Receiver.StartAsync();
        await world.AddAsync(thin, """ "payload":"thin","types":["user.*"] """);
        await world.AddAsync(deletions, """ "types":["user.deleted","group.created"] """);
        await world.AddAsync(others, """ "notActors":["test"] """);
        await world.AddAsync(mine, """ "actors":["test"],"types":["group.*"] """);

        var user = await world.Scim.CreateUserIdAsync("lovelace");
        await world.Scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"title","value":"Countess"}""");
        var group = await world.Scim.CreateGroupIdAsync("G", user);
        (await world.Scim.DeleteAsync($"/Users/{user}")).Expect(204);

        await Until(() => Kept(thin).Count == 3 && Kept(deletions).Count == 2 && Kept(mine).Count == 2);
        Assert.Equal(["user.created", "user.updated", "user.deleted"], Kept(thin).Select(request => (string)Event(request)["type"]!));
        Assert.All(thin.Requests, request => Assert.DoesNotContain("lovelace", request.Body, StringComparison.Ordinal));
        JsonAssert.Equal("""{"attributes":["title"]}""", Event(Kept(thin)[1])["data"]!["change"]);
        Assert.Equal([group, user], Kept(deletions).Select(Resource));
        Assert.All(mine.Requests, request => Assert.Equal(group, Resource(request)));
        Assert.Empty(others.Requests);
    }

    /// <summary>
    /// EVT-120, EVT-121, EVT-122, EVT-124: order for each resource, users before the groups that name them, nothing lost, and nothing twice to who passes over a
    /// <c>webhook-id</c> that it has.
    /// </summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Twenty_four_writers_and_every_event_arrives_once_and_in_order(Database database)
    {
        var world = await WebhookWorld.NewAsync(database);
        await using var receiver = await Receiver.StartAsync();
        await world.AddAsync(receiver);
        var users = await world.Scim.CreateUserIdsAsync(6);
        var group = await world.Scim.CreateGroupIdAsync("G");
        var rounds = database == Database.Sqlite ? 4 : 8;

        await Task.WhenAll(Enumerable.Range(0, 24).Select(async writer =>
        {
            for (var i = 0; i < rounds; i++)
            {
                var path = $"/Users/{users[(writer + i) % users.Length]}";
                (await world.Scim.PatchAsync(path, $$"""{"op":"replace","path":"title","value":"{{writer}}-{{i}}"}""")).Expect(200);
                (await world.Scim.PatchAsync(path, """{"op":"replace","path":"active","value":"refused"}""")).Expect(400);
                var member = await world.Scim.CreateUserIdAsync();
                (await world.Scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{member}}"}]}""")).Expect(204);
            }
        }));

        var (fed, _) = await (await EventsClient.OfAsync(world.Scim)).ReadAllAsync();
        Assert.Equal(7 + (24 * rounds * 3), fed.Count);
        await Until(() => Kept(receiver).Count >= fed.Count, $"{fed.Count} events");
        var kept = Kept(receiver);
        Assert.Equal(fed.Select(found => (string)found["id"]!).Order(), kept.Select(request => request.Headers["webhook-id"]).Order());
        AssertInOrder(kept);
        var seen = new HashSet<string>();
        foreach (var request in kept)
        {
            seen.Add(Resource(request));
            var added = Event(request)["data"]!["change"]!["operations"]?.AsArray().Where(operation => (string?)operation!["path"] == "members").SelectMany(operation => operation!["value"]!.AsArray()) ?? [];
            Assert.All(added, member => Assert.Contains((string)member!["value"]!, seen));
        }
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Nothing_of_a_tenant_reaches_another_and_the_operator_gets_all(Database database)
    {
        var mine = await WebhookWorld.NewAsync(database);
        var theirs = await WebhookWorld.OfAsync(await TestServers.NewTenantAsync(mine.Scim.Server));
        await using var receiver = await Receiver.StartAsync();
        await using var hers = await Receiver.StartAsync();
        await using var operators = await Receiver.StartAsync();
        var (id, _) = await mine.AddAsync(receiver);
        await theirs.AddAsync(hers);
        var (all, _) = await mine.AddAsync(operators, path: "/webhooks");

        await mine.Scim.CreateUserIdAsync("mine");
        var user = await theirs.Scim.CreateUserIdAsync("theirs");
        var late = await WebhookWorld.OfAsync(await TestServers.NewTenantAsync(mine.Scim.Server));
        await late.Scim.CreateUserIdAsync("late");
        await Until(() => receiver.Requests.Count >= 1 && hers.Requests.Count >= 1 && Tells(operators, "mine") && Tells(operators, "theirs") && Tells(operators, "late"));

        Assert.False(Tells(receiver, "theirs") || Tells(hers, "mine"));
        Assert.All([mine, theirs, late], world => Assert.Contains(operators.Requests, request => (string?)Event(request)["data"]!["tenant"] == world.Scim.Tenant.Name));
        Assert.Null(Event(receiver.Requests[0])["data"]!["tenant"]);
        Assert.Equal(404, (await theirs.Admin.GetAsync($"{theirs.Path}/{id}")).Status);
        Assert.Equal(404, (await theirs.Admin.GetAsync($"{theirs.Path}/{id}/attempts")).Status);
        Assert.Equal(404, (await theirs.Admin.PostAsync($"{theirs.Path}/{id}/replay", """{"since":"2020-01-01T00:00:00Z"}""")).Status);
        Assert.Equal(404, (await theirs.Admin.PostAsync($"{theirs.Path}/{all}/disable")).Status);
        Assert.DoesNotContain("mine", (await theirs.Admin.GetAsync(theirs.Path)).Text, StringComparison.Ordinal);
        Assert.Equal(0, (int)(await mine.Admin.PostAsync($"{mine.Path}/{id}/replay", $$"""{"resource":"{{user}}"}""")).Expect(200).Object["events"]!);
        Assert.Equal(401, (await mine.Scim.WithToken(null).GetAsync("/Users")).Status);
        (await mine.Admin.SendAsync(HttpMethod.Delete, $"/webhooks/{all}")).Expect(204);
        static bool Tells(Receiver receiver, string name) => receiver.Requests.Any(request => request.Body.Contains($"\"{name}\"", StringComparison.Ordinal));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_rotated_secret_signs_beside_its_successor_until_the_overlap_ends(Database database)
    {
        var time = new MovableTime();
        var world = await WebhookWorld.NewAsync(database, time);
        await using var receiver = await Receiver.StartAsync();
        var (id, old) = await world.AddAsync(receiver);
        var next = (string)(await world.Admin.PostAsync($"{world.Path}/{id}/rotate", """{"overlapSeconds":3600}""")).Expect(201).Object["secret"]!;

        // Seen within a second by whoever delivers.
        var created = 0;
        await Until(async () =>
        {
            await world.Scim.CreateUserIdAsync();
            created++;
            await Until(() => Kept(receiver).Count == created);
            return IsSignedBy(receiver.Requests[^1], next);
        });
        Assert.True(IsSignedBy(receiver.Requests[^1], old));
        time.Move(TimeSpan.FromHours(2));
        var count = receiver.Requests.Count;
        await world.Scim.CreateUserIdAsync();
        await Until(() => receiver.Requests.Count > count);

        Assert.True(IsSignedBy(receiver.Requests[^1], next));
        Assert.False(IsSignedBy(receiver.Requests[^1], old));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Events_are_sent_anew_by_id_by_resource_and_by_time(Database database)
    {
        var world = await WebhookWorld.NewAsync(database);
        await using var receiver = await Receiver.StartAsync();
        var (id, _) = await world.AddAsync(receiver);
        var user = await world.Scim.CreateUserIdAsync();
        await world.Scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"title","value":"a"}""");
        await world.Scim.CreateUserIdAsync();
        await Until(async () => (await world.AttemptsAsync(id)).Count == 3);
        var first = receiver.Requests.ToList();

        async Task<List<Received>> ReplayAsync(string which)
        {
            var before = receiver.Requests.Count;
            var count = (int)(await world.Admin.PostAsync($"{world.Path}/{id}/replay", which)).Expect(200).Object["events"]!;
            await Until(() => receiver.Requests.Count == before + count);
            await Until(async () => (await world.AttemptsAsync(id)).Count == before + count);
            return [.. receiver.Requests.Skip(before)];
        }

        var one = await ReplayAsync($$"""{"event":"{{first[1].Headers["webhook-id"]}}"}""");
        Assert.Equal((first[1].Body, first[1].Headers["webhook-id"]), (one.Single().Body, one.Single().Headers["webhook-id"]));
        var ofUser = await ReplayAsync($$"""{"resource":"{{user}}"}""");
        Assert.Equal([1L, 2L], ofUser.Select(Version));
        var all = await ReplayAsync("""{"since":"2020-01-01T00:00:00Z"}""");
        Assert.Equal(first.Select(request => request.Body).Order(StringComparer.Ordinal), all.Select(request => request.Body).Order(StringComparer.Ordinal));
        AssertInOrder(all);
        Admin.AdminClient.ExpectProblem(await world.Admin.PostAsync($"{world.Path}/{id}/replay", "{}"), 400, "event");
        Admin.AdminClient.ExpectProblem(await world.Admin.PostAsync($"{world.Path}/{id}/replay", """{"event":"evt_1"}"""), 400, "event");
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task It_can_be_asked_whether_the_product_heard_of_a_change_and_when(Database database)
    {
        var world = await WebhookWorld.NewAsync(database);
        var isDown = true;
        await using var receiver = await Receiver.StartAsync((context, _) => Receiver.Status(Volatile.Read(ref isDown) ? 500 : 204)(context, null!));
        await using var groups = await Receiver.StartAsync();
        var (id, _) = await world.AddAsync(receiver);
        await world.AddAsync(groups, """ "types":["group.*"] """);
        var user = await world.Scim.CreateUserIdAsync();
        await Until(async () => (await StateAsync())[0] == "waiting", "a failure");
        Volatile.Write(ref isDown, false);
        await world.Admin.PostAsync($"{world.Path}/{id}/replay", $$"""{"resource":"{{user}}"}""");
        await Until(async () => (await StateAsync())[0] == "delivered", "the delivery");

        Assert.Equal(["delivered", "filtered"], await StateAsync());
        var delivery = (await world.Admin.GetAsync($"/tenants/{world.Scim.Tenant.Id}/deliveries?event={receiver.Requests[0].Headers["webhook-id"]}")).Expect(200).Array[0]!;
        Assert.NotNull(delivery["deliveredAt"]);
        Assert.Equal([500, 204], delivery["attempts"]!.AsArray().Select(attempt => (int)attempt!["status"]!));

        async Task<string[]> StateAsync() =>
            [.. (await world.Admin.GetAsync($"/tenants/{world.Scim.Tenant.Id}/deliveries?resource={user}")).Expect(200).Array.Select(delivery => (string)delivery!["state"]!)];
    }

    /// <summary>EVT section 8: the vectors that all reference libraries carry, and one with two secrets (EVT-83).</summary>
    [Theory]
    [InlineData("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}""", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("evt_01", 1795514400, """{"type":"user.created","timestamp":"2026-11-24T10:00:00Z","data":{"id":"2819c223"}}""", "v1,NOFWWrEENk6DD/rTTVLDJ04Z30f8en9FrmRRV+W98Es=")]
    [InlineData("evt_02", 1795514400, """{"name":"José Ω 😀"}""", "v1,XQNkMxAXW06tvpiVbwS6sNny0vbNyytCWFJLkGlb7SU=")]
    public void The_vectors_of_Standard_Webhooks_are_signed_right(string id, long at, string body, string signature)
    {
        var secrets = new WebhookSecrets(Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), null, null);
        Assert.Equal(signature, new WebhookSigner(secrets).Sign(id, DateTimeOffset.FromUnixTimeSeconds(at), body));
    }

    [Fact]
    public void Two_secrets_make_two_signatures()
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(1795514400);
        var secrets = new WebhookSecrets(Convert.FromBase64String("AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="), Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), at.AddHours(1));
        const string Body = """{"type":"user.created","timestamp":"2026-11-24T10:00:00Z","data":{"id":"2819c223"}}""";
        Assert.Equal("v1,D3zWt4TLQ6pokeMLsQcGjIvMmxqDJUH1tKaGwrzABcM= v1,NOFWWrEENk6DD/rTTVLDJ04Z30f8en9FrmRRV+W98Es=", new WebhookSigner(secrets).Sign("evt_01", at, Body));
        Assert.DoesNotContain(' ', new WebhookSigner(secrets).Sign("evt_01", at.AddHours(2), Body));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task What_makes_no_sense_is_refused_and_secrets_are_shown_once_and_stored_encrypted(Database database)
    {
        var world = await WebhookWorld.NewAsync(database);
        await using var receiver = await Receiver.StartAsync();
        var path = world.Path;

        Admin.AdminClient.ExpectProblem(await world.Admin.PostAsync(path, """{"url":"nonsense"}"""), 400, "url");
        Admin.AdminClient.ExpectProblem(await world.Admin.PostAsync(path, "{}"), 400, "url");
        Admin.AdminClient.ExpectProblem(await world.Admin.PostAsync(path, """{"url":"https://user:secret@example.com/"}"""), 400, "url");
        Admin.AdminClient.ExpectProblem(await world.Admin.PostAsync(path, """{"url":"https://example.com/","types":["user.exploded"]}"""), 400, "types");
        Admin.AdminClient.ExpectProblem(await world.Admin.PostAsync(path, """{"url":"https://example.com/","types":[]}"""), 400, "types");
        Admin.AdminClient.ExpectProblem(await world.Admin.PostAsync(path, """{"url":"https://example.com/","payload":"fat"}"""), 400, "payload");
        Admin.AdminClient.ExpectProblem(await world.Admin.GetAsync($"{path}/{Guid.NewGuid()}"), 404);
        Admin.AdminClient.ExpectProblem(await world.Admin.PostAsync("/tenants/999999/webhooks", """{"url":"https://example.com/"}"""), 404);
        Assert.Empty((await world.Admin.GetAsync(path)).Expect(200).Array);

        var (id, secret) = await world.AddAsync(receiver);
        Assert.DoesNotContain(secret["whsec_".Length..], (await world.Admin.GetAsync(path)).Text + (await world.GetAsync(id)).ToJsonString() + (await world.Admin.GetAsync("/actions")).Text, StringComparison.Ordinal);
        await using var context = world.Scim.Server.Services.GetRequiredService<ScimDatabase>().OpenForAccess();
        var stored = context.WebhookEndpoints.Single(row => row.Id == Guid.Parse(id)).Secret;
        Assert.Equal(-1, stored.AsSpan().IndexOf(Convert.FromBase64String(secret["whsec_".Length..])));
        (await world.Admin.SendAsync(HttpMethod.Delete, $"{path}/{id}")).Expect(204);
        await world.Scim.CreateUserIdAsync();
        Assert.Equal(404, (await world.Admin.GetAsync($"{path}/{id}")).Status);
    }
}
