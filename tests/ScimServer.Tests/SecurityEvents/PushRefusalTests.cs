using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ScimServer.Tests.Admin;
using ScimServer.Tests.Events;
using ScimServer.Tests.Infrastructure;
using static ScimServer.Tests.SecurityEvents.PushTests;

namespace ScimServer.Tests.SecurityEvents;

/// <summary>Receivers that do not take the tokens of one resource (RFC 8935 §2.3), or only late, and what becomes of the others.</summary>
public sealed class PushRefusalTests
{
    private static readonly ConcurrentDictionary<Database, Lazy<Task<(ScimServerFactory Server, MovableTime Time)>>> Servers = new();

    /// <summary>EVT-55, EVT-123: 400 with a code says something about the token, also where nothing else is sent.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_token_that_is_refused_alone_holds_back_nothing_else_and_is_given_up(Database database)
    {
        var world = await RefusedAsync(database, Refuse("invalid_request"));
        await using var receiver = world.Receiver;
        await world.ChangeAsync(1);
        await UntilAsync(async () => (await world.ErrorsAsync()).Count == 1);

        await world.ChangeAsync(9);
        await world.ExpectOthersAsync(5);

        Assert.Null((await world.ShownAsync())["failingSince"]);
        await UntilAsync(async () =>
        {
            world.Time.Move(TimeSpan.FromSeconds(10));
            return (await world.ErrorsAsync()).Any(error => (bool)error!["givenUp"]!);
        });
        await UntilAsync(() => world.VersionsOf().Contains(3));
        Assert.Equal([2, 2, 2], world.VersionsOf().TakeWhile(version => version == 2));
    }

    /// <summary>EVT-123: the receiver is asked with tokens of other resources too, however many changes of this one come first.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_token_that_fails_alone_does_not_pass_for_a_dead_receiver(Database database)
    {
        var world = await RefusedAsync(database, Receiver.Status(500));
        await using var receiver = world.Receiver;
        await world.ChangeAsync(1);
        await UntilAsync(async () => (await world.ShownAsync())["failingSince"] is not null);

        await world.ChangeAsync(20);
        await world.ExpectOthersAsync(5, TimeSpan.FromSeconds(2));

        await UntilAsync(async () => (await world.ShownAsync())["failingSince"] is null);
        Assert.All(world.VersionsOf(), version => Assert.Equal(2, version));
        Assert.DoesNotContain(await world.ErrorsAsync(), error => (bool)error!["givenUp"]!);

        // It is known now: that it fails again says nothing about the receiver, though nothing else is sent.
        var failures = (await world.ErrorsAsync()).Count;
        await UntilAsync(async () =>
        {
            world.Time.Move(TimeSpan.FromMinutes(1));
            return (await world.ErrorsAsync()).Count > failures;
        });
        Assert.Null((await world.ShownAsync())["failingSince"]);
        await world.ExpectAllInOrderAsync(22);
    }

    /// <summary>EVT-123: what a refused token holds back neither fills the stream nor gets lost.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task However_much_a_refused_token_holds_back_the_others_go_on_and_what_it_held_comes_in_order(Database database)
    {
        const int Changes = 450;
        const int Second = 300;
        var failing = 2;
        var world = await RefusedAsync(database, (context, request) => VersionOf(request) == Volatile.Read(ref failing) ? Refuse("access_denied")(context, request) : Receiver.Status(202)(context, request));
        await using var receiver = world.Receiver;
        await world.ChangeAsync(1);
        await world.ExpectOthersAsync(3);
        await world.ChangeAsync(Changes);
        await world.ExpectOthersAsync(3);

        await UntilAsync(async () => (int)(await world.ShownAsync())["waiting"]! == 1);
        Assert.Equal([2], world.VersionsOf().Distinct());
        Volatile.Write(ref failing, Second);
        await UntilAsync(() =>
        {
            world.Time.Move(TimeSpan.FromSeconds(20));
            return world.VersionsOf().Contains(Second);
        });
        await world.ExpectOthersAsync(3);
        Volatile.Write(ref failing, 0);
        var meanwhile = world.ChangeAsync(50);
        await world.ExpectAllInOrderAsync(Changes + 52);
        await meanwhile;
        Assert.All(world.VersionsOf().GroupBy(version => version), sent => Assert.True(sent.Count() == 1 || sent.Key is 2 or Second));
    }

