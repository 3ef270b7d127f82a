using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Okta;

public sealed class GroupsTests
{
    [SkippableTheory]
    [EachDatabase]
    public async Task OKTA_09_groups_are_imported_by_pages_and_looked_up_by_displayName(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync();
        var group = await scim.CreateGroupIdAsync("Test SCIMv2", user);

        var import = (await scim.GetAsync("/Groups?startIndex=1&count=100")).Expect(200);
        Assert.Equal([group], import.Ids);
        Assert.Equal(user, (string?)import.Resources[0]!["members"]![0]!["value"]);
        Assert.Equal([group], (await scim.FindAsync("/Groups", "displayName eq \"Test SCIMv2\"", "&startIndex=1&count=100")).Expect(200).Ids);
        Assert.Empty((await scim.FindAsync("/Groups", "displayName eq \"Other\"", "&startIndex=1&count=100")).Expect(200).Ids);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task OKTA_10_group_push_creates_with_and_without_members(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync("test.user@okta.local");

        var empty = (await scim.PostAsync("/Groups", """{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Empty","members":[]}""")).Expect(201);
        var full = (await scim.PostAsync("/Groups", $$"""
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Full","members":[{"value":"{{user}}","display":"test.user@okta.local"}]}
            """)).Expect(201);

        Assert.Equal($"{scim.BaseUrl}/Groups/{empty.Object["id"]}", empty.Location);
        JsonAssert.Has("""{"displayName":"Empty","members":null}""", empty.Object);
        JsonAssert.Equal($$"""[{"value":"{{user}}","display":"test.user@okta.local","type":"User","$ref":"{{scim.BaseUrl}}/Users/{{user}}"}]""", full.Object["members"]);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task OKTA_11_rename_carries_the_id_in_the_value(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync();
        var group = await scim.CreateGroupIdAsync("Old", user);

        var answer = (await scim.PatchAsync($"/Groups/{group}", $$$"""{"op":"replace","value":{"id":"{{{group}}}","displayName":"New"}}""")).Expect(204);

        Assert.Empty(answer.Text);
        Assert.Equal("New", (string?)(await scim.GetAsync($"/Groups/{group}")).Object["displayName"]);
        Assert.Equal([user], await scim.MembersAsync(group));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task OKTA_12_members_are_added_and_removed_also_in_one_request(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ids = await scim.CreateUserIdsAsync(4);
        var group = await scim.CreateGroupIdAsync();
        var path = $"/Groups/{group}";

        (await scim.PatchAsync(path, $$"""{"op":"add","path":"members","value":[{"value":"{{ids[0]}}","display":"a@b.c"},{"value":"{{ids[1]}}","display":"d@e.f"}]}""")).Expect(204);
        Assert.Equal(ids[..2].Sorted(), await scim.MembersAsync(group));

        (await scim.PatchAsync(path, $$"""{"op":"remove","path":"members[value eq \"{{ids[0]}}\"]"}""")).Expect(204);
        Assert.Equal([ids[1]], await scim.MembersAsync(group));

        (await scim.PatchAsync(path, $$"""
            {"op":"remove","path":"members[value eq \"{{ids[1]}}\"]"},
            {"op":"add","path":"members","value":[{"value":"{{ids[2]}}","display":"x"},{"value":"{{ids[3]}}","display":"y"}]}
            """)).Expect(204);
        Assert.Equal(ids[2..].Sorted(), await scim.MembersAsync(group));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task OKTA_13_members_are_replaced_by_patch_and_by_put(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ids = await scim.CreateUserIdsAsync(3);
        var group = await scim.CreateGroupIdAsync("Push", ids[0]);

        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"replace","path":"members","value":[{"value":"{{ids[1]}}"},{"value":"{{ids[2]}}"}]}""")).Expect(204);
        Assert.Equal(ids[1..].Sorted(), await scim.MembersAsync(group));

        var put = (await scim.PutAsync($"/Groups/{group}", $$"""
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"{{group}}","displayName":"Pushed","members":[{"value":"{{ids[0]}}","display":"y"}]}
            """)).Expect(200);
        Assert.Equal("Pushed", (string?)put.Object["displayName"]);
        Assert.Equal([ids[0]], await scim.MembersAsync(group));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task OKTA_14_delete_of_a_group_is_204_and_leaves_its_members(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync();
        var group = await scim.CreateGroupIdAsync(null, user);

        var answer = (await scim.DeleteAsync($"/Groups/{group}")).Expect(204);

        Assert.Empty(answer.Text);
        (await scim.GetAsync($"/Groups/{group}")).ExpectError(404);
        Assert.False((await scim.GetAsync($"/Users/{user}")).Expect(200).Object.ContainsKey("groups"));
    }
}
