using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Provisioning;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Events;

public sealed class FeedTests
{
    /// <summary>RFC 9110 §12.5.1: who does not name Server-Sent Events, or wants them less than JSON or not at all, gets a page.</summary>
    [SkippableTheory]
    [EachDatabase("application/json, text/event-stream;q=0")]
    [EachDatabase("application/json, text/event-stream;q=0.5")]
    [EachDatabase("text/*")]
    [EachDatabase("*/*")]
    [EachDatabase("text/event-stream;q=0, */*")]
    [EachDatabase("text/event-stream;q=0.5, */*")]
    [EachDatabase("text/event-stream;q=0.5, application/*;q=0.6")]
    public async Task A_page_is_sent_to_whoever_prefers_it(Database database, string accept)
    {
        var events = await EventsClient.OfAsync(await TestServers.NewTenantAsync(database));
        Assert.Empty((await events.GetAsync("", accept)).Expect(200).Object["events"]!.AsArray());
    }

    /// <summary>RFC 9110 §12.5.1: the most specific range decides how much JSON is wanted.</summary>
    [SkippableTheory]
    [EachDatabase("text/event-stream")]
    [EachDatabase("application/json, TEXT/event-stream")]
    [EachDatabase("text/event-stream, */*")]
    [EachDatabase("text/event-stream;q=0.5, application/json;q=0.4, */*")]
    public async Task A_stream_is_sent_to_whoever_names_it_and_prefers_it(Database database, string accept)
    {
        var events = await EventsClient.OfAsync(await TestServers.NewTenantAsync(database));
        using var answer = await events.BeginAsync("", accept);
        Assert.Equal("text/event-stream", answer.EnsureSuccessStatusCode().Content.Headers.ContentType!.MediaType);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Events_tell_what_happened_in_order(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync("a", """ "externalId":"00u1" """);
        (await scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"active","value":false}""")).Expect(200);
        var group = await scim.CreateGroupIdAsync("G", user);
        (await scim.DeleteAsync($"/Users/{user}")).Expect(204);
        (await scim.PostAsync("/Users", """{"userName":""}""")).Expect(400);

        var (events, _) = await (await EventsClient.OfAsync(scim)).ReadAllAsync();

        Assert.Equal(["user.created", "user.updated", "group.created", "group.updated", "user.deleted"], events.Select(found => (string)found["type"]!));
        var changed = events[1];
        var data = changed["data"]!.AsObject();
        Assert.True(RequestReference.TryParse((string)data["txn"]!, out var txn));
        Assert.Equal($"evt_{txn:N}_{Guid.Parse(user):N}", (string?)changed["id"]);
        data.Remove("txn");
        JsonAssert.Equal(
            $$$"""
            {"resourceType":"User","id":"{{{user}}}","externalId":"00u1","display":"a","version":2,"actor":"test",
             "change":{"attributes":["active"],"operations":[{"op":"replace","path":"active","value":false,"previous":true}]}}
            """,
            data);
        JsonAssert.Equal(
            $$"""[{"op":"remove","path":"members","value":[{"value":"{{user}}","type":"User","externalId":"00u1"}]}]""",
            events[3]["data"]!["change"]!["operations"]);
        JsonAssert.Equal($$"""[{"value":"{{group}}","display":"G"}]""", events[4]["data"]!["change"]!["groups"]);
        Assert.Equal((string?)events[3]["data"]!["txn"], (string?)events[4]["data"]!["txn"]);
    }

    /// <summary>The feed is for the product, SCIM for the identity provider; neither token opens the other.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task The_scopes_of_feed_and_SCIM_are_apart(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var events = await EventsClient.OfAsync(scim);

        Assert.Equal(403, (await new EventsClient(scim.Server, events.Token with { Secret = scim.Token! }).GetAsync()).Status);
        var product = scim.WithToken(events.Token.Secret);
        (await product.PostAsync("/Users", """{"userName":"a"}""")).ExpectError(403);
        (await product.GetAsync("/Users")).ExpectError(403);
        (await events.GetAsync()).Expect(200);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Pages_follow_each_other_by_cursor(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var events = await EventsClient.OfAsync(scim);
        var ids = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            ids.Add(await scim.CreateUserIdAsync());
        }

        var seen = new List<string>();
        var (after, more) = ("", true);
        while (more)
        {
            var page = (await events.GetAsync($"?limit=3{after}")).Expect(200).Object;
            Assert.InRange(page["events"]!.AsArray().Count, 1, 3);
            seen.AddRange(page["events"]!.AsArray().Select(found => (string)found!["data"]!["id"]!));
            (after, more) = ($"&after={page["cursor"]}", (bool)page["hasMore"]!);
        }

        Assert.Equal(ids, seen);
        Assert.Empty((await events.GetAsync($"?{after[1..]}")).Expect(200).Object["events"]!.AsArray());
    }

    /// <summary>EVT-126; a filter that lets nothing through must not make the next read look at it all again.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Filters_by_type_and_actor_move_the_cursor_on(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var events = await EventsClient.OfAsync(scim);
        var tokens = scim.Server.Services.GetRequiredService<AccessTokens>();
        var product = scim.WithToken((await tokens.CreateAsync(scim.Tenant.Name, "own product", expiresAt: null, default)).Secret);
        var user = await scim.CreateUserIdAsync("a");
        await scim.CreateGroupIdAsync("G");
        (await product.PatchAsync($"/Users/{user}", """{"op":"replace","path":"title","value":"T"}""")).Expect(200);

        async Task<string[]> TypesAsync(string filter) => [.. (await events.ReadAllAsync(more: filter)).Events.Select(found => (string)found["type"]!)];

        Assert.Equal(["user.created", "user.updated"], await TypesAsync("&types=user.*"));
        Assert.Equal(["user.updated"], await TypesAsync("&types=user.updated,group.deleted"));
        Assert.Equal(["user.updated"], await TypesAsync("&actors=own%20product"));
        Assert.Equal(["user.created", "group.created"], await TypesAsync("&notActors=own%20product"));
        Assert.Empty(await TypesAsync("&types=user.*&actors=nobody"));
        var (_, cursor) = await events.ReadAllAsync(more: "&actors=nobody");
        Assert.Empty((await events.ReadAllAsync(cursor)).Events);
        Assert.Contains("user.created", (await events.GetAsync("?types=user.renamed")).ExpectError(400, "invalidValue"), StringComparison.Ordinal);
        foreach (var wrong in new[] { "limit=0", "limit=5001", "limit=x", "wait=61", "wait=-1", "types=", "limit=1&limit=2" })
        {
            (await events.GetAsync("?" + wrong)).ExpectError(400, "invalidValue");
        }
    }

    /// <summary>EVT-151: what this process commits wakes who waits.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Who_waits_hears_of_a_change_at_once(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var events = await EventsClient.OfAsync(scim);
        var cursor = await events.CursorAsync();

        var waiting = events.GetAsync($"?after={cursor}&wait=60");
        var other = events.GetAsync($"?after={cursor}&wait=60&types=user.deleted");
        var user = await scim.CreateUserIdAsync();
        var watch = Stopwatch.StartNew();
        Assert.Equal(user, (string?)(await waiting).Expect(200).Object["events"]![0]!["data"]!["id"]);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30);

        Assert.False(other.IsCompleted);
        (await scim.DeleteAsync($"/Users/{user}")).Expect(204);
        Assert.Equal("user.deleted", (string?)Assert.Single((await other).Expect(200).Object["events"]!.AsArray())!["type"]);
        Assert.Empty((await events.GetAsync($"?after={await events.CursorAsync()}&wait=1")).Expect(200).Object["events"]!.AsArray());
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_stream_goes_on_where_it_was_and_ends_with_its_token(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var events = await EventsClient.OfAsync(scim);
        var ids = new List<string> { await scim.CreateUserIdAsync(), await scim.CreateUserIdAsync() };

        await using (var first = events.StreamAsync().GetAsyncEnumerator())
        {
            Assert.True(await first.MoveNextAsync());
            Assert.Equal(ids[0], (string?)first.Current.Event["data"]!["id"]);
            ids.Add(await scim.CreateUserIdAsync());

            await using var second = events.StreamAsync(lastEventId: first.Current.Id).GetAsyncEnumerator();
            foreach (var id in ids[1..])
            {
                Assert.True(await second.MoveNextAsync());
                Assert.Equal(id, (string?)second.Current.Event["data"]!["id"]);
            }

            await using var live = events.StreamAsync($"?after={await events.CursorAsync()}&types=group.*").GetAsyncEnumerator();
            await scim.CreateUserIdAsync();
            await scim.CreateGroupIdAsync();
            Assert.True(await live.MoveNextAsync());
            Assert.Equal("group.created", (string?)live.Current.Event["type"]);

            await scim.Server.Services.GetRequiredService<AccessTokens>().RevokeAsync(events.Token.Token.Id, default);
            await scim.CreateUserIdAsync();
            Assert.False(await second.MoveNextAsync() && await second.MoveNextAsync() && await second.MoveNextAsync());
        }
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_tenant_sees_its_own_events_and_cannot_use_the_cursor_of_another(Database database)
    {
        var one = await TestServers.NewTenantAsync(database);
        var other = await TestServers.NewTenantAsync(one.Server);
        await other.CreateUserIdAsync();
        var user = await one.CreateUserIdAsync();
        var events = await EventsClient.OfAsync(one);

        Assert.Equal(user, (string?)Assert.Single((await events.ReadAllAsync()).Events)["data"]!["id"]);
        var foreign = await (await EventsClient.OfAsync(other)).CursorAsync();
        (await events.GetAsync($"?after={foreign}")).ExpectError(400, "invalidCursor");
        (await events.GetAsync("?after=nonsense")).ExpectError(400, "invalidCursor");
        (await events.GetAsync($"?after={foreign[..^2]}")).ExpectError(400, "invalidCursor");
    }

    /// <summary>EVT-141: numbers are never given out again, so a cursor cannot point behind what is new.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_cursor_from_before_what_is_kept_is_410_and_tells_the_way_back(Database database)
    {
        var scim = await TestServers.NewTenantAsync(await ScimServerFactory.StartAsync(database));
        var events = await EventsClient.OfAsync(scim);
        var before = await events.CursorAsync();
        for (var i = 0; i < 3; i++)
        {
            await scim.CreateUserIdAsync();
        }

        var (_, current) = await events.ReadAllAsync();
        var last = (await ChangesAsync(scim)).Max();
        await scim.Server.Services.GetRequiredService<ChangeRetention>().DeleteAsync(DateTimeOffset.MaxValue, default);

        Assert.Contains("after=now", (await events.GetAsync($"?after={before}")).ExpectError(410), StringComparison.Ordinal);
        Assert.Empty((await events.ReadAllAsync(current)).Events);
        Assert.Empty((await events.ReadAllAsync()).Events);
        var user = await scim.CreateUserIdAsync();
        Assert.True(Assert.Single(await ChangesAsync(scim)) > last);
        Assert.Equal(user, (string?)Assert.Single((await events.ReadAllAsync(current)).Events)["data"]!["id"]);
        Assert.Equal(user, (string?)Assert.Single((await events.ReadAllAsync()).Events)["data"]!["id"]);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Retention_deletes_only_what_is_old(Database database)
    {
        var scim = await TestServers.NewTenantAsync(await ScimServerFactory.StartAsync(database));
        await scim.CreateUserIdAsync();
        var retention = scim.Server.Services.GetRequiredService<ChangeRetention>();

        Assert.Equal(0, await retention.DeleteAsync(DateTimeOffset.UtcNow.AddHours(-1), default));
        Assert.Single(await ChangesAsync(scim));
    }

    /// <summary>EVT-138: a restored database gives out numbers again; whoever is ahead of it is told, not left to miss them.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_cursor_ahead_of_the_log_is_410(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var events = await EventsClient.OfAsync(scim);
        var secret = await scim.Server.Services.GetRequiredService<ServerKeys>().GetAsync(FeedCursor.KeyName, FeedCursor.SecretBytes, default);

        (await events.GetAsync($"?after={new FeedCursor(secret, scim.Tenant.Id).Seal(long.MaxValue)}")).ExpectError(410);
        (await events.GetAsync($"?after={new FeedCursor(new byte[FeedCursor.SecretBytes], scim.Tenant.Id).Seal(1)}")).ExpectError(410);
    }

    [Fact]
    public void The_id_of_an_event_can_be_read_again()
    {
        foreach (var id in new[] { new ChangeId(Guid.CreateVersion7(), Guid.CreateVersion7(), 0), new ChangeId(Guid.CreateVersion7(), Guid.CreateVersion7(), 99) })
        {
            Assert.True(ChangeId.TryParse(id.ToString(), out var read));
            Assert.Equal(id, read);
        }

        Assert.All(["", "evt_", $"evt_{Guid.Empty:N}_{Guid.Empty:N}_", $"evt_{Guid.Empty:N}_{Guid.Empty:N}_0", $"evt_{Guid.Empty:N}-{Guid.Empty:N}"], text => Assert.False(ChangeId.TryParse(text, out _)));
    }

    private static async Task<List<long>> ChangesAsync(ScimClient scim)
    {
        await using var context = scim.Server.Services.GetRequiredService<ScimDatabase>().Open(scim.Tenant.Id);
        return await context.Changes.OrderBy(change => change.Seq).Select(change => change.Seq).ToListAsync();
    }
}