    /// <summary>EVT-123: what is sent slowly fills neither the window nor its turns, however much it is.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task However_many_changes_a_resource_has_whose_tokens_are_answered_late_the_others_go_on(Database database)
    {
        const int Changes = 450;
        using var answer = new SemaphoreSlim(0);
        var world = await RefusedAsync(database, async (context, _) =>
        {
            await answer.WaitAsync(context.RequestAborted);
            context.Response.StatusCode = 202;
        });
        await using var receiver = world.Receiver;
        await world.ChangeAsync(Changes);
        await UntilAsync(() => world.VersionsOf().Length == 1);

        await world.ExpectOthersAsync(5);
        answer.Release(30);
        await UntilAsync(() => world.VersionsOf().Length == 31);
        await world.ExpectOthersAsync(5);

        Assert.InRange((int)(await world.ShownAsync())["waiting"]!, 1, 30);
        answer.Release(Changes);
        await world.ExpectAllInOrderAsync(Changes + 1);
        Assert.Equal(Changes, world.VersionsOf().Length);
    }

    /// <summary>EVT-57, EVT-123: a token that fails while nothing else is there may be the only one that does.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_token_that_fails_alone_delays_no_other_that_comes_meanwhile(Database database)
    {
        var world = await RefusedAsync(database, Receiver.Status(500));
        await using var receiver = world.Receiver;
        await world.ChangeAsync(1);
        await world.ExpectLongPauseAsync();

        await world.ExpectOthersAsync(1);

        await UntilAsync(async () => (await world.ShownAsync())["failingSince"] is null);
        await world.ExpectAllInOrderAsync(2);
    }

    /// <summary>EVT-57: a receiver that takes nothing is asked with a few, and those that it was asked with wait.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_receiver_that_takes_nothing_is_tried_with_few_of_those_that_come_meanwhile(Database database)
    {
        const int Few = 8;
        await using var receiver = await Receiver.StartAsync(Receiver.Status(500));
        var (scim, streams, time) = await NewAsync(Servers, database);
        var world = new World(scim, time, await scim.CreateUserIdAsync(), receiver) { Admin = await AdminClient.NewAsync(scim.Server) };
        await EventsClient.SettleAsync(scim.Server);
        world.Stream = await streams.CreateIdAsync(Body(receiver));
        await world.ChangeAsync(1);
        await world.ExpectLongPauseAsync();
        var retryAt = (string?)(await world.ShownAsync())["retryAt"];
        var before = receiver.Requests.Count;

        var others = await scim.CreateUserIdsAsync(20);
        await UntilAsync(() => Sent(receiver).Count() == Few);
        await Task.Delay(TimeSpan.FromSeconds(3));

        Assert.Equal((Few, before + Few - 1), (Sent(receiver).Count(), receiver.Requests.Count));
        Assert.Equal(retryAt, (string?)(await world.ShownAsync())["retryAt"]);
        receiver.Answer = Receiver.Status(202);
        await UntilAsync(() =>
        {
            time.Move(TimeSpan.FromMinutes(1));
            return others.All(other => Sent(receiver).Any(sent => sent.Key == $"/Users/{other}"));
        });
    }

    /// <summary>RFC 9110 §10.2.3; EVT-57: who asks to be left alone is, whatever comes meanwhile.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_receiver_that_asks_for_a_pause_has_it(Database database)
    {
        var world = await RefusedAsync(database, (context, _) =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "3600";
            return Task.CompletedTask;
        });
        await using var receiver = world.Receiver;
        await world.ChangeAsync(1);
        await UntilAsync(async () => (await world.ShownAsync())["failingSince"] is not null);

