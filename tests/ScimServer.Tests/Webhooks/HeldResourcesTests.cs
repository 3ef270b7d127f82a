using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using ScimServer.Tests.Bulk;
using ScimServer.Tests.Events;
using ScimServer.Tests.Infrastructure;
using static ScimServer.Tests.Webhooks.WebhookWorld;

namespace ScimServer.Tests.Webhooks;

/// <summary>Many resources, or many events of one, that are held back while others go on (EVT-123).</summary>
public sealed class HeldResourcesTests
{
    private static readonly int Held = int.Parse(Environment.GetEnvironmentVariable("SCIM_WEBHOOK_HELD") ?? "60", CultureInfo.InvariantCulture);

    /// <summary>EVT-123: there is no number of resources from which on a webhook stops, loses or mixes up.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task However_many_resources_are_held_back_the_others_go_on_and_each_gets_all_in_order(Database database)
    {
        var time = new MovableTime();
        var world = await NewAsync(database, time);
        var users = await CreateAsync(world.Scim, [.. Enumerable.Range(0, Held).Select(i => BulkClient.PostUser($"u{i}", $"u{i}"))]);
        var held = users.ToHashSet();
        var isCured = false;
        await using var receiver = await Receiver.StartAsync((context, request) => Receiver.Status(held.Contains(Resource(request)) && !Volatile.Read(ref isCured) ? 500 : 204)(context, request));
        await EventsClient.SettleAsync(world.Scim.Server);
        await world.AddAsync(receiver);

        var others = await CreateAsync(world.Scim, [.. users.SelectMany((user, i) => new[] { Patch(user), BulkClient.PostUser($"o{i}", $"o{i}") })]);
        await CreateAsync(world.Scim, [.. users.Select(Patch)]);
        await Until(() => receiver.Requests.Select(Resource).ToHashSet().IsSupersetOf(others), "the others");
        await Until(async () => await RetriesAsync(world) == 2 * Held, "all to be held back");
        time.Move(TimeSpan.FromSeconds(7));
        await Until(() => receiver.Requests.Count(request => held.Contains(Resource(request))) >= Held + 10, "them to be tried again");
        var another = await world.Scim.CreateUserIdAsync();
        await Until(() => receiver.Requests.Any(request => Resource(request) == another), "another resource");

        Volatile.Write(ref isCured, true);
        await MoveUntil(time, async () => await RetriesAsync(world) == 0);
        foreach (var versions in receiver.Requests.Where(request => held.Contains(Resource(request))).GroupBy(Resource).Select(user => user.Select(Version).ToArray()))
        {
            Assert.Equal(versions.Order(), versions);
            Assert.Equal([2L, 3L], versions.Distinct());
        }

        Assert.Equal(Held + others.Length + 1, receiver.Requests.Select(Resource).Distinct().Count());
    }

    /// <summary>EVT-123: nor does it matter whether they come one after the other.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task However_many_in_a_row_nobody_can_take_what_comes_behind_them_does(Database database)
    {
        var world = await NewAsync(database, new MovableTime());
        await using var receiver = await Receiver.StartAsync((context, request) => Receiver.Status(IsPoison(request) ? 500 : 204)(context, request));
        await world.AddAsync(receiver);
        await PoisonAsync(world, 200);

        var others = await world.Scim.CreateUserIdsAsync(20);
        await Until(() => receiver.Requests.Select(Resource).ToHashSet().IsSupersetOf(others), "the others");
    }

    /// <summary>EVT-110: a receiver that takes one event, and then none of many, again and again.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task However_often_an_endpoint_comes_and_goes_no_event_is_given_up_before_its_time(Database database)
    {
        var time = new MovableTime();
        var world = await NewAsync(database, time);
        await using var receiver = await Receiver.StartAsync((context, request) => Receiver.Status(IsPoison(request) ? 500 : 204)(context, request));
        var (id, _) = await world.AddAsync(receiver);
        for (var round = 0; round < 11; round++)
        {
            await PoisonAsync(world, 12);
            await Until(async () => (string)(await world.GetAsync(id))["state"]! == "failing", "the state failing");
            var other = await world.Scim.CreateUserIdAsync();
            await MoveUntil(time, () => Task.FromResult(receiver.Requests.Any(request => Resource(request) == other)), TimeSpan.FromSeconds(1));
        }

        // By the schedule they are due at the beginning, after 5 s and after 5 min; and once when the endpoint came for the first time.
        Assert.InRange(receiver.Requests.Where(IsPoison).CountBy(Resource).Max(tries => tries.Value), 2, 4);
        await using var context = world.Scim.Server.Services.GetRequiredService<ScimDatabase>().OpenForAccess();
        var rows = context.WebhookRetries.Where(row => row.TenantId == world.Scim.Tenant.Id).ToList();
        Assert.Equal(11 * 12, rows.Count);
        Assert.All(rows, row => Assert.True(row.GaveUpAt is null && row.NextAt - row.Since < TimeSpan.FromMinutes(12), $"{row.Attempts} attempts since {row.Since}, {row.NextAt}"));
    }

