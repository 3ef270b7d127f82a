using System.Text.Json.Nodes;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.OtherClients;

/// <summary>What is known of further clients (idp-behaviour, part 3).</summary>
public sealed class OtherClientsTests
{
    private const string Body =
        """
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada@example.com","externalId":"4711","active":true,
         "name":{"givenName":"Ada","familyName":"Lovelace"},"emails":[{"value":"ada@example.com","type":"work","primary":true}]}
        """;

    [SkippableTheory]
    [EachDatabase]
    public async Task ONELOGIN_01_posts_puts_and_maps_roles_to_groups_by_patch(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = (await scim.PostAsync("/Users", Body)).Expect(201).Object;
        var id = (string)user["id"]!;
        user["title"] = "Countess";
        JsonAssert.Has("""{"title":"Countess"}""", (await scim.PutAsync($"/Users/{id}", user.ToJsonString())).Expect(200).Object);

        var group = await scim.CreateGroupIdAsync("Role");
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{id}}"}]}""")).Expect(204);
        Assert.Equal([id], await scim.MembersAsync(group));
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"remove","path":"members[value eq \"{{id}}\"]"}""")).Expect(204);
        Assert.Empty(await scim.MembersAsync(group));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task JUMPCLOUD_01_looks_up_puts_and_deactivates_by_put(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        Assert.Empty((await scim.FindAsync("/Users", "userName eq \"ada@example.com\"")).Expect(200).Ids);
        var user = (await scim.PostAsync("/Users", Body)).Expect(201).Object;
        user["active"] = false;
        Assert.False((bool)(await scim.PutAsync($"/Users/{user["id"]}", user.ToJsonString())).Expect(200).Object["active"]!);

        var group = await scim.CreateGroupIdAsync("JumpCloud");
        (await scim.PutAsync($"/Groups/{group}", $$"""{"schemas":["{{ScimClient.Group}}"],"displayName":"JumpCloud","members":[{"value":"{{user["id"]}}"}]}""")).Expect(200);
        Assert.Equal([(string)user["id"]!], await scim.MembersAsync(group));
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"remove","path":"members","value":[{"value":"{{user["id"]}}"}]}""")).Expect(204);
        Assert.Empty(await scim.MembersAsync(group));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task GOOGLE_01_replaces_attribute_by_attribute_suspends_and_deletes(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = (string)(await scim.PostAsync("/Users", Body)).Expect(201).Object["id"]!;
        Assert.Equal([id], (await scim.FindAsync("/Users", "userName eq \"ada@example.com\"")).Ids);

        foreach (var operation in new[] { """{"op":"replace","path":"name.givenName","value":"Augusta"}""", """{"op":"replace","path":"active","value":false}""" })
        {
            (await scim.PatchAsync($"/Users/{id}", operation)).Expect(200);
        }

        JsonAssert.Has("""{"active":false,"name":{"givenName":"Augusta","familyName":"Lovelace"}}""", (await scim.GetAsync($"/Users/{id}")).Object);
        (await scim.DeleteAsync($"/Users/{id}")).Expect(204);
    }

    [SkippableTheory]
    [EachDatabase("userName Eq \"ada@example.com\"")]
    [EachDatabase("externalId eq \"4711\"")]
    [EachDatabase("urn:ietf:params:scim:schemas:core:2.0:User:userName eq \"ada@example.com\"")]
    [EachDatabase("urn:ietf:params:scim:schemas:core:2.0:User:emails.value eq \"ada@example.com\"")]
    public async Task PING_01_looks_up_by_names_and_explicit_URNs_with_Eq(Database database, string filter)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = (string)(await scim.PostAsync("/Users", Body)).Expect(201).Object["id"]!;

        Assert.Equal([id], (await scim.FindAsync("/Users", filter)).Expect(200).Ids);
        var patched = await scim.PatchAsync($"/Users/{id}", """
            {"op":"replace","path":"urn:ietf:params:scim:schemas:core:2.0:User:name.familyName","value":"King"}
            """);
        Assert.Equal("King", (string?)patched.Expect(200).Object["name"]!["familyName"]);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task SAILPOINT_01_aggregates_by_large_pages_and_by_lastModified(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var first = await scim.CreateUserAsync();
        var since = (string)first["meta"]!["lastModified"]!;
        var second = await scim.CreateUserIdAsync();
        await Task.Delay(2);
        (await scim.PatchAsync($"/Users/{second}", """{"op":"replace","path":"title","value":"T"}""")).Expect(200);

        var all = (await scim.GetAsync("/Users?startIndex=1&count=1000")).Expect(200);
        Assert.Equal(2, all.Ids.Length);
        Assert.Equal([second], (await scim.FindAsync("/Users", $"meta.lastModified gt \"{since}\"")).Expect(200).Ids);
        Assert.Equal(2, (await scim.FindAsync("/Users", $"meta.lastModified ge \"{since}\"")).Expect(200).Ids.Length);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task KEYCLOAK_01_AUTHENTIK_01_read_the_configuration_and_put_groups_with_all_members(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var config = (await scim.GetAsync("/ServiceProviderConfig")).Expect(200).Object;
        Assert.True((bool)config["patch"]!["supported"]!);
        Assert.True((bool)config["filter"]!["supported"]!);
        var users = await scim.CreateUserIdsAsync(3);
        var group = (await scim.PostAsync("/Groups", $$"""{"schemas":["{{ScimClient.Group}}"],"displayName":"authentik","externalId":"g-1"}""")).Expect(201).Object;

        var members = string.Join(',', users.Select(id => $$"""{"value":"{{id}}"}"""));
        (await scim.PutAsync($"/Groups/{group["id"]}", $$"""{"schemas":["{{ScimClient.Group}}"],"displayName":"authentik","externalId":"g-1","members":[{{members}}]}""")).Expect(200);
        (await scim.PatchAsync($"/Groups/{group["id"]}", $$"""
            {"op":"remove","path":"members","value":[{"value":"{{users[0]}}"}]},{"op":"remove","path":"members","value":[{"value":"{{users[1]}}"}]}
            """)).Expect(204);

        Assert.Equal([users[2]], await scim.MembersAsync((string)group["id"]!));
        Assert.Equal([(string)group["id"]!], (await scim.FindAsync("/Groups", "externalId eq \"g-1\"")).Ids);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ALL_01_a_repeated_request_does_no_harm(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = (string)(await scim.PostAsync("/Users", Body)).Expect(201).Object["id"]!;
        (await scim.PostAsync("/Users", Body)).ExpectError(409, "uniqueness");

        const string Patch = """{"op":"add","path":"emails","value":[{"value":"second@example.com","type":"home"}]},{"op":"replace","path":"title","value":"T"}""";
        var once = (await scim.PatchAsync($"/Users/{id}", Patch)).Expect(200);
        Assert.Equal(once.Text, (await scim.PatchAsync($"/Users/{id}", Patch)).Expect(200).Text);

        var put = (await scim.PutAsync($"/Users/{id}", Body)).Expect(200);
        Assert.Equal(put.Text, (await scim.PutAsync($"/Users/{id}", Body)).Expect(200).Text);

        (await scim.DeleteAsync($"/Users/{id}")).Expect(204);
        (await scim.DeleteAsync($"/Users/{id}")).ExpectError(404);
    }

    [SkippableTheory]
    [EachDatabase("/Users/?count=1")]
    [EachDatabase("//Users?count=1")]
    [EachDatabase("/Users?")]
    [EachDatabase("//Users//")]
    [EachDatabase("/Users/?")]
    public async Task ALL_02_slashes_too_many_and_an_empty_query_reach_the_same_endpoint(Database database, string path)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync();

        Assert.Equal([id], (await scim.GetAsync(path)).Expect(200).Ids);
    }

    /// <summary>Pain 12: a look-up must not find everybody.</summary>
    [SkippableTheory]
    [EachDatabase("?/Users?filter=userName%20eq%20%22nobody%22")]
    [EachDatabase("?/Users/2819c223-7f76-453a-919d-413861904646")]
    [EachDatabase("?aadOptscim062020/Users&count=10")]
    public async Task ALL_02_a_look_up_behind_a_base_URL_with_a_question_mark_is_refused(Database database, string path)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserIdAsync();

        Assert.Contains("question mark", (await scim.GetAsync(path)).ExpectError(400, "invalidValue"), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ALL_02_locations_have_no_slash_too_many(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var created = (await scim.PostAsync("//Users/", Body)).Expect(201);

        Assert.Equal($"{scim.BaseUrl}/Users/{created.Object["id"]}", created.Location);
        Assert.True(JsonNode.DeepEquals(created.Object, (await scim.GetAsync($"//Users//{created.Object["id"]}/")).Expect(200).Object));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task An_empty_path_is_taken_as_none_and_a_remove_with_one_removes_nothing(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = (string)(await scim.PostAsync("/Users", Body)).Expect(201).Object["id"]!;
        JsonAssert.Has("""{"title":"Countess","active":false}""", (await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"","value":{"title":"Countess","active":"False"}}""")).Expect(200).Object);
        (await scim.PatchAsync($"/Users/{id}", """{"op":"remove","path":""}""")).ExpectError(400, "noTarget");
        (await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":" ","value":{"title":"x"}}""")).ExpectError(400, "invalidPath");

        var group = await scim.CreateGroupIdAsync("G", id);
        (await scim.PatchAsync($"/Groups/{group}", """{"op":"remove","path":""}""")).ExpectError(400, "noTarget");
        Assert.Equal([id], await scim.MembersAsync(group));
    }
}
