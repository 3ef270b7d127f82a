using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore.Erasure;
using Scim.EntityFrameworkCore.Provisioning;
using ScimServer.Provisioning;
using ScimServer.Tests.Admin;
using ScimServer.Tests.Events;
using ScimServer.Tests.Infrastructure;
using ScimServer.Tests.SecurityEvents;
using ScimServer.Tests.Webhooks;

namespace ScimServer.Tests.Erasure;

/// <summary>What is left of a person whom an operator erased (GDPR article 17): nothing that tells who it was, and everything else.</summary>
public sealed class ErasureTests
{
    /// <summary>Parts of the values of <see cref="Person"/>; each is in no other value of the tests.</summary>
    private static readonly string[] Traces =
    [
        "Žófiebet", "žo-earlier", "ext-Zöf", "Grünwäldi", "Middelnam", "Zofka-nick", "zofprofile", "zof.private", "zof.work", "555-0199-88", "555-0177-66",
        "zofphoto", "Kräuterweg", "zof#ims", "E-77-Z", "zof-attempt", "x-zof-client",
    ];

    private const string Person = """
        "userName":"Žófiebet.O'Gara+1@example.com","externalId":"ext-Zöf\"1\\","displayName":"Grünwäldi \"Z\" Ž","nickName":"Zofka-nick",
        "name":{"formatted":"Dr. Žófiebet Middelnam Grünwäldi","familyName":"Grünwäldi","givenName":"Žófiebet","middleName":"Middelnam","honorificPrefix":"Dr."},
        "profileUrl":"https://example.com/zofprofile","title":"Engineer","preferredLanguage":"de-AT",
        "emails":[{"value":"zof.work@example.com","type":"work","primary":true},{"value":"zof.private@example.net","type":"home"}],
        "phoneNumbers":[{"value":"+43 555-0199-88","type":"work"}],"ims":[{"value":"zof#ims","type":"xmpp"}],
        "photos":[{"value":"https://example.com/zofphoto.jpg","type":"photo"}],
        "addresses":[{"type":"work","formatted":"Kräuterweg 5\nWien","streetAddress":"Kräuterweg 5","locality":"Wien","country":"AT"}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"E-77-Z","department":"Engineering","manager":{"value":"<manager>"}}
        """;

