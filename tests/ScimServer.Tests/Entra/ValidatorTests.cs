using System.Text.Json.Nodes;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Entra;

/// <summary>The sequences of scimvalidator.microsoft.com (idp-behaviour 1.12), with its full payloads.</summary>
public sealed class ValidatorTests
{
    private const string Manager = ScimClient.Enterprise + ":manager";

    [SkippableTheory]
    [EachDatabase]
    public async Task Validator_create_duplicate_filter_and_delete_a_user(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await CreateAsync(scim);
        (await scim.PostAsync("/Users", UserCreateTests.Entra15)).ExpectError(409, "uniqueness");

        Assert.Equal([id], await FindAsync(scim, "shaniya@bauch.co.uk"));
        Assert.Equal([id], await FindAsync(scim, "SHANIYA@BAUCH.CO.UK"));
        Assert.Empty(await FindAsync(scim, "nobody"));

        (await scim.DeleteAsync($"/Users/{id}")).Expect(204);
        (await scim.GetAsync($"/Users/{id}")).ExpectError(404);
        (await scim.DeleteAsync($"/Users/{id}")).ExpectError(404);
        Assert.Equal(201, (await scim.PostAsync("/Users", UserCreateTests.Entra15)).Status);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Validator_replace_attributes_verbose(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await CreateAsync(scim);

        (await scim.PatchAsync($"/Users/{id}", """
            {"op":"replace","path":"emails[type eq \"work\"].value","value":"new@work.example"},
            {"op":"replace","path":"emails[type eq \"work\"].primary","value":true},
            {"op":"replace","path":"addresses[type eq \"work\"].formatted","value":"A1"},
            {"op":"replace","path":"addresses[type eq \"work\"].streetAddress","value":"A2"},
            {"op":"replace","path":"addresses[type eq \"work\"].locality","value":"A3"},
            {"op":"replace","path":"addresses[type eq \"work\"].region","value":"A4"},
            {"op":"replace","path":"addresses[type eq \"work\"].postalCode","value":"A5"},
            {"op":"replace","path":"addresses[type eq \"work\"].primary","value":true},
            {"op":"replace","path":"addresses[type eq \"work\"].country","value":"A6"},
            {"op":"replace","path":"phoneNumbers[type eq \"work\"].value","value":"P1"},
            {"op":"replace","path":"phoneNumbers[type eq \"work\"].primary","value":true},
            {"op":"replace","path":"phoneNumbers[type eq \"mobile\"].value","value":"P2"},
            {"op":"replace","path":"phoneNumbers[type eq \"fax\"].value","value":"P3"},
            {"op":"replace","path":"roles[primary eq \"True\"].display","value":"R1"},
            {"op":"replace","path":"roles[primary eq \"True\"].value","value":"R2"},
            {"op":"replace","path":"roles[primary eq \"True\"].type","value":"R3"},
            {"op":"replace","value":{"active":true,"displayName":"D","title":"T","preferredLanguage":"de","name.givenName":"N1","name.familyName":"N2",
              "name.formatted":"N3","name.middleName":"N4","name.honorificPrefix":"N5","name.honorificSuffix":"N6",
              "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber":"E1",
              "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department":"E2",
              "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter":"E3",
              "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization":"E4",
              "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:division":"E5",
              "userType":"U","nickName":"K","locale":"L","timezone":"Z","profileUrl":"W"}}
            """)).Expect(200);

        JsonAssert.Has(
            """
            {"emails":[{"type":"work","value":"new@work.example","primary":true}],
             "addresses":[{"type":"work","formatted":"A1","streetAddress":"A2","locality":"A3","region":"A4","postalCode":"A5","primary":true,"country":"A6"}],
             "phoneNumbers":[{"type":"work","value":"P1","primary":true},{"type":"mobile","value":"P2"},{"type":"fax","value":"P3"}],
             "roles":[{"primary":true,"display":"R1","value":"R2","type":"R3"}],
             "displayName":"D","title":"T","preferredLanguage":"de",
             "name":{"givenName":"N1","familyName":"N2","formatted":"N3","middleName":"N4","honorificPrefix":"N5","honorificSuffix":"N6"},
             "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"E1","department":"E2","costCenter":"E3","organization":"E4","division":"E5","manager":{"value":"GZFDHGRKQLCG"}},
             "userType":"U","nickName":"K","locale":"L","timezone":"Z","profileUrl":"W"}
            """,
            await FoundAsync(scim));
    }

    [SkippableTheory]
    [EachDatabase("""{"op":"replace","value":{"userName":"renamed@bauch.co.uk"}}""")]
    [EachDatabase("""{"op":"replace","path":"userName","value":"renamed@bauch.co.uk"}""")]
    public async Task Validator_update_userName(Database database, string operation)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await CreateAsync(scim);

        (await scim.PatchAsync($"/Users/{id}", operation)).Expect(200);

        Assert.Equal([id], await FindAsync(scim, "renamed@bauch.co.uk"));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Validator_disable_user_is_still_found_inactive(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await CreateAsync(scim);

        (await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"active","value":false}""")).Expect(200);

        JsonAssert.Has("""{"active":false}""", await FoundAsync(scim));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Validator_add_replace_and_remove_manager(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync("minimal@bauch.co.uk");

        foreach (var (operation, expected) in new[]
        {
            ($$$"""{"op":"add","path":"{{{Manager}}}","value":{"value":"AXTK123"}}""", """{"manager":{"value":"AXTK123"}}"""),
            ($$$"""{"op":"replace","path":"{{{Manager}}}","value":{"value":"BYUL456"}}""", """{"manager":{"value":"BYUL456"}}"""),
            ($$"""{"op":"replace","path":"{{Manager}}","value":"CZVM789"}""", """{"manager":{"value":"CZVM789"}}"""),
        })
        {
            (await scim.PatchAsync($"/Users/{id}", operation)).Expect(200);
            JsonAssert.Equal(expected, (await scim.GetAsync($"/Users/{id}")).Object[ScimClient.Enterprise]);
        }

        (await scim.PatchAsync($"/Users/{id}", $$"""{"op":"remove","path":"{{Manager}}"}""")).Expect(200);
        Assert.False((await scim.GetAsync($"/Users/{id}")).Object.ContainsKey(ScimClient.Enterprise));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Validator_create_duplicate_filter_update_and_delete_a_group(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        const string Body = """{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"NMRVXLXDAHKZ","externalId":"61ee3d01-f1ff-4d80-a5e8-9b0a9b0d6f9c"}""";
        var group = (await scim.PostAsync("/Groups", Body)).Expect(201).Object;
        (await scim.PostAsync("/Groups", Body)).ExpectError(409, "uniqueness");
        var path = $"/Groups/{group["id"]}";
        var userId = await CreateAsync(scim);

        (await scim.PatchAsync(path, $$"""{"op":"add","path":"members","value":[{"value":"{{userId}}"}]}""")).Expect(204);
        Assert.DoesNotContain("members", (await scim.GetAsync(path + "?excludedAttributes=members")).Expect(200).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("members", (await scim.FindAsync("/Groups", "displayName eq \"NMRVXLXDAHKZ\"", "&excludedAttributes=members")).Expect(200).Text, StringComparison.Ordinal);
        Assert.Single((await scim.FindAsync("/Groups", "displayName eq \"nmrvxlxdahkz\"")).Expect(200).Ids);
        Assert.Empty((await scim.FindAsync("/Groups", "displayName eq \"none\"")).Expect(200).Ids);
        (await scim.PatchAsync(path, """{"op":"replace","value":{"displayName":"FGUMMHRSNONL"}}""")).Expect(204);
        (await scim.PatchAsync(path, """{"op":"replace","path":"externalId","value":"1a1f87f5-20d9-42f8-b1c8-722b59d09116"}""")).Expect(204);
        Assert.Equal([userId], await scim.MembersAsync((string)group["id"]!));
        (await scim.PatchAsync(path, $$"""{"op":"remove","path":"members[value eq \"{{userId}}\"]"}""")).Expect(204);
        Assert.Empty(await scim.MembersAsync((string)group["id"]!));
        JsonAssert.Has("""{"displayName":"FGUMMHRSNONL","externalId":"1a1f87f5-20d9-42f8-b1c8-722b59d09116"}""", (await scim.GetAsync(path)).Object);

        (await scim.DeleteAsync(path)).Expect(204);
        (await scim.GetAsync(path)).ExpectError(404);
        (await scim.DeleteAsync(path)).ExpectError(404);
    }

    private static async Task<string> CreateAsync(ScimClient scim) =>
        (string)(await scim.PostAsync("/Users", UserCreateTests.Entra15)).Expect(201).Object["id"]!;

    private static async Task<string[]> FindAsync(ScimClient scim, string userName) =>
        (await scim.FindAsync("/Users", $"userName eq \"{userName}\"")).Expect(200).Ids;

    private static async Task<JsonObject> FoundAsync(ScimClient scim) =>
        Assert.Single((await scim.FindAsync("/Users", "userName eq \"shaniya@bauch.co.uk\"")).Expect(200).Resources)!.AsObject();
}
