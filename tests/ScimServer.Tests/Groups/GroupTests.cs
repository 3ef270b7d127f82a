using System.Text.Json.Nodes;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Groups;

public sealed class GroupTests
{
    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7643_4_2_display_type_and_ref_of_members_are_computed(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync("ada", """ "displayName":"Ada" """);
        var nameless = await scim.CreateUserIdAsync("nameless");
        var child = await scim.CreateGroupIdAsync("Child");

        var group = (await scim.PostAsync("/Groups", $$"""
            {"schemas":["{{ScimClient.Group}}"],"displayName":"G","members":[
              {"value":"{{user}}","display":"Wrong","type":"Group","$ref":"http://wrong/1"},{"value":"{{nameless}}"},{"value":"{{child}}"}]}
            """)).Expect(201).Object;

        JsonNode[] expected =
        [
            JsonNode.Parse($$"""{"value":"{{user}}","display":"Ada","type":"User","$ref":"{{scim.BaseUrl}}/Users/{{user}}"}""")!,
            JsonNode.Parse($$"""{"value":"{{nameless}}","display":"nameless","type":"User","$ref":"{{scim.BaseUrl}}/Users/{{nameless}}"}""")!,
            JsonNode.Parse($$"""{"value":"{{child}}","display":"Child","type":"Group","$ref":"{{scim.BaseUrl}}/Groups/{{child}}"}""")!,
        ];
        var members = group["members"]!.AsArray();
        Assert.Equal(3, members.Count);
        Assert.All(expected, member => Assert.Contains(members, actual => JsonNode.DeepEquals(member, actual)));
        Assert.True(JsonNode.DeepEquals(group, (await scim.GetAsync($"/Groups/{group["id"]}")).Object));

        (await scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"displayName","value":"Countess"}""")).Expect(200);
        Assert.Contains("Countess", (await scim.GetAsync($"/Groups/{group["id"]}")).Text, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7643_4_1_2_groups_of_a_user_are_direct_and_indirect(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync();
        var direct = await scim.CreateGroupIdAsync("Direct", user);
        var middle = await scim.CreateGroupIdAsync("Middle", direct);
        var top = await scim.CreateGroupIdAsync("Top", middle);
        var both = await scim.CreateGroupIdAsync("Both", user, direct);
        await scim.CreateGroupIdAsync("Other");

        var groups = (await scim.GetAsync($"/Users/{user}")).Expect(200).Object["groups"]!.AsArray();

        Assert.Equal(
            new[] { (direct, "Direct", "direct"), (middle, "Middle", "indirect"), (top, "Top", "indirect"), (both, "Both", "direct") }.Order(),
            groups.Select(group => ((string)group!["value"]!, (string)group["display"]!, (string)group["type"]!)).Order());
        Assert.All(groups, group => Assert.Equal($"{scim.BaseUrl}/Groups/{group!["value"]}", (string?)group["$ref"]));

        var list = (await scim.GetAsync("/Users?attributes=groups")).Expect(200);
        Assert.Equal(4, list.Resources[0]!["groups"]!.AsArray().Count);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7643_4_2_groups_in_a_circle_end_and_a_group_may_leave_it(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync();
        var a = await scim.CreateGroupIdAsync("A", user);
        var b = await scim.CreateGroupIdAsync("B", a);
        var c = await scim.CreateGroupIdAsync("C", b);
        (await scim.PatchAsync($"/Groups/{a}", $$"""{"op":"add","path":"members","value":[{"value":"{{c}}"}]}""")).Expect(204);

        var groups = (await scim.GetAsync($"/Users/{user}")).Expect(200).Object["groups"]!.AsArray();
        Assert.Equal(new[] { a, b, c }.Sorted(), groups.Select(group => (string)group!["value"]!).Sorted());

        (await scim.DeleteAsync($"/Groups/{b}")).Expect(204);
        Assert.Equal([a], (await scim.GetAsync($"/Users/{user}")).Object["groups"]!.AsArray().Select(group => (string)group!["value"]!));
        Assert.Empty(await scim.MembersAsync(c));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_6_deleting_a_user_takes_it_out_of_its_groups_which_get_a_new_version(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ids = await scim.CreateUserIdsAsync(2);
        var group = await scim.CreateGroupAsync("G", ids);
        var without = await scim.CreateGroupAsync("Without", ids[1]);

        (await scim.DeleteAsync($"/Users/{ids[0]}")).Expect(204);

        var after = (await scim.GetAsync($"/Groups/{group["id"]}")).Object;
        Assert.Equal([ids[1]], after["members"]!.AsArray().Select(member => (string)member!["value"]!));
        Assert.Equal("W/\"2\"", (string?)after["meta"]!["version"]);
        Assert.True(string.CompareOrdinal((string?)after["meta"]!["lastModified"], (string?)group["meta"]!["lastModified"]) > 0);
        Assert.Equal("W/\"1\"", (string?)(await scim.GetAsync($"/Groups/{without["id"]}")).Object["meta"]!["version"]);
    }

    /// <summary>Letters stand for users' ids; the group begins with a and b.</summary>
    [SkippableTheory]
    [EachDatabase("""{"op":"add","value":{"members":[{"value":"<c>"}]}}""", "abc")]
    [EachDatabase("""{"op":"add","path":"members","value":{"value":"<c>"}}""", "abc")]
    [EachDatabase("""{"op":"add","path":"MEMBERS","value":[{"VALUE":"<c>"},{"value":"<c>"}]}""", "abc")]
    [EachDatabase("""{"op":"add","path":"urn:ietf:params:scim:schemas:core:2.0:Group:members","value":[{"value":"<c>"}]}""", "abc")]
    [EachDatabase("""{"op":"replace","path":"members","value":[{"value":"<c>"},{"value":"<a>"}]}""", "ac")]
    [EachDatabase("""{"op":"replace","value":{"members":[{"value":"<c>"}]}}""", "c")]
    [EachDatabase("""{"op":"add","path":"members[value eq \"<c>\"]","value":{"value":"<c>"}}""", "abc")]
    [EachDatabase("""{"op":"replace","path":"members[value eq \"<c>\"]","value":[{"value":"<c>"}]},{"op":"add","path":"members[value eq \"<a>\"]","value":{"value":"<a>"}}""", "abc")]
    [EachDatabase("""{"op":"remove","path":"members[display eq \"User-A\"]"}""", "b")]
    [EachDatabase("""{"op":"remove","path":"members[type eq \"User\"]"}""", "")]
    [EachDatabase("""{"op":"remove","path":"members[type eq \"User\" and value eq \"<b>\"]"}""", "a")]
    [EachDatabase("""{"op":"remove","path":"members[not (value eq \"<b>\")]"}""", "b")]
    [EachDatabase("""{"op":"remove","path":"members[value eq \"<a>\"]"},{"op":"add","path":"members","value":[{"value":"<c>"}]},{"op":"add","path":"members","value":[{"value":"<a>"}]},{"op":"remove","path":"members[value eq \"<b>\"]"}""", "ac")]
    [EachDatabase("""{"op":"replace","path":"displayName","value":"New"},{"op":"add","path":"members","value":[{"value":"<c>"}]}""", "abc")]
    public async Task RFC7644_3_5_2_members_change_by_every_form_of_path(Database database, string operations, string expected)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ids = new Dictionary<char, string>();
        foreach (var letter in "abc")
        {
            ids[letter] = await scim.CreateUserIdAsync("user-" + letter);
            operations = operations.Replace($"<{letter}>", ids[letter], StringComparison.Ordinal);
        }

        var group = await scim.CreateGroupIdAsync(null, ids['a'], ids['b']);

        (await scim.PatchAsync($"/Groups/{group}", operations)).Expect(204);

        Assert.Equal(expected.Select(letter => ids[letter]).Sorted(), await scim.MembersAsync(group));
    }

    [SkippableTheory]
    [EachDatabase("""{"op":"add","path":"members","value":[{"value":"0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f"}]}""", "invalidValue")]
    [EachDatabase("""{"op":"add","path":"members","value":[{"value":"nope"}]}""", "invalidValue")]
    [EachDatabase("""{"op":"add","path":"members","value":[{"value":""}]}""", "invalidValue")]
    [EachDatabase("""{"op":"add","path":"members","value":[{"value":"' or 1=1 --"}]}""", "invalidValue")]
    [EachDatabase("""{"op":"add","path":"members","value":[{"display":"x"}]}""", "invalidValue")]
    [EachDatabase("""{"op":"replace","path":"members","value":[{"value":"nope"}]}""", "invalidValue")]
    [EachDatabase("""{"op":"add","path":"members","value":[true]}""", "invalidValue")]
    [EachDatabase("""{"op":"replace","path":"members[value eq \"x\"].display","value":"y"}""", "mutability")]
    [EachDatabase("""{"op":"remove","path":"members[nope eq \"x\"]"}""", "invalidFilter")]
    [EachDatabase("""{"op":"add","path":"members[value eq \"nope\"]","value":{"value":"nope"}}""", "invalidValue")]
    [EachDatabase("""{"op":"add","path":"members[value eq \"x\"]","value":{"value":"y"}}""", "mutability")]
    [EachDatabase("""{"op":"remove","path":"displayName"}""", "mutability")]
    [EachDatabase("""{"op":"replace","path":"displayName","value":{"no":1}}""", "invalidValue")]
    public async Task Bad_operations_undo_membership_changes_and_a_new_name_before_them(Database database, string operation, string scimType)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ids = await scim.CreateUserIdsAsync(2);
        var group = await scim.CreateGroupAsync(null, ids[0]);

        var detail = (await scim.PatchAsync($"/Groups/{group["id"]}", $$"""
            {"op":"replace","path":"displayName","value":"New"},{"op":"add","path":"members","value":[{"value":"{{ids[1]}}"}]},{{operation}}
            """)).ExpectError(400, scimType);

        Assert.StartsWith("Operations[2]: ", detail, StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(group, (await scim.GetAsync($"/Groups/{group["id"]}")).Object));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_member_that_does_not_exist_is_named_and_nothing_is_created_or_replaced(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync();
        var group = await scim.CreateGroupAsync("G", user);
        var body = $$"""{"schemas":["{{ScimClient.Group}}"],"displayName":"H","members":[{"value":"{{user}}"},{"value":"no-such-member"}]}""";

        Assert.Contains("no-such-member", (await scim.PostAsync("/Groups", body)).ExpectError(400, "invalidValue"), StringComparison.Ordinal);
        Assert.Contains("no-such-member", (await scim.PutAsync($"/Groups/{group["id"]}", body)).ExpectError(400, "invalidValue"), StringComparison.Ordinal);

        Assert.Equal(1, (int)(await scim.GetAsync("/Groups")).Object["totalResults"]!);
        Assert.True(JsonNode.DeepEquals(group, (await scim.GetAsync($"/Groups/{group["id"]}")).Object));
    }

    /// <summary>Operations on members are joined before they are carried out, but the refusal still names the one at fault.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task The_operation_that_brings_an_unknown_member_is_named_among_many(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ids = await scim.CreateUserIdsAsync(3);
        var group = await scim.CreateGroupIdAsync("G");
        static string Add(string id) => $$"""{"op":"add","path":"members","value":[{"value":"{{id}}"}]}""";
        var unknown = Guid.NewGuid().ToString().ToUpperInvariant();

        foreach (var (operations, index) in new[]
        {
            (new[] { Add(ids[0]), Add(unknown), Add(ids[1]) }, 1),
            ([Add(ids[0]), Add(ids[0]), Add(ids[1]), Add("nope")], 3),
            ([Add(ids[0]), """{"op":"remove","path":"members"}""", Add(ids[1]), Add(unknown)], 3),
            ([$$$"""{"op":"replace","value":{"members":[{"value":"{{{unknown}}}"}]} }""", Add(ids[1])], 0),
        })
        {
            var detail = (await scim.PatchAsync($"/Groups/{group}", string.Join(',', operations))).ExpectError(400, "invalidValue");
            Assert.StartsWith($"Operations[{index}]: No such member", detail, StringComparison.Ordinal);
        }

        Assert.Empty(await scim.MembersAsync(group));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_5_1_put_replaces_name_and_members_and_without_members_there_are_none(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ids = await scim.CreateUserIdsAsync(3);
        var group = await scim.CreateGroupIdAsync("G", ids[0], ids[1]);

        var put = (await scim.PutAsync($"/Groups/{group}", $$"""{"displayName":"H","members":[{"value":"{{ids[1]}}"},{"value":"{{ids[2]}}"}]}""")).Expect(200);
        Assert.Equal(ids[1..].Sorted(), put.Object["members"]!.AsArray().Select(member => (string)member!["value"]!).Sorted());
        Assert.Equal("W/\"2\"", put.ETag);

        Assert.False((await scim.PutAsync($"/Groups/{group}", """{"displayName":"H"}""")).Expect(200).Object.ContainsKey("members"));
        Assert.Empty(await scim.MembersAsync(group));
        (await scim.PutAsync($"/Groups/{group}", """{"members":[]}""")).ExpectError(400, "invalidValue");
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_B11_patch_is_204_unless_attributes_are_asked_for_and_carries_the_new_ETag(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var group = await scim.CreateGroupIdAsync("G");

        var silent = (await scim.PatchAsync($"/Groups/{group}", """{"op":"replace","path":"displayName","value":"H"}""")).Expect(204);
        Assert.Empty(silent.Text);
        Assert.Equal("W/\"2\"", silent.ETag);

        var asked = (await scim.PatchAsync($"/Groups/{group}?attributes=displayName", """{"op":"replace","path":"displayName","value":"I"}""")).Expect(200);
        JsonAssert.Equal($$"""{"schemas":["{{ScimClient.Group}}"],"id":"{{group}}","displayName":"I"}""", asked.Object);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Names_of_groups_are_unique_in_any_case_also_by_put_and_patch(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateGroupIdAsync("Admins");
        var group = await scim.CreateGroupIdAsync("Users");

        (await scim.PostAsync("/Groups", """{"displayName":"ADMINS"}""")).ExpectError(409, "uniqueness");
        (await scim.PutAsync($"/Groups/{group}", """{"displayName":"admins"}""")).ExpectError(409, "uniqueness");
        (await scim.PatchAsync($"/Groups/{group}", """{"op":"replace","path":"displayName","value":"aDMINS"}""")).ExpectError(409, "uniqueness");
        (await scim.PatchAsync($"/Groups/{group}", """{"op":"replace","path":"displayName","value":"USERS"}""")).Expect(204);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Groups_are_found_by_members_and_users_by_groups(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ids = await scim.CreateUserIdsAsync(2);
        var group = await scim.CreateGroupIdAsync("G", ids[0]);

        Assert.Equal([group], (await scim.FindAsync("/Groups", $"members[value eq \"{ids[0]}\"]")).Expect(200).Ids);
        Assert.Equal([group], (await scim.FindAsync("/Groups", "members pr")).Expect(200).Ids);
        Assert.Empty((await scim.FindAsync("/Groups", $"members eq \"{ids[1]}\"")).Expect(200).Ids);
        Assert.Equal([ids[0]], (await scim.FindAsync("/Users", $"groups.value eq \"{group}\"")).Expect(200).Ids);
        Assert.Equal([ids[1]], (await scim.FindAsync("/Users", $"not (groups.value eq \"{group}\")")).Expect(200).Ids);
        Assert.Equal([ids[0]], (await scim.FindAsync("/Users", "groups.display eq \"g\"")).Expect(200).Ids);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_group_of_three_hundred_members_is_created_read_and_changed(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var groups = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => scim.CreateGroupIdAsync()));
        var group = await scim.CreateGroupIdAsync("Big", groups);

        Assert.Equal(groups.Sorted(), await scim.MembersAsync(group));
        var half = string.Join(',', groups.Take(150).Select(id => $$"""{"value":"{{id}}"}"""));
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"remove","path":"members","value":[{{half}}]}""")).Expect(204);
        Assert.Equal(groups.Skip(150).Sorted(), await scim.MembersAsync(group));
    }
}