    [SkippableTheory, EachDatabase]
    public async Task Nothing_that_a_person_can_be_told_by_is_left_in_any_table_and_the_facts_and_all_others_stay(Database database)
    {
        var world = await WorldAsync(database);
        var (scim, admin) = (world.Scim, world.Admin);
        var stream = await world.Receiver.CreateIdAsync("""{"events_requested":["urn:ietf:params:scim:event:prov:create:full","urn:ietf:params:scim:event:prov:patch:full","urn:ietf:params:scim:event:prov:delete"]}""");
        var errors = await world.Receiver.CreateIdAsync();
        (await admin.PostAsync($"/tenants/{scim.Tenant.Id}/webhooks", """{"url":"http://127.0.0.1:1/hook"}""")).Expect(201);
        var boss = await scim.CreateUserIdAsync("boss@example.com", $$""" "name":{"familyName":"Boss"},"title":"Engineer" """);
        var person = await CreateAsync(scim, boss);
        var report = await scim.CreateUserIdAsync("report@example.com", $$""" "{{ScimClient.Enterprise}}":{"manager":{"value":"{{person}}"} } """);
        var (one, two) = (await scim.CreateGroupIdAsync("One", person, report), await scim.CreateGroupIdAsync("Two"));
        await UseAsync(scim, person, two);
        await FailAsync(scim, person, two);
        var untouched = await scim.PostAsync("/Users", """{"userName":"boss@example.com","title":"Engineer"}""");
        var other = await TestServers.NewTenantAsync(scim.Server);
        var theirs = await CreateAsync(other, boss);
        var sets = await world.Receiver.PeekAsync(errors);
        (await world.Receiver.PollAsync(errors, $$"""{"returnImmediately":true,"maxEvents":0,"setErrs":{"{{sets[1].Jti}}":{"err":"invalid_request","description":"no account for zof.work@example.com"} } }""")).Expect(200);
        Assert.Contains("zof.work", string.Concat((await world.Receiver.PeekAsync(stream)).Select(set => set.Claims.ToJsonString())), StringComparison.Ordinal);
        var cursor = await world.Events.CursorAsync();
        await FlushAsync(scim);
        var full = await world.DumpAsync();
        Assert.All(Traces, trace => Assert.NotEmpty(full.With(trace, scim.Tenant.Id)));
        var seen = (await world.Events.ReadAllAsync()).Events;

        var erased = (await admin.PostAsync($"/tenants/{scim.Tenant.Id}/erasures", """{"userName":"ŽÓFIEBET.o'gara+1@EXAMPLE.com"}""")).Expect(200).Object;

        var dump = await world.DumpAsync();
        Assert.True(dump.Rows > 40, $"Only {dump.Rows} rows: is everything read?");
        Assert.All(Traces, trace => Assert.Empty(dump.With(trace, but: other.Tenant.Id)));
        JsonAssert.Has($$"""{"id":"{{person}}","resourceType":"User","removed":{"resources":1,"memberships":2,"references":1,"changes":3,"groupChanges":2,"requests":7,"streamErrors":1} }""", erased);
        (await other.GetAsync($"/Users/{theirs}")).Expect(200);

        // Again: nothing is left, and it is said so.
        var again = (await admin.PostAsync($"/tenants/{scim.Tenant.Id}/erasures", $$"""{"id":"{{person}}"}""")).Expect(200).Object;
        Assert.All(again["removed"]!.AsObject(), count => Assert.Equal(0, (int)count.Value!));
        AdminClient.ExpectProblem(await admin.PostAsync($"/tenants/{scim.Tenant.Id}/erasures", """{"externalId":"ext-Zöf\"1\\"}"""), 404, "externalId");
        var actions = (await admin.GetAsync("/actions?count=3")).Expect(200).Object["actions"]!.AsArray();
        Assert.Equal(["person.erased", "person.erased", "person.erase"], actions.Select(action => (string)action!["action"]!));
        Assert.Contains($"{person}: resources 1, memberships 2", (string)actions[1]!["detail"]!, StringComparison.Ordinal);

        // The facts, and whatever is not of the person.
        (await scim.GetAsync($"/Users/{person}")).ExpectError(404);
        Assert.Equal([report], await scim.MembersAsync(one));
        Assert.Null((await scim.GetAsync($"/Users/{report}")).Object[ScimClient.Enterprise]);
        var after = (await world.Events.ReadAllAsync()).Events;
        Assert.Equal(seen.Select(Fact), after.Take(seen.Count).Select(Fact));
        Assert.Equal(Others(seen), Others(after.Take(seen.Count)));
        Assert.Equal("boss@example.com", (string?)(await RequestAsync(admin, untouched))["failure"]!["request"]!["body"]!["userName"]);

        IEnumerable<string> Others(IEnumerable<JsonObject> events) => events.Where(told => !IsOf(told, person) && !IsOf(told, one) && !IsOf(told, two)).Select(told => told.ToJsonString());

        // Who reads events hears of it, whatever was read before.
        var news = (await world.Events.ReadAllAsync(cursor)).Events;
        var deleted = Assert.Single(news, told => (string?)told["type"] == "user.deleted");
        JsonAssert.Equal("""{"erased":true,"attributes":[]}""", deleted["data"]!["change"]);
        Assert.Equal(["group.updated", "group.updated", "user.updated", "user.deleted"], news.Select(told => (string)told["type"]!));
        Assert.All(news, told => Assert.Equal("operator", (string?)told["data"]!["actor"]));
        Assert.All(after.Where(told => IsOf(told, person)), told => Assert.True((bool)told["data"]!["change"]!["erased"]!));
        var owed = (await world.Receiver.PeekAsync(stream)).Where(set => set.Uri == $"/Users/{person}").ToList();
        Assert.Equal([StreamsClient.Prefix + "delete"], Assert.Single(owed).Events.Select(told => told.Key));
    }

