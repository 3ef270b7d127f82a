using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Rows;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Changes;

/// <summary>Every write appends to the change log in its transaction: who, what, which attributes, when, version.</summary>
public sealed class ChangeLogTests
{
    private const string Ent = ScimClient.Enterprise;

    [SkippableTheory]
    [EachDatabase]
    public async Task A_create_names_actor_kind_version_time_and_attributes_but_no_values(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserAsync("secret-name@example.com", $$$""" "name":{"givenName":"Secret"},"emails":[{"value":"secret@example.com"}],"password":"secret","{{{Ent}}}":{"department":"secret"} """);

        var change = Assert.Single(await ChangesAsync(scim));

        Assert.Equal(("create", 1L, "test", "User"), (change.Kind, change.Version, change.Actor, change.ResourceType));
        Assert.Equal((string?)user["id"], change.ResourceId.ToString());
        Assert.Equal((DateTimeOffset)user["meta"]!["created"]!, change.At);
        Assert.DoesNotContain("secret", change.Delta, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(new[] { Ent + ":department", "active", "emails", "name.givenName", "password", "userName" }.Sorted(), Attributes(change).Sorted());
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Each_write_appends_one_record_with_its_version_and_what_changed(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var path = $"/Users/{await scim.CreateUserIdAsync("a", """ "title":"T","nickName":"N" """)}";

        (await scim.PatchAsync(path, """{"op":"replace","path":"title","value":"U"},{"op":"add","path":"name.givenName","value":"G"}""")).Expect(200);
        (await scim.PutAsync(path, """{"userName":"a","title":"U"}""")).Expect(200);
        (await scim.PatchAsync(path, """{"op":"replace","path":"password","value":"p"}""")).Expect(200);
        (await scim.DeleteAsync(path)).Expect(204);

        var changes = await ChangesAsync(scim);
        Assert.Equal([("create", 1), ("patch", 2), ("replace", 3), ("patch", 4), ("delete", 5)], changes.Select(change => (change.Kind, (int)change.Version)));
        Assert.Equal(["name.givenName", "title"], Attributes(changes[1]).Sorted());
        Assert.Equal(["name.givenName", "nickName"], Attributes(changes[2]).Sorted());
        Assert.Equal(["password"], Attributes(changes[3]));
        Assert.Empty(Attributes(changes[4]));
        Assert.Equal(5, changes.Select(change => change.Txn).Distinct().Count());
        Assert.All(changes, change => Assert.Equal("test", change.Actor));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task What_changes_nothing_or_is_refused_appends_nothing(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync("a", """ "title":"T" """);
        var group = await scim.CreateGroupIdAsync("G", user);

        (await scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"title","value":"T"}""")).Expect(200);
        (await scim.PutAsync($"/Users/{user}", """{"userName":"a","title":"T"}""")).Expect(200);
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{user}}"}]}""")).Expect(204);
        (await scim.PutAsync($"/Groups/{group}", $$"""{"displayName":"G","members":[{"value":"{{user}}"}]}""")).Expect(200);
        (await scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"title","value":"U"},{"op":"replace","path":"active","value":"maybe"}""")).ExpectError(400, "invalidValue");
        (await scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"title","value":"U"}""", ("If-Match", "W/\"9\""))).ExpectError(412);
        (await scim.PostAsync("/Users", """{"userName":"A"}""")).ExpectError(409, "uniqueness");
        (await scim.PostAsync("/Groups", """{"displayName":"H","members":[{"value":"nope"}]}""")).ExpectError(400, "invalidValue");
        (await scim.DeleteAsync($"/Users/{Guid.NewGuid()}")).ExpectError(404);

        Assert.Equal(["create", "create"], (await ChangesAsync(scim)).Select(change => change.Kind));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Members_that_came_and_went_are_recorded(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ids = await scim.CreateUserIdsAsync(3);
        var group = await scim.CreateGroupIdAsync("G", ids[0]);

        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{ids[0]}}"},{"value":"{{ids[1]}}"}]}""")).Expect(204);
        (await scim.PutAsync($"/Groups/{group}", $$"""{"displayName":"G","members":[{"value":"{{ids[2]}}"}]}""")).Expect(200);

        var changes = (await ChangesAsync(scim)).Where(change => change.ResourceType == "Group").ToArray();
        Assert.Equal(["create", "patch", "replace"], changes.Select(change => change.Kind));
        Assert.Equal([ids[0]], Members(changes[0], "added"));
        Assert.Equal([ids[1]], Members(changes[1], "added"));
        Assert.Empty(Members(changes[1], "removed"));
        Assert.Equal([ids[2]], Members(changes[2], "added"));
        Assert.Equal(ids[..2].Sorted(), Members(changes[2], "removed"));
        Assert.Empty(Attributes(changes[1]));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_delete_records_each_group_left_and_each_manager_forgotten_under_one_transaction(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var boss = await scim.CreateUserIdAsync("boss");
        var report = await scim.CreateUserIdAsync("report", $$$""" "{{{Ent}}}":{"manager":{"value":"{{{boss}}}"}} """);
        var group = await scim.CreateGroupIdAsync("G", boss, report);
        var before = (await ChangesAsync(scim)).Count;

        (await scim.DeleteAsync($"/Users/{boss}")).Expect(204);

        var caused = (await ChangesAsync(scim)).Skip(before).ToDictionary(change => change.ResourceId.ToString());
        Assert.Equal(3, caused.Count);
        Assert.Single(caused.Values.Select(change => change.Txn).Distinct());
        Assert.Equal("delete", caused[boss].Kind);
        Assert.Equal([boss], Members(caused[group], "removed"));
        Assert.Contains(Attributes(caused[report]), path => path.StartsWith(Ent + ":manager", StringComparison.Ordinal));
        Assert.Equal((2L, 2L), (caused[group].Version, caused[report].Version));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task The_actor_is_the_name_of_the_token(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var issued = await scim.Server.Services.GetRequiredService<AccessTokens>().CreateAsync(scim.Tenant.Name, "okta production", expiresAt: null, default);

        await scim.WithToken(issued.Secret).CreateUserAsync();

        Assert.Equal("okta production", Assert.Single(await ChangesAsync(scim)).Actor);
    }

    private static async Task<List<ChangeRow>> ChangesAsync(ScimClient scim)
    {
        await using var context = scim.Server.Services.GetRequiredService<ScimDatabase>().Open(scim.Tenant.Id);
        return await context.Changes.OrderBy(change => change.Seq).ToListAsync();
    }

    private static string[] Attributes(ChangeRow change) =>
        [.. (JsonNode.Parse(change.Delta)!["attributes"]?.AsArray() ?? []).Select(path => (string)path!)];

    private static string[] Members(ChangeRow change, string kind) =>
        (JsonNode.Parse(change.Delta)!["members"]?[kind]?.AsArray() ?? []).Select(id => (string)id!).Sorted();
}
