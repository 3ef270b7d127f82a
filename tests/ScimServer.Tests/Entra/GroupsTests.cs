using System.Text.Json.Nodes;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Entra;

public sealed class GroupsTests
{
    private const string Entra56 =
        """
        {
          "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group", "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
          "externalId": "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159",
          "displayName": "displayName",
          "meta": {"resourceType": "Group"}
        }
        """;

    [SkippableTheory]
    [EachDatabase("displayName", 1)]
    [EachDatabase("DISPLAYNAME", 1)]
    [EachDatabase("another", 0)]
    public async Task ENTRA_52_53_54_lookup_excludes_members_and_takes_any_case(Database database, string name, int hits)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync();
        await scim.CreateGroupAsync("displayName", user);

        var found = (await scim.GetAsync($"/Groups?excludedAttributes=members&filter=displayName%20eq%20%22{name}%22")).Expect(200);

        Assert.Equal(hits, found.Resources.Count);
        Assert.Equal(hits, (int)found.Object["totalResults"]!);
        Assert.DoesNotContain("members", found.Text, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_55_get_by_id_without_members_has_no_such_key(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync();
        var group = await scim.CreateGroupAsync(null, user);

        var read = (await scim.GetAsync($"/Groups/{group["id"]}?excludedAttributes=members")).Expect(200).Object;

        JsonAssert.Has($$"""{"displayName":"{{group["displayName"]}}","members":null}""", read);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_56_57_create_ignores_the_unknown_schema_and_a_duplicate_is_409(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var group = (await scim.PostAsync("/Groups", Entra56)).Expect(201).Object;
        (await scim.PostAsync("/Groups", Entra56)).ExpectError(409, "uniqueness");

        JsonAssert.Has($$"""{"schemas":["{{ScimClient.Group}}"],"externalId":"8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159","displayName":"displayName","members":null}""", group);
        Assert.Equal(1, (int)(await scim.GetAsync("/Groups")).Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase("ENTRA-58", """{"op":"Replace","path":"displayName","value":"1879db59-updatedDisplayName"}""", """{"displayName":"1879db59-updatedDisplayName"}""")]
    [EachDatabase("ENTRA-59", """{"op":"replace","value":{"displayName":"FGUMMHRSNONL"}}""", """{"displayName":"FGUMMHRSNONL"}""")]
    [EachDatabase("ENTRA-60", """{"op":"replace","path":"externalId","value":"1a1f87f5-20d9-42f8-b1c8-722b59d09116"}""", """{"externalId":"1a1f87f5-20d9-42f8-b1c8-722b59d09116"}""")]
    public async Task ENTRA_58_59_60_attributes_change_with_204_and_members_stay(Database database, string @case, string operation, string expected)
    {
        Assert.StartsWith("ENTRA-", @case, StringComparison.Ordinal);
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync();
        var group = await scim.CreateGroupIdAsync(null, user);

        Assert.Empty((await scim.PatchAsync($"/Groups/{group}", operation)).Expect(204).Text);

        JsonAssert.Has(expected, (await scim.GetAsync($"/Groups/{group}")).Object);
        Assert.Equal([user], await scim.MembersAsync(group));
    }

    /// <summary>The group begins with a and b; c and d are further users. Letters stand for ids.</summary>
    [SkippableTheory]
    [EachDatabase("ENTRA-61", """{"op":"Add","path":"members","value":[{"$ref":null,"value":"<c>"}]}""", "abc")]
    [EachDatabase("ENTRA-62", """{"op":"Add","path":"members","value":[{"$ref":null,"value":"<c>"},{"$ref":null,"value":"<d>"}]}""", "abcd")]
    [EachDatabase("ENTRA-63", """{"op":"Add","path":"members","value":[{"$ref":null,"value":"<a>"}]}""", "ab")]
    [EachDatabase("ENTRA-64", """{"op":"Remove","path":"members","value":[{"$ref":null,"value":"<a>"}]}""", "b")]
    [EachDatabase("ENTRA-65", """{"op":"Remove","path":"members","value":[{"value":"<a>"}]}""", "b")]
    [EachDatabase("ENTRA-65", """{"op":"Remove","path":"members","value":{"value":"<a>"}}""", "b")]
    [EachDatabase("ENTRA-66", """{"op":"remove","path":"members[value eq \"<a>\"]"}""", "b")]
    [EachDatabase("ENTRA-66", """{"op":"Remove","path":"members[value eq \"<a>\" or value eq \"<b>\"]"}""", "")]
    [EachDatabase("ENTRA-67", """{"op":"Remove","path":"members","value":[{"$ref":null,"value":"<c>"}]}""", "ab")]
    [EachDatabase("ENTRA-67", """{"op":"remove","path":"members[value eq \"<c>\"]"}""", "ab")]
    [EachDatabase("ENTRA-67", """{"op":"Remove","path":"members","value":[{"value":"0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f"}]}""", "ab")]
    [EachDatabase("ENTRA-68", """{"op":"Remove","path":"members"}""", "")]
    [EachDatabase("ENTRA-69", """{"op":"Replace","path":"members","value":[]}""", "")]
    [EachDatabase("ENTRA-69", """{"op":"Replace","path":"members","value":null}""", "")]
    [EachDatabase("ENTRA-64", """{"op":"Remove","path":"members","value":[]}""", "ab")]
    public async Task ENTRA_61_to_69_members_change_as_listed_with_204_and_repeating_changes_nothing(Database database, string @case, string operation, string expected)
    {
        Assert.StartsWith("ENTRA-", @case, StringComparison.Ordinal);
        var scim = await TestServers.NewTenantAsync(database);
        var ids = new Dictionary<char, string>();
        foreach (var letter in "abcd")
        {
            ids[letter] = await scim.CreateUserIdAsync();
            operation = operation.Replace($"<{letter}>", ids[letter], StringComparison.Ordinal);
        }

        var group = await scim.CreateGroupIdAsync(null, ids['a'], ids['b']);
        var after = expected.Select(letter => ids[letter]).Sorted();

        Assert.Empty((await scim.PatchAsync($"/Groups/{group}", operation)).Expect(204).Text);
        Assert.Equal(after, await scim.MembersAsync(group));
        var meta = (await scim.GetAsync($"/Groups/{group}")).Object["meta"]!;
        Assert.Equal(expected == "ab" ? "W/\"1\"" : "W/\"2\"", (string?)meta["version"]);

        (await scim.PatchAsync($"/Groups/{group}", operation)).Expect(204);
        Assert.Equal(after, await scim.MembersAsync(group));
        Assert.True(JsonNode.DeepEquals(meta, (await scim.GetAsync($"/Groups/{group}")).Object["meta"]));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_70_71_delete_is_204_and_404_the_second_time(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var group = (await scim.CreateGroupAsync())["id"];

        (await scim.DeleteAsync($"/Groups/{group}")).Expect(204);
        (await scim.DeleteAsync($"/Groups/{group}")).ExpectError(404);
        (await scim.DeleteAsync("/Groups/cdb1ce18f65944079d37")).ExpectError(404);
        (await scim.GetAsync($"/Groups/{group}")).ExpectError(404);
    }

    [SkippableTheory]
    [EachDatabase("members")]
    [EachDatabase("members.value")]
    [EachDatabase("MEMBERS.VALUE")]
    public async Task ENTRA_72_the_member_check_query_answers_id_alone(Database database, string path)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var member = await scim.CreateUserIdAsync();
        var other = await scim.CreateUserIdAsync();
        var group = await scim.CreateGroupIdAsync(null, member);

        var hit = (await scim.FindAsync("/Groups", $"id eq \"{group}\" and {path} eq \"{member}\"", "&attributes=id")).Expect(200);

        JsonAssert.Equal($$"""[{"schemas":["{{ScimClient.Group}}"],"id":"{{group}}"}]""", hit.Resources);
        Assert.Empty((await scim.FindAsync("/Groups", $"id eq \"{group}\" and {path} eq \"{other}\"", "&attributes=id")).Expect(200).Ids);
    }
}