    /// <summary>Recipients have to hear of it (GDPR article 19), also those who know of the delete already.</summary>
    [SkippableTheory, EachDatabase]
    public async Task Who_was_deleted_before_is_erased_by_id_and_readers_of_events_hear_of_it(Database database)
    {
        var world = await WorldAsync(database);
        var scim = world.Scim;
        var person = await CreateAsync(scim, Guid.CreateVersion7().ToString());
        var group = await scim.CreateGroupIdAsync("One", person);
        await UseAsync(scim, person, await scim.CreateGroupIdAsync("Two"));
        await FailAsync(scim, person, group);
        (await scim.DeleteAsync($"/Users/{person}")).Expect(204);
        var (before, cursor) = await world.Events.ReadAllAsync();
        await FlushAsync(scim);

        var erased = (await world.Admin.PostAsync($"/tenants/{scim.Tenant.Id}/erasures", $$"""{"id":"{{person}}"}""")).Expect(200).Object;

        JsonAssert.Has("""{"removed":{"resources":0,"memberships":0,"references":0,"changes":4,"groupChanges":4,"requests":7,"streamErrors":0}}""", erased);
        var dump = await world.DumpAsync();
        Assert.All(Traces, trace => Assert.Empty(dump.With(trace)));
        var told = Assert.Single((await world.Events.ReadAllAsync(cursor)).Events);
        Assert.Equal("user.deleted", (string?)told["type"]);
        var version = before.Where(one => IsOf(one, person)).Max(one => (int)one["data"]!["version"]!) + 1;
        JsonAssert.Has($$"""{"id":"{{person}}","version":{{version}},"actor":"operator","change":{"erased":true,"attributes":[]} }""", told["data"]!.AsObject());
        Assert.Null(told["data"]!["externalId"]);
    }

