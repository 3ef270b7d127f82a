using System.Text.Json.Nodes;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Conditional;

/// <summary>Versions (RFC 7644 §3.14).</summary>
public sealed class ConditionalTests
{
    [SkippableTheory]
    [EachDatabase("/Users", """{"userName":"a"}""", """{"userName":"a","externalId":"x"}""")]
    [EachDatabase("/Groups", """{"displayName":"a"}""", """{"displayName":"a","externalId":"x"}""")]
    public async Task RFC7644_3_14_ETag_equals_meta_version_on_create_read_and_replace(Database database, string endpoint, string body, string changed)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var created = (await scim.PostAsync(endpoint, body)).Expect(201);
        var path = $"{endpoint}/{created.Object["id"]}";

        foreach (var answer in new[] { created, await scim.GetAsync(path), await scim.PutAsync(path, body) })
        {
            Assert.Equal("W/\"1\"", answer.ETag);
            Assert.Equal(answer.ETag, (string?)answer.Object["meta"]!["version"]);
        }

        var replaced = (await scim.PutAsync(path, changed)).Expect(200);
        Assert.Equal("W/\"2\"", replaced.ETag);
        Assert.Equal(replaced.ETag, (string?)replaced.Object["meta"]!["version"]);
    }

    [SkippableTheory]
    [EachDatabase("W/\"1\"", 304)]
    [EachDatabase("\"1\"", 304)]
    [EachDatabase("*", 304)]
    [EachDatabase("\"zzz\", W/\"1\"", 304)]
    [EachDatabase("W/\"2\"", 200)]
    [EachDatabase("W/\"10\"", 200)]
    [EachDatabase("1", 200)]
    [EachDatabase("garbage", 200)]
    public async Task RFC7644_3_14_If_None_Match(Database database, string condition, int status)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync();

        var answer = (await scim.GetAsync($"/Users/{id}", ("If-None-Match", condition))).Expect(status);

        Assert.Equal("W/\"1\"", answer.ETag);
        Assert.Equal(status == 304, answer.Text.Length == 0);
    }

    [SkippableTheory]
    [EachDatabase("W/\"2\"")]
    [EachDatabase("W/\"stale\"")]
    [EachDatabase("\"0\", W/\"3\"")]
    [EachDatabase("nonsense")]
    public async Task RFC7644_3_14_a_stale_If_Match_is_412_for_put_patch_and_delete_and_changes_nothing(Database database, string condition)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserAsync("a");
        var path = $"/Users/{user["id"]}";

        (await scim.PutAsync(path, """{"userName":"b"}""", ("If-Match", condition))).ExpectError(412);
        (await scim.PatchAsync(path, """{"op":"replace","path":"title","value":"T"}""", ("If-Match", condition))).ExpectError(412);
        (await scim.DeleteAsync(path, ("If-Match", condition))).ExpectError(412);

        Assert.True(JsonNode.DeepEquals(user, (await scim.GetAsync(path)).Expect(200).Object));
    }

    [SkippableTheory]
    [EachDatabase("W/\"1\"")]
    [EachDatabase("\"1\"")]
    [EachDatabase("*")]
    [EachDatabase("W/\"7\", W/\"1\"")]
    public async Task RFC7644_3_14_a_matching_If_Match_lets_the_change_through(Database database, string condition)
    {
        var scim = await TestServers.NewTenantAsync(database);
        string[] ids = await scim.CreateUserIdsAsync(3);

        (await scim.PutAsync($"/Users/{ids[0]}", """{"userName":"b"}""", ("If-Match", condition))).Expect(200);
        Assert.Equal("W/\"2\"", (await scim.PatchAsync($"/Users/{ids[1]}", """{"op":"replace","path":"title","value":"T"}""", ("If-Match", condition))).Expect(200).ETag);
        (await scim.DeleteAsync($"/Users/{ids[2]}", ("If-Match", condition))).Expect(204);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_14_If_Match_of_a_missing_resource_is_404_or_412(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        (await scim.DeleteAsync($"/Users/{Guid.NewGuid()}", ("If-Match", "*"))).Expect(404, 412);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_membership_change_changes_the_groups_version_but_not_the_users(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync();
        var group = await scim.CreateGroupIdAsync();

        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{user}}"}]}""", ("If-Match", "W/\"1\""))).Expect(204);

        Assert.Equal("W/\"2\"", (await scim.GetAsync($"/Groups/{group}", ("If-None-Match", "W/\"1\""))).Expect(200).ETag);
        Assert.Equal("W/\"1\"", (await scim.GetAsync($"/Users/{user}")).ETag);
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{user}}"}]}""", ("If-Match", "W/\"1\""))).ExpectError(412);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Lists_carry_the_version_of_each_resource(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync();
        (await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"title","value":"T"}""")).Expect(200);

        Assert.Equal("W/\"2\"", (string?)(await scim.GetAsync("/Users")).Resources[0]!["meta"]!["version"]);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_change_back_to_the_old_value_is_a_version_of_its_own(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync(more: """ "title":"A" """);

        (await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"title","value":"B"}""")).Expect(200);
        Assert.Equal("W/\"3\"", (await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"title","value":"A"}""")).Expect(200).ETag);
        Assert.Equal("W/\"3\"", (await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"title","value":"B"},{"op":"replace","path":"title","value":"A"}""")).Expect(200).ETag);
    }
}
