using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Webhooks;
using ScimServer.Events.Webhooks;
using ScimServer.Tests.Events;
using ScimServer.Tests.Infrastructure;
using static ScimServer.Tests.Webhooks.WebhookWorld;

namespace ScimServer.Tests.Webhooks;

/// <summary>Receivers that do not do what they should, and what becomes of their events.</summary>
public sealed class FailureTests
{
    private static readonly int Others = int.Parse(Environment.GetEnvironmentVariable("SCIM_WEBHOOK_EVENTS") ?? "60", CultureInfo.InvariantCulture);

    /// <summary>EVT-123; SCIM_WEBHOOK_EVENTS=1000 lets so many others flow.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_poison_event_holds_back_its_own_resource_and_nothing_else(Database database)
    {
        var time = new MovableTime();
        var world = await WebhookWorld.NewAsync(database, time);
        var poison = await world.Scim.CreateUserIdAsync();
        var isCured = false;
        await using var receiver = await Receiver.StartAsync((context, request) =>
            Receiver.Status(Resource(request) == poison && !Volatile.Read(ref isCured) ? 500 : 204)(context, request));
        var (id, _) = await world.AddAsync(receiver);

        for (var i = 0; i < 3; i++)
        {
            (await world.Scim.PatchAsync($"/Users/{poison}", $$"""{"op":"replace","path":"title","value":"{{i}}"}""")).Expect(200);
        }

        for (var left = Others; left > 0; left -= 20)
        {
            await world.Scim.CreateUserIdsAsync(20);
        }

        await Until(() => receiver.Requests.Select(Resource).Distinct().Count() == Others + 1, "the others");
        Assert.All(receiver.Requests.Where(request => Resource(request) == poison), request => Assert.Equal(2, Version(request)));
        Assert.Equal("enabled", (string)(await world.GetAsync(id))["state"]!);
        await Until(async () => (await world.AttemptsAsync(id, "?failed=true")).Count >= 1);
        Volatile.Write(ref isCured, true);
        time.Move(TimeSpan.FromMinutes(7));

        await Until(() => receiver.Requests.Any(request => Resource(request) == poison && Version(request) == 4), "the poisoned");
        var versions = receiver.Requests.Where(request => Resource(request) == poison).Select(Version).ToArray();
        Assert.Equal(versions.Order(), versions);
        Assert.Equal([2L, 3L, 4L], versions.Distinct());
        Assert.True(versions.Length >= 4);
        await Until(async () => await RetriesAsync(world) == 0, "the end of the retries");
    }

    /// <summary>EVT-123: one look at the database for each of them would take minutes.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task What_was_held_back_goes_in_order_up_to_the_next_failure(Database database)
    {
        const int Changes = 400;
        const int Second = 150;
        var time = new MovableTime();
        var world = await WebhookWorld.NewAsync(database, time);
        var user = await world.Scim.CreateUserIdAsync();
        var failing = 2L;
        await using var receiver = await Receiver.StartAsync((context, request) => Receiver.Status(Version(request) == Volatile.Read(ref failing) ? 500 : 204)(context, request));
        var (id, _) = await world.AddAsync(receiver);
        for (var i = 0; i < Changes; i++)
        {
            (await world.Scim.PatchAsync($"/Users/{user}", $$"""{"op":"replace","path":"title","value":"{{i}}"}""")).Expect(200);
        }

        await Until(async () => await RetriesAsync(world) == Changes, "all to be held back");
        var (fed, _) = await (await EventsClient.OfAsync(world.Scim)).ReadAllAsync();
        Assert.Equal(1, (int)(await world.Admin.PostAsync($"{world.Path}/{id}/replay", $$"""{"event":"{{fed[^1]["id"]}}"}""")).Expect(200).Object["events"]!);
        Volatile.Write(ref failing, Second);
        time.Move(TimeSpan.FromMinutes(7));
        await Until(() => receiver.Requests.Any(request => Version(request) == Second), "the next failure");
        await Until(async () => (await world.AttemptsAsync(id, "?failed=true")).Count(attempt => (string)attempt["resourceId"]! == user) >= 2, "it to be noted");
        Assert.Equal(Second, receiver.Requests.Max(Version));
        Volatile.Write(ref failing, 0);
        time.Move(TimeSpan.FromMinutes(7));
        await Until(async () => await RetriesAsync(world) == 0, "all to be delivered");

        var versions = receiver.Requests.Select(Version).ToArray();
        Assert.Equal(versions.Order(), versions);
        Assert.Equal(Enumerable.Range(2, Changes).Select(version => (long)version), versions.Distinct());
        Assert.All(versions.GroupBy(version => version), sent => Assert.True(sent.Count() == 1 || sent.Key is 2 or Second));
    }