    [SkippableTheory, EachDatabase]
    public async Task While_the_identity_provider_goes_on_writing_nothing_is_left_either_and_what_was_interrupted_goes_on(Database database)
    {
        var world = await WorldAsync(database);
        var scim = world.Scim;
        var person = await CreateAsync(scim, Guid.CreateVersion7().ToString());
        var group = await scim.CreateGroupIdAsync("One");
        using var first = new CancellationTokenSource();
        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            for (var i = 0; ; i++)
            {
                var answer = await scim.PatchAsync($"/Users/{person}", $$"""{"op":"replace","path":"nickName","value":"Zofka-nick {{writer}} {{i}}"},{"op":"replace","path":"phoneNumbers","value":[{"value":"555-0199-88 {{writer}} {{i}}"}]}""");
                var joined = await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"{{(i % 2 == 0 ? "add" : "remove")}}","path":"members","value":[{"value":"{{person}}"}]}""");
                if (answer.Expect(200, 404).Status == 404)
                {
                    joined.Expect(204, 400);
                    return;
                }
            }
        }));
        await WebhookWorld.Until(async () => (await scim.GetAsync($"/Users/{person}")).ETag!.Length > "W/\"1\"".Length);

        var erasure = scim.Server.Services.GetRequiredService<PersonErasure>();
        var running = erasure.RunAsync(scim.Tenant, Guid.Parse(person), RequestReference.Create(DateTimeOffset.UtcNow), first.Token);
        await writing;
        await first.CancelAsync();
        await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await erasure.RunAsync(scim.Tenant, Guid.Parse(person), RequestReference.Create(DateTimeOffset.UtcNow), default);

        var dump = await world.DumpAsync();
        Assert.All(Traces, trace => Assert.Empty(dump.With(trace)));
        var events = (await world.Events.ReadAllAsync()).Events.Where(told => IsOf(told, person)).ToList();
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(told => (int)told["data"]!["version"]!));
        Assert.Single(events, told => (string?)told["type"] == "user.deleted");
    }

    [SkippableTheory]
    [EachDatabase("{}", 400, "id")]
    [EachDatabase("""{"userName":"a","externalId":"b"}""", 400, "id")]
    [EachDatabase("""{"id":"x"}""", 400, "id")]
    [EachDatabase("""{"user":"x"}""", 400, null)]
    [EachDatabase("""{"id":"01a2105d-bed9-7967-a07e-e11521aa1704"}""", 404, "id")]
    [EachDatabase("""{"userName":"nobody"}""", 404, "userName")]
    [EachDatabase("""{"externalId":"nobody"}""", 404, "externalId")]
    [EachDatabase("""{"externalId":"twice"}""", 409, "externalId")]
    [EachDatabase("""{"id":"<group>"}""", 400, "id")]
    [EachDatabase("""{"id":"<theirs>"}""", 404, "id")]
    public async Task Whom_it_does_not_know_or_cannot_tell_it_does_not_erase(Database database, string body, int status, string? field)
    {
        var server = await TestServers.GetAsync(database);
        var (scim, admin, other) = (await TestServers.NewTenantAsync(server), await AdminClient.NewAsync(server), await TestServers.NewTenantAsync(server));
        await scim.CreateUserAsync("one", """ "externalId":"twice" """);
        await scim.CreateUserAsync("two", """ "externalId":"twice" """);
        var (group, theirs) = (await scim.CreateGroupIdAsync(), await other.CreateUserIdAsync("nobody", """ "externalId":"nobody" """));

        var answer = await admin.PostAsync($"/tenants/{scim.Tenant.Id}/erasures", body.Replace("<group>", group, StringComparison.Ordinal).Replace("<theirs>", theirs, StringComparison.Ordinal));

        Assert.DoesNotContain("nobody", AdminClient.ExpectProblem(answer, status, field ?? (string?)answer.Object["field"]), StringComparison.Ordinal);
        Assert.Equal((2, 1), ((int)(await scim.GetAsync("/Users")).Object["totalResults"]!, (int)(await other.GetAsync("/Users")).Object["totalResults"]!));
        (await scim.GetAsync($"/Groups/{group}")).Expect(200);
    }

    private static async Task<World> WorldAsync(Database database)
    {
        var server = await ScimServerFactory.StartAsync(database, [.. WebhookWorld.Settings, ("ProvisioningLog:KeepValues", "true")]);
        var scim = await TestServers.NewTenantAsync(server);
        return new World(scim, await AdminClient.NewAsync(server), await EventsClient.OfAsync(scim), await StreamsClient.OfAsync(scim));
    }

    private static async Task<string> CreateAsync(ScimClient scim, string manager)
    {
        var body = $$"""{"schemas":["{{ScimClient.User}}","{{ScimClient.Enterprise}}"],{{Person.Replace("<manager>", manager, StringComparison.Ordinal)}},"password":"Žófiebet!1"}""";
        return (string)(await scim.PostAsync("/Users", body)).Expect(201).Object["id"]!;
    }

    /// <summary>Changes of the person, and of a group that the person comes into and leaves.</summary>
    private static async Task UseAsync(ScimClient scim, string person, string group)
    {
        (await scim.PatchAsync($"/Users/{person}", """{"op":"replace","path":"phoneNumbers","value":[{"value":"+43 555-0177-66","type":"work"}]},{"op":"replace","path":"userName","value":"žo-earlier@example.com"}""")).Expect(200);
        (await scim.PatchAsync($"/Users/{person}", """{"op":"replace","path":"userName","value":"Žófiebet.O'Gara+1@example.com"},{"op":"replace","path":"active","value":false}""")).Expect(200);
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{person}}"}]}""")).Expect(204);
    }

    /// <summary>Seven requests that fail and name the person, each in another way.</summary>
    private static async Task FailAsync(ScimClient scim, string person, string group)
    {
        (await scim.PostAsync("/Users", $$"""{"userName":"žófiebet.O'GARA+1@example.com","displayName":"zof-attempt","title":"Engineer"}""")).ExpectError(409, "uniqueness");
        (await scim.PatchAsync($"/Users/{person}", """{"op":"replace","path":"nickNam","value":"zof-attempt"}""")).Expect(400);
        (await scim.FindAsync("/Users", "userNam eq \"Žófiebet.O'Gara+1@example.com\"")).Expect(400);
        (await scim.FindAsync("/Users", """externalI eq "ext-Zöf\"1\\" """)).Expect(400);
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"membrs","value":[{"value":"{{person}}","display":"zof-attempt"}]}""")).Expect(400);
        (await scim.GetAsync("/Usrs/x", ("X-Correlation-Id", "x-zof-client-E-77-Z"))).Expect(404);
        (await scim.PostAsync("/Bulk", """
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"zof-attempt","emails":[{"value":"zof.private@example.net","primary":"perhaps"}]}}]}
            """)).Expect(200);
    }

    private static Task FlushAsync(ScimClient scim) => scim.Server.Services.GetRequiredService<ProvisioningLogWorker>().FlushAsync(default);

    private static async Task<JsonObject> RequestAsync(AdminClient admin, ScimResponse answer) =>
        (await admin.GetAsync($"/requests/{answer.Header("X-Correlation-Id")}")).Expect(200).Object["request"]!.AsObject();

    private static bool IsOf(JsonObject told, string id) => (string?)told["data"]!["id"] == id;

    /// <summary>What an erasure leaves of an event.</summary>
    private static string Fact(JsonObject told) =>
        string.Join(' ', told["id"], told["type"], told["timestamp"], told["data"]!["resourceType"], told["data"]!["id"], told["data"]!["version"], told["data"]!["txn"], told["data"]!["actor"], told["data"]!["change"]!["attributes"]);

    private sealed record World(ScimClient Scim, AdminClient Admin, EventsClient Events, StreamsClient Receiver)
    {
        public Task<DatabaseDump> DumpAsync() => DatabaseDump.OfAsync(Scim);
    }
}
