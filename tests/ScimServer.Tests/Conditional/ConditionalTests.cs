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
    [EachDatabase("W/\"1,0\", \"\"", 200)]
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
    [EachDatabase("W/\"\"")]
    [EachDatabase(",")]
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

    /// <summary>A condition that cannot be read must not be passed over: the client would take the change for guarded.</summary>
    [SkippableTheory]
    [EachDatabase("1")]
    [EachDatabase("nonsense")]
    [EachDatabase("\"1")]
    [EachDatabase("w/\"1\"")]
    [EachDatabase("W/ \"1\"")]
    [EachDatabase("\"a b\"")]
    [EachDatabase("\"1\" \"2\"")]
    [EachDatabase("*, \"1\"")]
    [EachDatabase("**")]
    public async Task RFC9110_8_8_3_what_is_no_entity_tag_is_400_on_every_method_and_changes_nothing(Database database, string condition)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserAsync("a");

        foreach (var header in new[] { "If-Match", "If-None-Match" })
        {
            foreach (var answer in await EachMethodAsync(scim, (string)user["id"]!, (header, condition)))
            {
                Assert.Contains(header, answer.ExpectError(400, "invalidValue"), StringComparison.Ordinal);
            }
        }

        Assert.True(JsonNode.DeepEquals(user, (await scim.GetAsync($"/Users/{user["id"]}")).Expect(200).Object));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC9110_13_1_2_If_None_Match_keeps_a_write_from_the_versions_that_it_names(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserAsync("a");
        var path = $"/Users/{user["id"]}";

        foreach (var condition in new[] { "W/\"1\"", "\"1\"", "*", "\"0\",, W/\"1\"" })
        {
            (await scim.PutAsync(path, """{"userName":"b"}""", ("If-None-Match", condition))).ExpectError(412);
            (await scim.PatchAsync(path, """{"op":"replace","path":"title","value":"T"}""", ("If-None-Match", condition))).ExpectError(412);
            (await scim.DeleteAsync(path, ("If-None-Match", condition))).ExpectError(412);
        }

        Assert.True(JsonNode.DeepEquals(user, (await scim.GetAsync(path)).Expect(200).Object));
        Assert.Equal("W/\"2\"", (await scim.PutAsync(path, """{"userName":"b"}""", ("If-None-Match", "\"7\""))).Expect(200).ETag);
        Assert.Equal("W/\"3\"", (await scim.PatchAsync(path, """{"op":"replace","path":"title","value":"T"}""", ("If-None-Match", "\"1\""))).Expect(200).ETag);
        (await scim.DeleteAsync(path, ("If-None-Match", "\"1\", \"2\""))).Expect(204);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC9110_13_2_2_If_Match_comes_before_If_None_Match(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var path = $"/Users/{await scim.CreateUserIdAsync()}";

        (await scim.GetAsync(path, ("If-Match", "\"2\""), ("If-None-Match", "\"1\""))).ExpectError(412);
        (await scim.GetAsync(path, ("If-Match", "\"1\""), ("If-None-Match", "\"1\""))).Expect(304);
        (await scim.GetAsync(path, ("If-Match", "\"1\""), ("If-None-Match", "\"2\""))).Expect(200);
        (await scim.GetAsync(path, ("If-Match", "*"))).Expect(200);
        (await scim.PatchAsync(path, """{"op":"replace","path":"title","value":"T"}""", ("If-Match", "\"1\""), ("If-None-Match", "\"1\""))).ExpectError(412);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task HEAD_is_answered_as_GET_is_and_without_a_body(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var path = $"/Users/{await scim.CreateUserIdAsync()}";

        foreach (var (condition, status) in new[] { (("If-Match", "\"2\""), 412), (("If-None-Match", "\"1\""), 304), (("If-Match", "\"1\""), 200), (("If-None-Match", "?"), 400) })
        {
            var get = (await scim.GetAsync(path, condition)).Expect(status);
            var head = (await scim.SendAsync(HttpMethod.Head, path, null, condition)).Expect(status);
            Assert.Empty(head.Text);
            Assert.Equal((get.ETag, get.Location, get.ContentType, get.Header("Vary")), (head.ETag, head.Location, head.ContentType, head.Header("Vary")));
        }
    }

    /// <summary>RFC 9110 §13.2.1: what would fail without the condition fails as it would.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_missing_resource_is_404_whatever_the_condition(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = Guid.NewGuid().ToString();

        foreach (var condition in new[] { ("If-Match", "*"), ("If-Match", "\"1\""), ("If-None-Match", "*") })
        {
            Assert.All(await EachMethodAsync(scim, id, condition), answer => answer.ExpectError(404));
        }
    }

    /// <summary>No Last-Modified is sent, so RFC 9110 §13.1.3 and §13.1.4 have both headers ignored.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Conditions_on_dates_are_ignored(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var path = $"/Users/{await scim.CreateUserIdAsync()}";

        Assert.Null((await scim.GetAsync(path, ("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT"))).Expect(200).Header("Last-Modified"));
        (await scim.DeleteAsync(path, ("If-Unmodified-Since", "Sat, 01 Jan 2000 00:00:00 GMT"))).Expect(204);
    }

    /// <summary>Lists and messages have no entity tag and select no version.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Conditions_on_lists_and_creates_are_ignored(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        Assert.Null((await scim.GetAsync("/Users", ("If-None-Match", "*"))).Expect(200).ETag);
        (await scim.PostAsync("/Users", """{"userName":"a"}""", ("If-None-Match", "*"), ("If-Match", "\"5\""))).Expect(201);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_7_a_version_of_a_bulk_operation_is_its_If_Match(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        string[] ids = await scim.CreateUserIdsAsync(3);
        var versions = new[] { "*", "\"0\", W/\"1\"", "W/\"1\"", "W/\"2\"", "1", "" };

        var statuses = new List<string>();
        foreach (var version in versions)
        {
            var operation = new JsonObject
            {
                ["method"] = "PATCH",
                ["path"] = $"/Users/{ids[statuses.Count % 3]}",
                ["version"] = version,
                ["data"] = JsonNode.Parse($$"""{"schemas":["{{ScimClient.PatchOp}}"],"Operations":[{"op":"replace","path":"title","value":"T"}]}"""),
            };
            var body = new JsonObject { ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:BulkRequest"), ["Operations"] = new JsonArray(operation) };
            statuses.Add((string)(await scim.PostAsync("/Bulk", body.ToJsonString())).Expect(200).Object["Operations"]![0]!["status"]!);
        }

        // After the first three every user has version 2.
        Assert.Equal(["200", "200", "200", "200", "400", "412"], statuses);
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

    private static async Task<ScimResponse[]> EachMethodAsync(ScimClient scim, string id, (string Name, string Value) header) =>
    [
        await scim.GetAsync($"/Users/{id}", header),
        await scim.PutAsync($"/Users/{id}", """{"userName":"b"}""", header),
        await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"title","value":"T"}""", header),
        await scim.DeleteAsync($"/Users/{id}", header),
    ];
}