    /// <summary>EVT-84, EVT-110.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Every_attempt_sends_the_same_id_and_bytes_with_a_time_of_its_own_and_is_seen(Database database)
    {
        var time = new MovableTime();
        var world = await WebhookWorld.NewAsync(database, time);
        var count = 0;
        await using var receiver = await Receiver.StartAsync((context, request) => Receiver.Status(Interlocked.Increment(ref count) < 3 ? 500 : 200)(context, request));
        var (id, secret) = await world.AddAsync(receiver);
        await world.Scim.CreateUserIdAsync("José Ω 😀");

        // A retry may have come by itself while this waited.
        await Until(async () => (await world.AttemptsAsync(id)).Count >= 1);
        time.Move(TimeSpan.FromSeconds(7));
        await Until(async () => (await world.AttemptsAsync(id)).Count >= 2);
        time.Move(TimeSpan.FromMinutes(6));
        await Until(async () => (await world.AttemptsAsync(id)).Count == 3);

        Assert.Single(receiver.Requests.Select(request => (request.Body, request.Headers["webhook-id"])).Distinct());
        Assert.Equal(3, receiver.Requests.Select(request => request.Headers["webhook-timestamp"]).Distinct().Count());
        Assert.All(receiver.Requests, request => Assert.True(IsSignedBy(request, secret)));
        var attempts = await world.AttemptsAsync(id);
        Assert.Equal([500, 500, 200], attempts.Select(attempt => (int)attempt["status"]!));
        Assert.Equal([1, 2, 3], attempts.Select(attempt => (int)attempt["attempt"]!));
        Assert.Equal(["refused", "refused", null], attempts.Select(attempt => (string?)attempt["error"]));
        var wait = DateTimeOffset.Parse((string)attempts[1]["next"]!, CultureInfo.InvariantCulture) - DateTimeOffset.Parse((string)attempts[1]["at"]!, CultureInfo.InvariantCulture);
        Assert.InRange(wait, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(6.5));
    }

