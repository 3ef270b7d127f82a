using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Races;

public sealed class ConcurrentWritesTests
{
    private static readonly string[] Attributes =
    [
        "displayName", "nickName", "title", "userType", "preferredLanguage", "locale", "timezone", "profileUrl", "externalId",
        "name.familyName", "name.givenName", "name.middleName", "name.honorificPrefix", "name.honorificSuffix", "name.formatted",
        ScimClient.Enterprise + ":department", ScimClient.Enterprise + ":costCenter", ScimClient.Enterprise + ":division",
        ScimClient.Enterprise + ":organization", ScimClient.Enterprise + ":employeeNumber",
    ];

    /// <summary>Pains 17: a race of creates gives one resource, and 409 to the others.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Twenty_creates_of_one_userName_give_one_201_and_nineteen_409(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => scim.PostAsync(
            "/Users", $$"""{"schemas":["{{ScimClient.User}}"],"userName":"{{(i % 2 == 0 ? "race@example.com" : "RACE@example.com")}}"}""")));

        Assert.Equal([201, .. Enumerable.Repeat(409, 19)], answers.Select(answer => answer.Status).Order());
        Assert.All(answers.Where(answer => answer.Status == 409), answer => answer.ExpectError(409, "uniqueness"));
        Assert.Equal(1, (int)(await scim.GetAsync("/Users")).Object["totalResults"]!);
    }

    /// <summary>Design: writers of SQLite queue in the process. One that does not waits by polling, and times out behind many that do.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task What_an_operator_makes_waits_for_its_turn_to_write(Database database)
    {
        await using var server = await ScimServerFactory.StartAsync(database);
        var scim = await TestServers.NewTenantAsync(server);
        var services = server.Services;
        Task[] making;
        using (var turn = await services.GetRequiredService<ScimDatabase>().Dialect.EnterWriteAsync(default))
        {
            making =
            [
                services.GetRequiredService<Tenants>().CreateAsync("another", default),
                services.GetRequiredService<AccessTokens>().CreateAsync(scim.Tenant.Name, new NewToken("another"), default),
                services.GetRequiredService<Clients>().CreateAsync(scim.Tenant.Name, new NewClient("another"), default),
            ];
            await Task.WhenAny(Task.WhenAny(making), Task.Delay(TimeSpan.FromSeconds(1)));
            Assert.True(turn is null || making.All(task => !task.IsCompleted));
        }

        await Task.WhenAll(making);
    }

    /// <summary>RFC 7644 §3.5.2; design: read-modify-write queues on the row.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Fifty_patches_of_different_attributes_of_one_user_lose_none(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = (string)(await scim.CreateUserAsync())["id"]!;

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => i < Attributes.Length
            ? scim.PatchAsync($"/Users/{id}", $$"""{"op":"replace","path":"{{Attributes[i]}}","value":"v{{i}}"}""")
            : scim.PatchAsync($"/Users/{id}", $$"""{"op":"add","path":"emails","value":[{"value":"e{{i}}@x.y","type":"other"}]}""")));

        Assert.All(answers, answer => answer.Expect(200));
        var user = (await scim.GetAsync($"/Users/{id}")).Object;
        Assert.Equal(Enumerable.Range(20, 30).Select(i => $"e{i}@x.y"), user["emails"]!.AsArray().Select(mail => (string)mail!["value"]!).Order());
        Assert.All(Enumerable.Range(0, Attributes.Length), i => Assert.Equal($"v{i}", Value(user, Attributes[i])));
        Assert.Equal("W/\"51\"", (string?)user["meta"]!["version"]);
    }

    /// <summary>Pains 5: concurrent changes of one group's members.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Fifty_member_adds_to_one_group_lose_none(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ids = new List<string>();
        for (var i = 0; i < 50; i++)
        {
            ids.Add((string)(await scim.CreateUserAsync())["id"]!);
        }

        var group = (string)(await scim.CreateGroupAsync())["id"]!;
        var answers = await Task.WhenAll(ids.Select(id => scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{id}}"}]}""")));

        Assert.All(answers, answer => answer.Expect(204));
        Assert.Equal(ids.Order(StringComparer.Ordinal), await scim.MembersAsync(group));
    }

    /// <summary>Lock order: deleting members and changing the group that they are in does not end in a deadlock.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Deleting_users_while_their_group_changes_leaves_no_dangling_member_and_no_5xx(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ids = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            ids.Add((string)(await scim.CreateUserAsync())["id"]!);
        }

        var group = (string)(await scim.CreateGroupAsync(null, [.. ids]))["id"]!;
        var answers = await Task.WhenAll(ids.SelectMany((id, i) => new[]
        {
            i % 2 == 0 ? scim.DeleteAsync($"/Users/{id}") : scim.PatchAsync($"/Groups/{group}", $$"""{"op":"remove","path":"members[value eq \"{{id}}\"]"}"""),
            scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{ids[(i + 1) % 20]}}"}]}"""),
        }));

        Assert.All(answers, answer => answer.Expect(204, 400));
        var members = await scim.MembersAsync(group);
        Assert.All(members, member => Assert.Contains(member, ids.Where((_, i) => i % 2 == 1)));
    }

    /// <summary>RFC 7644 §3.6: with a manager goes what refers to that manager, and nothing else.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Who_gets_another_manager_while_the_old_one_is_deleted_keeps_it(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var (old, next) = (await scim.CreateUserIdAsync(), await scim.CreateUserIdAsync());
        var reports = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => scim.CreateUserIdAsync(more: $$$""" "{{{ScimClient.Enterprise}}}":{"manager":{"value":"{{{old}}}"}} """)));

        var moves = reports.Select(id => scim.PatchAsync($"/Users/{id}", $$"""{"op":"replace","path":"{{ScimClient.Enterprise}}:manager","value":{"value":"{{next}}"} }""")).ToList();
        var answers = await Task.WhenAll([scim.DeleteAsync($"/Users/{old}"), .. moves]);

        Assert.All(answers, answer => answer.Expect(200, 204));
        foreach (var id in reports)
        {
            Assert.Equal(next, (string?)(await scim.GetAsync($"/Users/{id}")).Object[ScimClient.Enterprise]?["manager"]?["value"]);
        }
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Twenty_writers_with_the_same_If_Match_give_one_winner(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserAsync();
        var path = $"/Users/{user["id"]}";

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => scim.PatchAsync(
            path, $$"""{"op":"replace","path":"title","value":"T{{i}}"}""", ("If-Match", "W/\"1\""))));

        Assert.Equal([200, .. Enumerable.Repeat(412, 19)], answers.Select(answer => answer.Status).Order());
    }

    private static string? Value(System.Text.Json.Nodes.JsonObject user, string path)
    {
        var extension = path.StartsWith("urn:", StringComparison.Ordinal);
        var names = extension ? [ScimClient.Enterprise, path[(ScimClient.Enterprise.Length + 1)..]] : path.Split('.');
        return (string?)names.Aggregate((System.Text.Json.Nodes.JsonNode?)user, (node, name) => node?[name]);
    }
}
