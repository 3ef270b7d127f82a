using System.Text.Json.Nodes;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Entra;

public sealed class UserLookupTests
{
    [SkippableTheory]
    [EachDatabase("/Users", "userName eq \"6b7c1c0e-4a55-4a8f-9d0e-7c1d0f2d9b11\"", "")]
    [EachDatabase("/Groups", "displayName eq \"6b7c1c0e-4a55-4a8f-9d0e-7c1d0f2d9b11\"", "&excludedAttributes=members")]
    public async Task ENTRA_01_02_connection_test_with_a_random_name_is_200_and_an_empty_list(Database database, string path, string filter, string more)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var answer = (await scim.FindAsync(path, filter, more)).Expect(200);

        Assert.Equal(ScimClient.MediaType, answer.ContentType);
        JsonAssert.Has(
            """{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"Resources":[],"startIndex":1,"itemsPerPage":0}""",
            answer.Object);
    }

    [SkippableTheory]
    [EachDatabase("userName eq \"non-existent user\"")]
    [EachDatabase("externalId eq \"nobody\"")]
    [EachDatabase("emails[type eq \"work\"].value eq \"nobody@contoso.com\"")]
    [EachDatabase("id eq \"5171a35d82074e068ce2\"")]
    [EachDatabase("userName eq \"x\" and active eq true")]
    [EachDatabase("employeeNumber eq \"0\"")]
    public async Task ENTRA_03_05_a_lookup_without_a_hit_is_never_404(Database database, string filter)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserAsync();

        var list = (await scim.FindAsync("/Users", filter)).Expect(200).Object;

        JsonAssert.Has("""{"totalResults":0,"Resources":[]}""", list);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_04_a_lookup_with_a_hit_answers_the_whole_user(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserAsync();
        var created = (await scim.PostAsync("/Users", UserCreateTests.Entra12)).Expect(201).Object;

        var list = (await scim.FindAsync("/Users", "userName eq \"Test_User_00aa00aa-bb11-cc22-dd33-44ee44ee44ee\"")).Expect(200).Object;

        Assert.Equal(1, (int)list["totalResults"]!);
        Assert.True(JsonNode.DeepEquals(created, Assert.Single(list["Resources"]!.AsArray())));
        Assert.All(["id", "userName", "active", "emails", "name", "meta"], name => Assert.True(created.ContainsKey(name)));
    }

    [SkippableTheory]
    [EachDatabase("ANNA.TEST@CONTOSO.COM")]
    [EachDatabase("anna.test@contoso.com")]
    public async Task ENTRA_06_userName_is_looked_up_in_any_case(Database database, string userName)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync("Anna.Test@contoso.com");

        Assert.Equal([id], (await scim.FindAsync("/Users", $"userName eq \"{userName}\"")).Expect(200).Ids);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_07_lookup_by_externalId_is_case_exact_and_an_unquoted_literal_is_refused(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync(more: """ "externalId":"jyoung" """);

        Assert.Equal([id], (await scim.FindAsync("/Users", "externalId eq \"jyoung\"")).Expect(200).Ids);
        Assert.Empty((await scim.FindAsync("/Users", "externalId eq \"JYOUNG\"")).Expect(200).Ids);
        (await scim.FindAsync("/Users", "externalId eq jyoung")).ExpectError(400, "invalidFilter");
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_08_lookup_by_work_email_is_met_by_one_element_alone(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var hit = await scim.CreateUserIdAsync(more: """ "emails":[{"type":"work","value":"user@contoso.com"}] """);
        await scim.CreateUserAsync(more: """ "emails":[{"type":"work","value":"other@contoso.com"},{"type":"home","value":"user@contoso.com"}] """);

        Assert.Equal([hit], (await scim.FindAsync("/Users", "emails[type eq \"work\"].value eq \"user@contoso.com\"")).Expect(200).Ids);
        Assert.Equal([hit], (await scim.FindAsync("/Users", "emails[type eq \"work\" and value eq \"USER@contoso.com\"]")).Expect(200).Ids);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_09_a_disabled_user_is_still_found(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync("gone@contoso.com");
        (await scim.PatchAsync($"/Users/{id}", """{"op":"Replace","path":"active","value":"False"}""")).Expect(200);

        var found = (await scim.FindAsync("/Users", "userName eq \"gone@contoso.com\"")).Expect(200);

        Assert.Equal([id], found.Ids);
        Assert.False((bool)found.Resources[0]!["active"]!);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_10_11_get_by_id_is_200_or_a_404_that_names_the_id(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserAsync();

        Assert.True(JsonNode.DeepEquals(user, (await scim.GetAsync($"/Users/{user["id"]}")).Expect(200).Object));
        Assert.Contains("5171a35d82074e068ce2", (await scim.GetAsync("/Users/5171a35d82074e068ce2")).ExpectError(404), StringComparison.Ordinal);
        (await scim.GetAsync($"/Users/{Guid.NewGuid()}")).ExpectError(404);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_B25_a_literal_with_JSON_escapes_finds_what_it_says(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync(more: """ "externalId":"O'Brien \"the\\ way\" \u00fc+&=%" """);

        Assert.Equal([id], (await scim.FindAsync("/Users", """externalId eq "O'Brien \"the\\ way\" ü+&=%" """.Trim())).Expect(200).Ids);
        Assert.Equal([id], (await scim.FindAsync("/Users", """externalId eq "O'Brien \"the\\ way\" \u00fc+&=%" """.Trim())).Expect(200).Ids);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_50_51_users_are_paged_by_index_without_overlap(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        for (var i = 0; i < 11; i++)
        {
            await scim.CreateUserAsync();
        }

        var seen = new HashSet<string>();
        foreach (var (start, expected) in new[] { (1, 5), (6, 5), (11, 1), (16, 0) })
        {
            var page = (await scim.GetAsync($"/Users?startIndex={start}&count=5", ("Accept", ScimClient.MediaType))).Expect(200);
            JsonAssert.Has($$"""{"totalResults":11,"startIndex":{{start}},"itemsPerPage":{{expected}}}""", page.Object);
            Assert.Equal(expected, page.Ids.Count(seen.Add));
        }

        Assert.Single((await scim.GetAsync("/Users?startIndex=1&count=1")).Expect(200).Ids);
    }
}