    /// <summary>EVT-87.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Retry_After_is_honoured(Database database)
    {
        var time = new MovableTime();
        var world = await WebhookWorld.NewAsync(database, time);
        await using var receiver = await Receiver.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "7";
            return Task.CompletedTask;
        });
        var (id, _) = await world.AddAsync(receiver);
        await world.Scim.CreateUserIdAsync();
        await Until(async () => (await world.AttemptsAsync(id)).Count >= 1);
        var attempt = (await world.AttemptsAsync(id))[0];
        var next = DateTimeOffset.Parse((string)attempt["next"]!, CultureInfo.InvariantCulture);
        Assert.InRange(next - DateTimeOffset.Parse((string)attempt["at"]!, CultureInfo.InvariantCulture), TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(20));

        receiver.Answer = Receiver.Status(204);
        time.Move(TimeSpan.FromSeconds(8));
        await Until(async () => (await world.AttemptsAsync(id)).Count >= 2);
        Assert.True(DateTimeOffset.Parse((string)(await world.AttemptsAsync(id))[1]["at"]!, CultureInfo.InvariantCulture) >= next);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Who_answers_never_slowly_with_redirects_or_ten_megabytes_delays_neither_SCIM_nor_other_endpoints(Database database)
    {
        var world = await WebhookWorld.NewAsync(database, time: null, ("Outbound:TimeoutSeconds", "10"));
        await using var never = await Receiver.StartAsync((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var slow = await Receiver.StartAsync(async (context, _) =>
        {
            await Task.Delay(2_300, context.RequestAborted);
            context.Response.StatusCode = 204;
        });
        await using var moved = await Receiver.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });
        await using var large = await Receiver.StartAsync((context, _) => context.Response.Body.WriteAsync(new byte[10 * 1024 * 1024], context.RequestAborted).AsTask());
        await using var good = await Receiver.StartAsync();
        var ids = new Dictionary<string, string>();
        foreach (var (name, receiver) in new[] { ("never", never), ("slow", slow), ("moved", moved), ("large", large), ("good", good) })
        {
            ids[name] = (await world.AddAsync(receiver)).Id;
        }

        var user = await world.Scim.CreateUserIdAsync();
        await Until(() => good.Requests.Count == 1);
        (await world.Scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"title","value":"a"}""")).Expect(200);
        await Until(() => good.Requests.Count == 2);
        Assert.Empty(await world.AttemptsAsync(ids["never"]));

        await Until(async () => (await world.AttemptsAsync(ids["never"])).Count == 1 && (await world.AttemptsAsync(ids["slow"])).Count == 2 && (await world.AttemptsAsync(ids["large"])).Count == 2);
        Assert.Equal("no answer in time", (string)(await world.AttemptsAsync(ids["never"]))[0]["error"]!);
        Assert.Equal("redirects are not followed", (string)(await world.AttemptsAsync(ids["moved"]))[0]["error"]!);
        Assert.All(await world.AttemptsAsync(ids["large"]), attempt => Assert.Equal(200, (int)attempt["status"]!));
        Assert.Equal([1L, 2L], slow.Requests.Select(Version));
        Assert.Equal([1L], never.Requests.Select(Version));
        Assert.All(moved.Requests, request => Assert.Equal("/hook", request.Path));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Gone_disables_at_once_the_operator_hears_of_it_and_enabled_again_nothing_is_lost(Database database)
    {
        var time = new MovableTime();
        var world = await WebhookWorld.NewAsync(database, time);
        await using var receiver = await Receiver.StartAsync(Receiver.Status(410));
        await using var operators = await Receiver.StartAsync();
        var (_, secret) = await world.AddAsync(operators, path: "/webhooks");
        var (id, _) = await world.AddAsync(receiver);
        await world.Scim.CreateUserIdAsync("first");
        await Until(async () => (string)(await world.GetAsync(id))["state"]! == "disabled");
        Assert.Contains("410", (string)(await world.GetAsync(id))["disabledReason"]!, StringComparison.Ordinal);

        await Until(() => operators.Requests.Any(request => (string)Event(request)["type"]! == OperationalEvents.EndpointDisabled), "the operational event");
        var told = operators.Requests.Single(request => (string)Event(request)["type"]! == OperationalEvents.EndpointDisabled);
        Assert.True(IsSignedBy(told, secret));
        Assert.Equal((id, world.Scim.Tenant.Name), ((string)Event(told)["data"]!["webhook"]!, (string)Event(told)["data"]!["tenant"]!));
        await world.Scim.CreateUserIdAsync("second");
        var before = receiver.Requests;
        Assert.Single(before.Select(request => request.Headers["webhook-id"]).Distinct());
        receiver.Answer = Receiver.Status(204);
        (await world.Admin.PostAsync($"{world.Path}/{id}/enable")).Expect(200);
        time.Move(TimeSpan.FromSeconds(7));

        // They are of two resources: either may come first.
        await Until(() => Kept(receiver).Count == 2 && receiver.Requests.Skip(before.Count).Any(request => request.Headers["webhook-id"] == before[0].Headers["webhook-id"]), "both events");
        var actions = (await world.Admin.GetAsync("/actions?count=1000")).Expect(200).Object["actions"]!.AsArray();
        Assert.Contains(actions, action => (string)action!["action"]! == "webhook.disable" && ((string)action["detail"]!).StartsWith(id, StringComparison.Ordinal));
    }

    /// <summary>EVT-161: what an instance that stops was sending another sends again, at once also where the receiver had been slow for so long that others had passed it.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task What_was_broken_off_is_sent_again_at_once_by_another_instance(Database database)
    {
        await using var receiver = await Receiver.StartAsync((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        var connection = ("ConnectionStrings:ScimServer", database == Database.Sqlite ? SecurityEvents.PollTests.SharedFile() : await PreparedDatabase.CreateAsync());
        var first = await ScimServerFactory.StartAsync(database, [.. Settings, connection!]);
        var world = await WebhookWorld.OfAsync(await TestServers.NewTenantAsync(first));
        await world.AddAsync(receiver);
        var user = await world.Scim.CreateUserIdAsync();
        foreach (var title in new[] { "a", "b" })
        {
            (await world.Scim.PatchAsync($"/Users/{user}", $$"""{"op":"replace","path":"title","value":"{{title}}"}""")).Expect(200);
        }

        await Until(async () => await RetriesAsync(world) == 3, "the rows of an event that is slow and of those behind it");
        receiver.Answer = Receiver.Status(204);
        await ScimServerFactory.StartAsync(database, [.. Settings, connection!]);
        var stopped = Stopwatch.GetTimestamp();
        await first.DisposeAsync();

        await Until(() => receiver.Requests.Count >= 2, "the event again");
        Assert.InRange(Stopwatch.GetElapsedTime(stopped).TotalSeconds, 0, 25);
        await Until(() => Kept(receiver).Count == 3, "those behind it");
        Assert.Equal([1L, 2L, 3L], Kept(receiver).Select(Version));
    }

    /// <summary>EVT-138: a failover that lost the end of the log gives its numbers out again; positions of the database have gone back with it.</summary>
    [SkippableFact]
    public async Task Numbers_that_a_failover_gives_out_again_are_delivered()
    {
        await using var receiver = await Receiver.StartAsync();
        var world = await WebhookWorld.OfAsync(await TestServers.NewTenantAsync(await ScimServerFactory.StartAsync(Database.PostgreSql, Settings)));
        await world.AddAsync(receiver);
        await world.Scim.CreateUserIdAsync();
        await using var context = world.Scim.Server.Services.GetRequiredService<ScimDatabase>().OpenForAccess();
        async Task<long> PositionAsync() => await context.WebhookPositions.AsNoTracking().Where(row => row.TenantId == world.Scim.Tenant.Id).Select(row => row.Position).SingleAsync();
        await Until(async () => receiver.Requests.Count == 1 && await PositionAsync() > 0, "the first event");
        var kept = await PositionAsync();
        await world.Scim.CreateUserIdsAsync(10);
        await Until(async () => receiver.Requests.Count == 11 && await PositionAsync() >= kept + 10, "what is lost then");

        await context.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM changes WHERE seq > {kept};
            UPDATE webhook_positions SET position = {kept} WHERE tenant_id = {world.Scim.Tenant.Id};
            SELECT setval(pg_get_serial_sequence('changes', 'seq'), {kept});
            """);
        var later = await world.Scim.CreateUserIdAsync();
        await Until(() => receiver.Requests.Any(request => Resource(request) == later), "an event under a number that was another's");
    }

    /// <summary>EVT-111.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Days_of_nothing_but_failures_disable_an_endpoint_and_until_then_little_is_sent(Database database)
    {
        var time = new MovableTime();
        var world = await WebhookWorld.NewAsync(database, time);
        await using var receiver = await Receiver.StartAsync(Receiver.Status(503));
        var (id, _) = await world.AddAsync(receiver);
        await world.Scim.CreateUserIdsAsync(40);

        await Until(async () => (string)(await world.GetAsync(id))["state"]! == "failing", "the state failing");
        Assert.InRange(receiver.Requests.Count, 10, 20);
        time.Move(TimeSpan.FromDays(6));
        await Until(async () => (string)(await world.GetAsync(id))["state"]! == "disabled", "the end");
        Assert.Contains("5 days", (string)(await world.GetAsync(id))["disabledReason"]!, StringComparison.Ordinal);
        Assert.InRange(receiver.Requests.Count, 10, 30);

        receiver.Answer = Receiver.Status(204);
        var before = receiver.Requests.Count;
        (await world.Admin.PostAsync($"{world.Path}/{id}/enable")).Expect(200);
        await Until(() => receiver.Requests.Skip(before).Select(Resource).Distinct().Count() == 40, "all events");
    }

    /// <summary>EVT-110.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task What_waits_for_another_attempt_is_tried_as_soon_as_the_endpoint_is_enabled_again(Database database)
    {
        var time = new MovableTime();
        var world = await WebhookWorld.NewAsync(database, time);
        await using var receiver = await Receiver.StartAsync(Receiver.Status(500));
        var (id, _) = await world.AddAsync(receiver);
        var users = await world.Scim.CreateUserIdsAsync(3);
        await Until(async () => (await world.AttemptsAsync(id)).Count >= 3);
        time.Move(TimeSpan.FromSeconds(7));
        await Until(async () => (await world.AttemptsAsync(id)).Count >= 6, "second attempts, after which the next is minutes away");

        (await world.Admin.PostAsync($"{world.Path}/{id}/disable")).Expect(200);
        receiver.Answer = Receiver.Status(204);
        var before = receiver.Requests.Count;
        (await world.Admin.PostAsync($"{world.Path}/{id}/enable")).Expect(200);

        await Until(() => receiver.Requests.Skip(before).Select(Resource).Order().SequenceEqual(users.Order()), "all three");
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task The_operator_hears_of_a_token_that_is_about_to_expire_once(Database database)
    {
        var world = await WebhookWorld.NewAsync(database);
        await using var operators = await Receiver.StartAsync();
        var (id, _) = await world.AddAsync(operators, path: "/webhooks");
        var name = $"ending-{Guid.NewGuid():N}";
        await world.Scim.Server.Services.GetRequiredService<AccessTokens>().CreateAsync(world.Scim.Tenant.Name, name, DateTimeOffset.UtcNow.AddDays(3), default);
        var retention = world.Scim.Server.Services.GetRequiredService<WebhookRetention>();

        await retention.WarnOfTokensAsync(DateTimeOffset.UtcNow.AddDays(14), default);
        await retention.WarnOfTokensAsync(DateTimeOffset.UtcNow.AddDays(14), default);

        await Until(() => operators.Requests.Any(request => request.Body.Contains(name, StringComparison.Ordinal)));
        var told = Event(operators.Requests.Single(request => request.Body.Contains(name, StringComparison.Ordinal)));
        Assert.Equal((OperationalEvents.TokenExpiring, world.Scim.Tenant.Name), ((string)told["type"]!, (string)told["data"]!["tenant"]!));
        (await world.Admin.SendAsync(HttpMethod.Delete, $"/webhooks/{id}")).Expect(204);
    }

    /// <summary>EVT-110: tried for three days, then given up; what it held back goes on.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task An_event_that_fails_for_days_is_given_up_and_lets_its_resource_go(Database database)
    {
        var time = new MovableTime();
        var world = await WebhookWorld.NewAsync(database, time);
        await using var receiver = await Receiver.StartAsync((context, request) => Receiver.Status(request.Body.Contains("poison", StringComparison.Ordinal) ? 500 : 204)(context, request));
        var (id, _) = await world.AddAsync(receiver);
        var user = await world.Scim.CreateUserIdAsync();
        await Until(() => receiver.Requests.Count >= 1);
        foreach (var title in new[] { "poison", "cure" })
        {
            (await world.Scim.PatchAsync($"/Users/{user}", $$"""{"op":"replace","path":"title","value":"{{title}}"}""")).Expect(200);
        }

        for (var attempt = 1; attempt < RetrySchedule.Attempts; attempt++)
        {
            await Until(async () => (await world.AttemptsAsync(id, "?failed=true")).Count >= attempt, $"attempt {attempt}");
            time.Move(TimeSpan.FromHours(30));
        }

        await Until(() => receiver.Requests.Any(request => Version(request) == 3), "the event behind it");
        Assert.Equal(Enumerable.Range(1, RetrySchedule.Attempts), (await world.AttemptsAsync(id, "?failed=true")).GroupBy(attempt => (string)attempt["event"]!).First().Select(attempt => (int)attempt["attempt"]!));
        var states = (await world.Admin.GetAsync($"/tenants/{world.Scim.Tenant.Id}/deliveries?resource={user}")).Expect(200).Array.Select(delivery => (string)delivery!["state"]!);
        Assert.Contains("givenUp", states);
    }

    private static async Task<int> RetriesAsync(WebhookWorld world)
    {
        await using var context = world.Scim.Server.Services.GetRequiredService<ScimDatabase>().OpenForAccess();
        return context.WebhookRetries.Count(row => row.TenantId == world.Scim.Tenant.Id);
    }
}
