using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Rows;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Races;

/// <summary>The change log tells all that happened, and nothing else did.</summary>
public sealed class ReplayTests
{
    private const int Clients = 64;
    private const int ActionsOfEach = 5;

    /// <summary>
    /// EVT-133: the order of the log is the order of the changes of each resource. A fixed number of actions; SCIM_RACE_SECONDS=20
    /// lets the clients go on for so long.
    /// </summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Sixty_four_clients_at_random_leave_the_state_that_the_change_log_tells(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var users = await scim.CreateUserIdsAsync(3);
        var groups = new[] { await scim.CreateGroupIdAsync("A"), await scim.CreateGroupIdAsync("B", users[0]), await scim.CreateGroupIdAsync("C", users) };
        var seconds = int.Parse(Environment.GetEnvironmentVariable("SCIM_RACE_SECONDS") ?? "0", CultureInfo.InvariantCulture);
        var watch = Stopwatch.StartNew();

        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async i =>
        {
            var client = new RandomClient(scim, users, groups, seed: i);
            var all = new List<ScimResponse>();
            for (var action = 0; action < ActionsOfEach || watch.Elapsed.TotalSeconds < seconds; action++)
            {
                all.AddRange(await client.ActAsync());
            }

            return all;
        }));

        // 409: two groups of one name. 412: another version than If-Match said.
        Assert.All(answers.SelectMany(all => all), answer => answer.Expect(200, 201, 204, 409, 412));
        await AssertReplayedAsync(scim);
    }

    /// <summary>Lock order: whoever locks several rows does it in the order of their ids, and what is undone is tried again.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Members_in_opposite_orders_and_deletes_of_them_never_end_in_a_deadlock(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var users = await scim.CreateUserIdsAsync(24);
        var groups = new[] { await scim.CreateGroupIdAsync("A", users), await scim.CreateGroupIdAsync("B", users), await scim.CreateGroupIdAsync("C") };
        var staying = users[..12];

        var answers = await Task.WhenAll(Enumerable.Range(0, 72).Select(i => (i % 6) switch
        {
            0 => scim.PatchAsync($"/Groups/{groups[2]}", $$"""{"op":"add","path":"members","value":[{{Values(staying)}}]}"""),
            1 => scim.PatchAsync($"/Groups/{groups[2]}", $$"""{"op":"add","path":"members","value":[{{Values(staying.Reverse())}}]}"""),
            2 => scim.PatchAsync($"/Groups/{groups[i % 2]}", $$"""{"op":"replace","path":"members","value":[{{Values(staying.Reverse())}},{"value":"{{groups[(i + 1) % 2]}}"}]}"""),
            3 => scim.DeleteAsync($"/Users/{users[12 + (i / 6)]}"),
            4 => scim.PatchAsync($"/Groups/{groups[i % 2]}", $$"""{"op":"add","path":"members","value":[{"value":"{{users[12 + (i / 6)]}}"},{"value":"{{staying[0]}}"}]}"""),
            _ => scim.PatchAsync($"/Users/{staying[i % 12]}", $$"""{"op":"replace","path":"title","value":"T{{i}}"}"""),
        }));

        // 400: the member was deleted before.
        Assert.All(answers, answer => answer.Expect(200, 204, 400));
        Assert.All(answers.Where(answer => answer.Status == 400), answer => Assert.Contains("No such member", (string?)answer.Object["detail"], StringComparison.Ordinal));
        var state = await AssertReplayedAsync(scim);
        Assert.Equal(staying.Sorted(), await scim.MembersAsync(groups[2]));
        Assert.Equal(15, state.Resources.Count);
    }

    /// <summary>RFC 7644 §3.14: whoever changes what it has read, and says so, loses nothing of others.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Counting_up_with_If_Match_counts_each(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var path = "/Users/" + await scim.CreateUserIdAsync("counter", """ "title":"0" """);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            ScimResponse answer;
            do
            {
                var read = (await scim.GetAsync(path)).Expect(200);
                var next = int.Parse((string)read.Object["title"]!, CultureInfo.InvariantCulture) + 1;
                answer = await scim.PatchAsync(path, $$"""{"op":"replace","path":"title","value":"{{next}}"}""", ("If-Match", (string)read.Object["meta"]!["version"]!));
                answer.Expect(200, 412);
            }
            while (answer.Status == 412);
        }));

        var user = (await scim.GetAsync(path)).Object;
        Assert.Equal(("16", "W/\"17\""), ((string?)user["title"], (string?)user["meta"]!["version"]));
        await AssertReplayedAsync(scim);
    }

    private static async Task<ReplayedState> AssertReplayedAsync(ScimClient scim)
    {
        var changes = await ChangesAsync(scim);
        var state = ReplayedState.Of(changes);
        Assert.Equal(changes.Count(change => change.Part == 0), state.Versions);
        Assert.Equal(changes.Count, changes.Select(change => (change.Txn, change.ResourceId, change.Part)).Distinct().Count());
        foreach (var (id, resource) in state.Resources)
        {
            var stored = (await scim.GetAsync($"/{resource.Type}s/{id}")).Expect(200).Object;
            Assert.Equal($"W/\"{resource.Version}\"", (string?)stored["meta"]!["version"]);
            Assert.Equal(resource.Members.Order(), (stored["members"]?.AsArray() ?? []).Select(member => Guid.Parse((string)member!["value"]!)).Order());
            JsonAssert.Equal(WithoutComputed(stored), resource.Document);
        }

        foreach (var type in state.Resources.Values.Select(resource => resource.Type).Distinct())
        {
            var total = (int)(await scim.GetAsync($"/{type}s?count=0")).Object["totalResults"]!;
            Assert.Equal(state.Resources.Values.Count(resource => resource.Type == type), total);
        }

        return state;
    }

    private static JsonObject WithoutComputed(JsonObject stored)
    {
        foreach (var computed in new[] { "schemas", "id", "meta", "groups", "members" })
        {
            stored.Remove(computed);
        }

        if (stored[ScimClient.Enterprise]?["manager"] is JsonObject manager)
        {
            manager.Remove("$ref");
            manager.Remove("displayName");
        }

        return stored;
    }

    private static async Task<List<ChangeRow>> ChangesAsync(ScimClient scim)
    {
        await using var context = scim.Server.Services.GetRequiredService<ScimDatabase>().Open(scim.Tenant.Id);
        return await context.Changes.OrderBy(change => change.Seq).ToListAsync();
    }

    private static string Values(IEnumerable<string> ids) => string.Join(',', ids.Select(id => $$"""{"value":"{{id}}"}"""));
}