    /// <summary>EVT-123: a receiver that is slow with one resource gets the events of the others, however many this one has, and groups that name it.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task However_many_events_a_resource_has_that_are_answered_late_the_others_go_on(Database database)
    {
        const int Changes = 300;
        var world = await NewAsync(database, settings: ("Outbound:TimeoutSeconds", "60"));
        var slow = await world.Scim.CreateUserIdAsync();
        using var answer = new SemaphoreSlim(0);
        await using var receiver = await Receiver.StartAsync(async (context, request) =>
        {
            if (Resource(request) == slow)
            {
                await answer.WaitAsync(context.RequestAborted);
            }

            context.Response.StatusCode = 204;
        });
        await EventsClient.SettleAsync(world.Scim.Server);
        await world.AddAsync(receiver);
        await CreateAsync(world.Scim, [.. Enumerable.Range(0, Changes).Select(_ => Patch(slow))]);

        string[] others = [.. await world.Scim.CreateUserIdsAsync(5), await world.Scim.CreateGroupIdAsync("g", slow)];
        await Until(() => receiver.Requests.Select(Resource).ToHashSet().IsSupersetOf(others), "the others");
        Assert.Single(receiver.Requests, request => Resource(request) == slow);
        answer.Release(Changes);

        await Until(() => receiver.Requests.Count == Changes + others.Length, "all");
        Assert.Equal(Enumerable.Range(2, Changes), receiver.Requests.Where(request => Resource(request) == slow).Select(request => (int)Version(request)));
        await Until(async () => await RetriesAsync(world) == 0, "all to be noted");
    }

    /// <summary>EVT-123: nor does it matter that each of them is answered in time, but all together are not.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_resource_that_changes_faster_than_the_endpoint_answers_leaves_room_for_others(Database database)
    {
        const int Changes = 300;
        var world = await NewAsync(database);
        var busy = await world.Scim.CreateUserIdAsync();
        var pause = 500;
        await using var receiver = await Receiver.StartAsync(async (context, request) =>
        {
            await Task.Delay(Resource(request) == busy ? Volatile.Read(ref pause) : 0, context.RequestAborted);
            context.Response.StatusCode = 204;
        });
        await EventsClient.SettleAsync(world.Scim.Server);
        await world.AddAsync(receiver);
        await CreateAsync(world.Scim, [.. Enumerable.Range(0, Changes).Select(_ => Patch(busy))]);

        var others = await world.Scim.CreateUserIdsAsync(5);
        await Until(() => receiver.Requests.Select(Resource).ToHashSet().IsSupersetOf(others), "the others");
        Assert.InRange(receiver.Requests.Count(request => Resource(request) == busy), 1, 40);
        Volatile.Write(ref pause, 0);

        await Until(() => receiver.Requests.Count == Changes + others.Length, "all");
        Assert.Equal(Enumerable.Range(2, Changes), receiver.Requests.Where(request => Resource(request) == busy).Select(request => (int)Version(request)));
        await Until(async () => await RetriesAsync(world) == 0, "all to be noted");
    }

    private static bool IsPoison(Received request) => request.Body.Contains("poison", StringComparison.Ordinal);

    private static Task<string[]> PoisonAsync(WebhookWorld world, int count) =>
        CreateAsync(world.Scim, [.. Enumerable.Range(0, count).Select(i => BulkClient.PostUser($"p{i}", $"poison-{Guid.NewGuid():N}"))]);

    private static string Patch(string user) => BulkClient.Patch($"/Users/{user}", $$"""{"op":"replace","path":"title","value":"{{Guid.NewGuid()}}"}""");

    /// <summary>Carries out operations, and gives the ids of what was created.</summary>
    private static async Task<string[]> CreateAsync(ScimClient scim, string[] operations)
    {
        var ids = new List<string>();
        foreach (var chunk in operations.Chunk(500))
        {
            var results = await scim.BulkAsync(chunk);
            Assert.All(results, result => Assert.StartsWith("20", (string?)result["status"], StringComparison.Ordinal));
            ids.AddRange(results.Where(result => (string?)result["status"] == "201").Select(result => result.Id()));
        }

        return [.. ids];
    }

    private static async Task MoveUntil(MovableTime time, Func<Task<bool>> holds, TimeSpan? by = null)
    {
        for (var moves = 0; !await holds(); moves++)
        {
            Assert.InRange(moves, 0, 200);
            time.Move(by ?? TimeSpan.FromMinutes(10));
            await Task.Delay(200);
        }
    }

    private static async Task<int> RetriesAsync(WebhookWorld world)
    {
        await using var context = world.Scim.Server.Services.GetRequiredService<ScimDatabase>().OpenForAccess();
        return context.WebhookRetries.Count(row => row.TenantId == world.Scim.Tenant.Id);
    }
}
