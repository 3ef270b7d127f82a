using System.Text.Json;
using System.Text.Json.Nodes;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Okta;

public sealed class UsersTests
{
    private const string Create =
        """
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"test.user@okta.local","name":{"givenName":"Test","familyName":"User"},
        "emails":[{"primary":true,"value":"test.user@okta.local","type":"work"}],"displayName":"Test User","locale":"en-US","externalId":"00ujl29u0le5T6Aj10h7",
        "groups":[],"password":"1mz050nq","active":true}
        """;

    private static readonly (string, string) Json = ("Content-Type", "application/scim+json; charset=utf-8");

    [SkippableTheory]
    [EachDatabase("?startIndex=1&count=2", 2)]
    [EachDatabase("?count=1&startIndex=1", 1)]
    public async Task OKTA_01_connection_test_answers_a_list_with_numbers(Database database, string query, int expected)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserAsync();
        await scim.CreateUserAsync();

        var list = (await scim.GetAsync("/Users" + query)).Expect(200).Object;

        Assert.All(["totalResults", "startIndex", "itemsPerPage"], name => Assert.Equal(JsonValueKind.Number, list[name]!.GetValueKind()));
        JsonAssert.Has($$"""{"totalResults":2,"startIndex":1,"itemsPerPage":{{expected}}}""", list);
        Assert.Equal(expected, list["Resources"]!.AsArray().Count);
    }

    [SkippableTheory]
    [EachDatabase("userName%20eq%20%22a.b%2Bc%40example.com%22")]
    [EachDatabase("userName+eq+%22a.b%2Bc%40example.com%22")]
    public async Task OKTA_02_lookup_before_create_takes_blanks_as_percent_20_and_as_plus(Database database, string filter)
    {
        var scim = await TestServers.NewTenantAsync(database);
        Assert.Equal(0, (int)(await scim.GetAsync($"/Users?filter={filter}&startIndex=1&count=100")).Expect(200).Object["totalResults"]!);

        var id = await scim.CreateUserIdAsync("a.b+c@example.com");

        var found = (await scim.GetAsync($"/Users?filter={filter}&startIndex=1&count=100")).Expect(200);
        Assert.Equal([id], found.Ids);
        Assert.Equal(1, (int)found.Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task OKTA_03_create_ignores_groups_and_answers_the_whole_resource(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var answer = (await scim.PostAsync("/Users", Create, Json)).Expect(201);

        JsonAssert.Has(
            """
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"test.user@okta.local","name":{"givenName":"Test","familyName":"User"},
            "emails":[{"primary":true,"value":"test.user@okta.local","type":"work"}],"displayName":"Test User","locale":"en-US","externalId":"00ujl29u0le5T6Aj10h7",
            "active":true,"groups":null,"password":null}
            """,
            answer.Object);
        Assert.Equal($"{scim.BaseUrl}/Users/{answer.Object["id"]}", answer.Location);
        Assert.Equal(answer.Location, (string?)answer.Object["meta"]!["location"]);
        Assert.Equal(answer.ETag, (string?)answer.Object["meta"]!["version"]);
        Assert.DoesNotContain("1mz050nq", answer.Text, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task OKTA_03_groups_with_content_are_ignored_as_well(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var group = await scim.CreateGroupAsync();

        var user = await scim.CreateUserAsync(more: $$""" "groups":[{"value":"{{group["id"]}}","display":"x"}] """);

        Assert.False(user.ContainsKey("groups"));
        Assert.Empty(await scim.MembersAsync((string)group["id"]!));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task OKTA_04_the_same_userName_again_is_409_and_names_it(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        (await scim.PostAsync("/Users", Create, Json)).Expect(201);

        var detail = (await scim.PostAsync("/Users", Create.Replace("test.user@okta.local", "Test.User@Okta.Local", StringComparison.Ordinal), Json)).ExpectError(409, "uniqueness");

        Assert.Contains("userName", detail, StringComparison.Ordinal);
        Assert.Equal(1, (int)(await scim.GetAsync("/Users")).Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task OKTA_05_update_puts_the_whole_resource_back_with_readOnly_and_unknown_attributes(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = (string)(await scim.PostAsync("/Users", Create, Json)).Expect(201).Object["id"]!;
        var group = await scim.CreateGroupAsync(null, id);
        var known = (await scim.GetAsync($"/Users/{id}")).Expect(200).Object;
        known["name"]!["givenName"] = "Another";
        known["title"] = "Staff";
        known["customAttribute"] = "x";
        known["urn:okta:custom:1.0:user"] = new JsonObject { ["shoeSize"] = 44 };
        known["groups"] = new JsonArray();

        var answer = (await scim.PutAsync($"/Users/{id}", known.ToJsonString(), Json)).Expect(200).Object;

        JsonAssert.Has(
            """
            {"name":{"givenName":"Another","familyName":"User"},"title":"Staff","locale":"en-US","externalId":"00ujl29u0le5T6Aj10h7","active":true,
            "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"customAttribute":null,"urn:okta:custom:1.0:user":null}
            """,
            answer);
        Assert.Equal(id, (string?)answer["id"]);
        Assert.Equal((string?)known["meta"]!["created"], (string?)answer["meta"]!["created"]);
        Assert.Equal([id], await scim.MembersAsync((string)group["id"]!));
        Assert.Equal(answer.ToJsonString(), (await scim.GetAsync($"/Users/{id}")).Object.ToJsonString());
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task OKTA_06_pathless_patch_disables_and_enables_and_the_user_is_still_found(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = (string)(await scim.PostAsync("/Users", Create, Json)).Expect(201).Object["id"]!;

        foreach (var active in new[] { "false", "true", "false" })
        {
            var answer = (await scim.PatchAsync($"/Users/{id}", $$$"""{"op":"replace","value":{"active":{{{active}}}}}""", Json)).Expect(200).Object;
            JsonAssert.Has($$"""{"active":{{active}}}""", answer);
        }

        Assert.False((bool)(await scim.GetAsync($"/Users/{id}")).Expect(200).Object["active"]!);
        Assert.Equal([id], (await scim.FindAsync("/Users", "userName eq \"test.user@okta.local\"")).Expect(200).Ids);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task OKTA_06_put_with_active_false_disables(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = (await scim.PostAsync("/Users", Create, Json)).Expect(201).Object;
        user["active"] = false;

        Assert.False((bool)(await scim.PutAsync($"/Users/{user["id"]}", user.ToJsonString(), Json)).Expect(200).Object["active"]!);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task OKTA_07_password_is_taken_by_put_and_patch_and_never_returned(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = (await scim.PostAsync("/Users", Create, Json)).Expect(201).Object;
        var path = $"/Users/{user["id"]}";
        user["password"] = "s3cret-A";

        ScimResponse[] answers =
        [
            (await scim.PutAsync(path, user.ToJsonString(), Json)).Expect(200),
            (await scim.PatchAsync(path, """{"op":"replace","value":{"password":"s3cret-B"}}""")).Expect(200),
            (await scim.PatchAsync(path, """{"op":"replace","path":"password","value":"s3cret-C"}""")).Expect(200),
            (await scim.GetAsync(path)).Expect(200),
            (await scim.GetAsync(path + "?attributes=password")).Expect(200),
            (await scim.GetAsync("/Users?attributes=userName,password")).Expect(200),
        ];

        Assert.All(answers, answer => Assert.DoesNotContain("password", answer.Text, StringComparison.OrdinalIgnoreCase));
        Assert.All(answers, answer => Assert.DoesNotContain("s3cret", answer.Text, StringComparison.Ordinal));
        (await scim.FindAsync("/Users", "password eq \"s3cret-C\"")).ExpectError(400, "invalidFilter");
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task OKTA_08_import_pages_give_every_user_once_in_a_stable_order(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var created = new HashSet<string>();
        for (var i = 0; i < 7; i++)
        {
            created.Add(await scim.CreateUserIdAsync($"import{6 - i}@example.com"));
        }

        var first = await PagesAsync(scim, 3);
        Assert.Equal(7, first.Length);
        Assert.Equal(created, [.. first]);
        Assert.Equal(first, await PagesAsync(scim, 3));
        Assert.Equal(first, await PagesAsync(scim, 100));
    }

    private static async Task<string[]> PagesAsync(ScimClient scim, int count)
    {
        var ids = new List<string>();
        int total;
        do
        {
            var page = (await scim.GetAsync($"/Users?startIndex={ids.Count + 1}&count={count}")).Expect(200);
            Assert.Equal(ids.Count + 1, (int)page.Object["startIndex"]!);
            Assert.Equal(page.Ids.Length, (int)page.Object["itemsPerPage"]!);
            Assert.NotEmpty(page.Ids);
            ids.AddRange(page.Ids);
            total = (int)page.Object["totalResults"]!;
        }
        while (ids.Count < total);

        return [.. ids];
    }
}
