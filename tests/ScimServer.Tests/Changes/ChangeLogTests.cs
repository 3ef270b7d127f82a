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
    public async Task A_create_tells_actor_kind_version_time_attributes_and_the_document(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserAsync("Bj@example.com", $$$""" "externalId":"00u1","name":{"givenName":"Babs"},"emails":[{"value":"b@example.com"}],"password":"s3cret-Pa55","{{{Ent}}}":{"department":"R&D"} """);

        var change = Assert.Single(await ChangesAsync(scim));

        Assert.Equal(("create", 1L, "test", "User"), (change.Kind, change.Version, change.Actor, change.ResourceType));
        Assert.Equal((string?)user["id"], change.ResourceId.ToString());
        Assert.Equal((DateTimeOffset)user["meta"]!["created"]!, change.At);
        Assert.Equal(("00u1", "Bj@example.com", 0, 1), (change.ExternalId, change.Display, change.Part, change.Parts));
        Assert.Null(change.MemberIds);
        Assert.Equal(new[] { Ent + ":department", "active", "emails", "externalId", "name.givenName", "password", "userName" }.Sorted(), Attributes(change).Sorted());

        var document = JsonNode.Parse(change.Delta)!["document"]!.AsObject();
        foreach (var computed in new[] { "id", "meta", "groups" })
        {
            user.Remove(computed);
        }

        Assert.True(JsonNode.DeepEquals(user, document), document.ToJsonString());
        Assert.DoesNotContain("s3cret", change.Delta, StringComparison.OrdinalIgnoreCase);
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
        JsonAssert.Equal("""[{"op":"add","path":"name.givenName","value":"G"},{"op":"replace","path":"title","value":"U","previous":"T"}]""", Operations(changes[1]));
        JsonAssert.Equal("""[{"op":"remove","path":"name.givenName","previous":"G"},{"op":"remove","path":"nickName","previous":"N"}]""", Operations(changes[2]));
        JsonAssert.Equal("""{"attributes":["password"]}""", JsonNode.Parse(changes[3].Delta));
        JsonAssert.Equal($$$"""{"attributes":[],"previous":{"schemas":["{{{ScimClient.User}}}"],"userName":"a","active":true,"title":"U"}}""", JsonNode.Parse(changes[4].Delta));
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
        Assert.Equal([ids[0]], Members(changes[0], "add"));
        Assert.Equal([ids[1]], Members(changes[1], "add"));
        Assert.Empty(Members(changes[1], "remove"));
        Assert.Equal([ids[2]], Members(changes[2], "add"));
        Assert.Equal(ids[..2].Sorted(), Members(changes[2], "remove"));
        Assert.All(changes[1..], change => Assert.Equal(["members"], Attributes(change)));
        Assert.Equal(["displayName", "members"], Attributes(changes[0]));
        JsonAssert.Equal($$"""[{"op":"add","path":"members","value":[{"value":"{{ids[1]}}","type":"User"}]}]""", Operations(changes[1]));
    }

    /// <summary>EVT-124: a consumer knows members by the ids of its directory.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Members_are_named_with_type_and_externalId(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync("a", """ "externalId":"00u1" """);
        var inner = await scim.CreateGroupIdAsync("inner");
        var outer = await scim.CreateGroupIdAsync("outer");

        (await scim.PatchAsync($"/Groups/{outer}", $$"""{"op":"add","path":"members","value":[{"value":"{{user}}"},{"value":"{{inner}}"}]}""")).Expect(204);
        (await scim.PatchAsync($"/Groups/{outer}", $$"""{"op":"remove","path":"members[value eq \"{{user}}\"]"}""")).Expect(204);
        (await scim.DeleteAsync($"/Groups/{inner}")).Expect(204);

        var changes = (await ChangesAsync(scim)).Where(change => change.ResourceId.ToString() == outer).ToArray();
        var added = Operations(changes[1])!.AsArray().Single()!["value"]!.AsArray();
        JsonAssert.Equal($$"""{"value":"{{user}}","type":"User","externalId":"00u1"}""", added.Single(member => (string?)member!["value"] == user));
        JsonAssert.Equal($$"""{"value":"{{inner}}","type":"Group"}""", added.Single(member => (string?)member!["value"] == inner));
        JsonAssert.Equal($$"""[{"op":"remove","path":"members","value":[{"value":"{{user}}","type":"User","externalId":"00u1"}]}]""", Operations(changes[2]));
        JsonAssert.Equal($$"""[{"op":"remove","path":"members","value":[{"value":"{{inner}}","type":"Group"}]}]""", Operations(changes[3]));
    }

    /// <summary>No reader has to hold more of a change than a part.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_change_of_many_members_is_told_in_parts_of_a_thousand(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ids = await CreateManyUsersAsync(scim, 2_300);
        var group = await scim.CreateGroupIdAsync("G");

        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{{Values(ids)}}]}""")).Expect(204);
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"replace","path":"displayName","value":"H"},{"op":"replace","path":"members","value":[{{Values(ids[..100])}}]}""")).Expect(204);

        var changes = (await ChangesAsync(scim)).Where(change => change.ResourceId.ToString() == group).ToArray();
        Assert.Equal([(1, 0, 1), (2, 0, 3), (2, 1, 3), (2, 2, 3), (3, 0, 3), (3, 1, 3), (3, 2, 3)], changes.Select(change => ((int)change.Version, change.Part, change.Parts)));
        Assert.Equal([1000, 1000, 300], changes[1..4].Select(change => Members(change, "add").Length));
        Assert.Equal(ids.Sorted(), changes[1..4].SelectMany(change => Members(change, "add")).Sorted());
        Assert.Equal(ids[100..].Sorted(), changes[4..].SelectMany(change => Members(change, "remove")).Sorted());
        Assert.Equal(["displayName", "members"], Attributes(changes[4]));
        Assert.Equal(["members"], Attributes(changes[5]));
        Assert.Single(changes[1..4].Select(change => change.Txn).Distinct());
    }

    /// <summary>What an admin asks of a person: the changes of the account, and of the groups that took it or let it go.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task The_memberships_of_a_person_are_found_by_its_id(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ids = (await scim.CreateUserIdsAsync(3)).ToList();
        var group = await scim.CreateGroupIdAsync("G", ids[0], ids[1]);
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"replace","path":"members","value":[{"value":"{{ids[2]}}"}]}""")).Expect(204);
        (await scim.DeleteAsync($"/Users/{ids[2]}")).Expect(204);

        await using var context = scim.Server.Services.GetRequiredService<ScimDatabase>().Open(scim.Tenant.Id);
        async Task<string[]> HistoryAsync(string id)
        {
            var member = Guid.Parse(id);
            return [.. await context.Changes.Where(change => change.MemberIds!.Contains(member)).OrderBy(change => change.Seq).Select(change => change.Kind + change.Version).ToListAsync()];
        }

        Assert.Equal(["create1", "patch2"], await HistoryAsync(ids[0]));
        Assert.Equal(["patch2", "patch3"], await HistoryAsync(ids[2]));
        if (database == Database.PostgreSql && !PreparedDatabase.IsWalled)
        {
            await context.Database.OpenConnectionAsync();
            await using var command = context.Database.GetDbConnection().CreateCommand();
            command.CommandText = "SET enable_seqscan = off; EXPLAIN (FORMAT json) SELECT 1 FROM changes WHERE member_ids @> ARRAY[gen_random_uuid()]";
            Assert.Matches("\"Index Name\": \"[a-z0-9_]*member_ids", (string)(await command.ExecuteScalarAsync())!);
            Assert.Contains("member_ids @> ARRAY[", context.Changes.Where(change => change.MemberIds!.Contains(Guid.Empty)).ToQueryString(), StringComparison.Ordinal);
        }
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_delete_records_each_group_left_and_each_manager_forgotten_under_one_transaction(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var boss = await scim.CreateUserIdAsync("boss");
        var report = await scim.CreateUserIdAsync("report", $$$""" "{{{Ent}}}":{"manager":{"value":"{{{boss}}}"}} """);
        var group = await scim.CreateGroupIdAsync("G", boss, report);
        var other = await scim.CreateGroupIdAsync("H", boss);
        var before = (await ChangesAsync(scim)).Count;

        (await scim.DeleteAsync($"/Users/{boss}")).Expect(204);

        var caused = (await ChangesAsync(scim)).Skip(before).ToDictionary(change => change.ResourceId.ToString());
        Assert.Equal(4, caused.Count);
        Assert.Single(caused.Values.Select(change => change.Txn).Distinct());
        Assert.Equal("delete", caused[boss].Kind);
        Assert.Equal(
            new[] { (group, "G"), (other, "H") }.Order(),
            JsonNode.Parse(caused[boss].Delta)!["groups"]!.AsArray().Select(left => ((string)left!["value"]!, (string)left["display"]!)).Order());
        Assert.Equal([boss], Members(caused[group], "remove"));
        JsonAssert.Equal($$"""[{"op":"remove","path":"{{Ent}}:manager.value","previous":"{{boss}}"}]""", Operations(caused[report]));
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

    private static JsonNode? Operations(ChangeRow change) => JsonNode.Parse(change.Delta)!["operations"];

    private static string[] Members(ChangeRow change, string operation) =>
        (Operations(change)?.AsArray() ?? [])
            .Where(op => (string?)op!["op"] == operation && (string?)op["path"] == "members")
            .SelectMany(op => op!["value"]!.AsArray()).Select(member => (string)member!["value"]!).Sorted();

    private static string Values(IEnumerable<string> ids) => string.Join(',', ids.Select(id => $$"""{"value":"{{id}}"}"""));

    private static async Task<string[]> CreateManyUsersAsync(ScimClient scim, int count)
    {
        var ids = new List<string>();
        foreach (var part in Enumerable.Range(0, count).Chunk(500))
        {
            var operations = string.Join(',', part.Select(i => $$$"""{"method":"POST","path":"/Users","bulkId":"b{{{i}}}","data":{"schemas":["{{{ScimClient.User}}}"],"userName":"u{{{i}}}"}}"""));
            var answer = await scim.PostAsync("/Bulk", $$"""{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{{operations}}]}""");
            ids.AddRange(answer.Expect(200).Object["Operations"]!.AsArray().Select(result => ((string)result!["location"]!).Split('/')[^1]));
        }

        return [.. ids];
    }
}