        var meanwhile = world.ExpectOthersAsync(2);
        await Task.Delay(TimeSpan.FromSeconds(3));

        Assert.All(receiver.Requests, request => Assert.True(world.IsOfUser(request)));
        world.Time.Move(TimeSpan.FromHours(1.1));
        await meanwhile;
    }

    /// <summary>EVT-55: who refuses everything gets everything when it has been mended, in a day as in a minute.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Nothing_is_given_up_while_every_token_is_refused_as_unreadable(Database database)
    {
        var refuses = true;
        await using var receiver = await Receiver.StartAsync((context, request) => Volatile.Read(ref refuses) ? Refuse("invalid_request")(context, request) : Receiver.Status(202)(context, request));
        var (scim, streams, time) = await NewAsync(Servers, database);
        var stream = await streams.CreateIdAsync(Body(receiver));
        var users = await scim.CreateUserIdsAsync(6);
        await UntilAsync(() =>
        {
            time.Move(TimeSpan.FromSeconds(20));
            return Sent(receiver).Count(sent => sent.Count() >= 4) == 6;
        });
        var admin = await AdminClient.NewAsync(scim.Server);
        var errors = JsonNode.Parse((await admin.GetAsync($"/tenants/{scim.Tenant.Id}/streams/{stream}/errors")).Expect(200).Text)!.AsArray();
        Assert.DoesNotContain(errors, error => (bool)error!["givenUp"]!);

        Volatile.Write(ref refuses, false);
        await UntilAsync(async () =>
        {
            time.Move(TimeSpan.FromMinutes(10));
            return (int)(await admin.GetAsync($"/tenants/{scim.Tenant.Id}/streams/{stream}")).Object["waiting"]! == 0;
        });
        Assert.Equal(users.Select(user => $"/Users/{user}").Sorted(), Sent(receiver).Select(sent => sent.Key).Sorted());
    }

    /// <summary>EVT-57: what failed while others got through counts as before when none does any more.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Nothing_is_given_up_that_a_receiver_failed_at_shortly_before_it_died(Database database)
    {
        var isDead = false;
        var poison = new ConcurrentDictionary<string, bool>();
        await using var receiver = await Receiver.StartAsync((context, request) =>
            Receiver.Status(Volatile.Read(ref isDead) || poison.GetOrAdd((string)Claims(request)["jti"]!, _ => poison.Count % 2 == 0) ? 503 : 202)(context, request));
        var (scim, streams, time) = await NewAsync(Servers, database);
        var stream = await streams.CreateIdAsync(Body(receiver));
        var users = await scim.CreateUserIdsAsync(8);
        await UntilAsync(() => Sent(receiver).Count() == 8);
        var (admin, path) = (await AdminClient.NewAsync(scim.Server), $"/tenants/{scim.Tenant.Id}/streams/{stream}");
        await UntilAsync(async () => (await admin.GetAsync(path)).Object is { } shown && shown["failingSince"] is null && (int)shown["waiting"]! is > 0 and < 8);

        Volatile.Write(ref isDead, true);
        for (var hour = 0; hour < 100; hour++)
        {
            time.Move(TimeSpan.FromHours(1));
            await Task.Delay(50);
        }

        var errors = JsonNode.Parse((await admin.GetAsync(path + "/errors")).Expect(200).Text)!.AsArray();
        Assert.DoesNotContain(errors, error => (bool)error!["givenUp"]!);
        Volatile.Write(ref isDead, false);
        poison.Keys.ToList().ForEach(jti => poison[jti] = false);
        await UntilAsync(async () =>
        {
            time.Move(TimeSpan.FromMinutes(10));
            return (int)(await admin.GetAsync(path)).Object["waiting"]! == 0;
        });
        Assert.Equal(users.Select(user => $"/Users/{user}").Sorted(), Sent(receiver).Select(sent => sent.Key).Sorted());
    }

    private static IEnumerable<IGrouping<string, Received>> Sent(Receiver receiver) => receiver.Requests.GroupBy(request => (string)Claims(request)["sub_id"]!["uri"]!);

    private static Func<HttpContext, Received, Task> Refuse(string err) => (context, _) =>
    {
        context.Response.StatusCode = 400;
        context.Response.Headers.ContentLanguage = "en";
        return context.Response.WriteAsJsonAsync(new { err, description = "no" });
    };

    /// <summary>A stream whose receiver answers so to the tokens of one user that is there already, and takes all others.</summary>
    private static async Task<World> RefusedAsync(Database database, Func<HttpContext, Received, Task> answer)
    {
        var (scim, streams, time) = await NewAsync(Servers, database);
        var user = await scim.CreateUserIdAsync();
        var world = new World(scim, time, user, await Receiver.StartAsync(Receiver.Status(202)));
        world.Receiver.Answer = (context, request) => world.IsOfUser(request) && !world.IsCured ? answer(context, request) : Receiver.Status(202)(context, request);
        await EventsClient.SettleAsync(scim.Server);
        world.Stream = await streams.CreateIdAsync(Body(world.Receiver));
        world.Admin = await AdminClient.NewAsync(scim.Server);
        return world;
    }

    private sealed class World(ScimClient scim, MovableTime time, string user, Receiver receiver)
    {
        private volatile bool isCured;

        public MovableTime Time => time;

        public Receiver Receiver => receiver;

        public AdminClient Admin { get; set; } = null!;

        public string Stream { get; set; } = "";

        public bool IsCured => isCured;

        public bool IsOfUser(Received request) => UriOf(request) == $"/Users/{user}";

        /// <summary>The versions of the user that were sent, in order, each as often as it was.</summary>
        public int[] VersionsOf() => [.. receiver.Requests.Where(IsOfUser).Select(VersionOf)];

        public async Task<JsonObject> ShownAsync() => (await Admin.GetAsync($"/tenants/{scim.Tenant.Id}/streams/{Stream}")).Expect(200).Object;

        public async Task<JsonArray> ErrorsAsync() => JsonNode.Parse((await Admin.GetAsync($"/tenants/{scim.Tenant.Id}/streams/{Stream}/errors")).Expect(200).Text)!.AsArray();

        public async Task ChangeAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                (await scim.PatchAsync($"/Users/{user}", $$"""{"op":"replace","path":"title","value":"{{Guid.NewGuid()}}"}""")).Expect(200);
            }
        }

        /// <summary>It has been failing for so long that it is tried again in minutes only.</summary>
        public async Task ExpectLongPauseAsync()
        {
            await UntilAsync(async () =>
            {
                var retryAt = (DateTimeOffset?)(await ShownAsync())["retryAt"];
                if (retryAt - time.GetUtcNow() > TimeSpan.FromMinutes(3))
                {
                    return true;
                }

                time.Move(TimeSpan.FromMinutes(1));
                return false;
            });
        }

        /// <summary>New users get there, in so many steps of time.</summary>
        public async Task ExpectOthersAsync(int count, TimeSpan step = default)
        {
            var others = await scim.CreateUserIdsAsync(count);
            await UntilAsync(() =>
            {
                time.Move(step);
                return others.All(other => receiver.Requests.Any(request => UriOf(request) == $"/Users/{other}"));
            });
        }

        /// <summary>Mended, it gets every version up to the last, none before the one below.</summary>
        public async Task ExpectAllInOrderAsync(int last)
        {
            isCured = true;
            await UntilAsync(async () =>
            {
                time.Move(TimeSpan.FromMinutes(1));
                return (int)(await ShownAsync())["waiting"]! == 0 && VersionsOf().Contains(last);
            });
            Assert.Equal(VersionsOf().Order(), VersionsOf());
            Assert.Equal(Enumerable.Range(2, last - 1), VersionsOf().Distinct());
        }

        private static string UriOf(Received request) => (string)Claims(request)["sub_id"]!["uri"]!;
    }
}
