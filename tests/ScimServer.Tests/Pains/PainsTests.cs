using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Pains;

/// <summary>
/// What other servers fail at, by its number in the list of pains. Races (5 and 17) are in <see cref="Races"/>; the numbers that
/// are missing here belong to features that are not served yet.
/// </summary>
public sealed class PainsTests
{
    private const string Ent = ScimClient.Enterprise;

    [SkippableTheory]
    [EachDatabase]
    public async Task Pain_01_booleans_as_strings_are_read_by_type_and_never_by_name(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var posted = await scim.CreateUserAsync("a", """ "active":"False","displayName":"False","title":"true","emails":[{"value":"True","primary":"True"}] """);
        const string Expected = """{"active":false,"displayName":"False","title":"true","emails":[{"value":"True","primary":true}]}""";
        JsonAssert.Has(Expected, posted);

        JsonAssert.Has(Expected, (await scim.PutAsync($"/Users/{posted["id"]}", """{"userName":"a","active":"FALSE","displayName":"False","title":"true","emails":[{"value":"True","primary":"true"}]}""")).Expect(200).Object);
        JsonAssert.Has("""{"active":true,"displayName":"True"}""", (await scim.PatchAsync($"/Users/{posted["id"]}", """{"op":"Replace","value":{"active":"True","displayName":"True"}}""")).Expect(200).Object);
        Assert.Single((await scim.FindAsync("/Users", "active eq \"True\" and displayName eq \"True\"")).Expect(200).Ids);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Pain_02_operations_names_and_URNs_are_taken_in_any_case(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync("a");

        var user = (await scim.SendAsync(HttpMethod.Patch, $"/Users/{id}", """
            {"SCHEMAS":["URN:ietf:params:scim:api:messages:2.0:patchop"],"operations":[
              {"OP":"REPLACE","Path":"DISPLAYNAME","Value":"D"},
              {"op":"aDD","path":"URN:ietf:params:scim:schemas:extension:ENTERPRISE:2.0:User:Department","value":"E"},
              {"op":"Add","path":"EMAILS[TYPE EQ \"work\"].VALUE","value":"w@x.y"}]}
            """)).Expect(200).Object;

        JsonAssert.Has($$$"""{"displayName":"D","{{{Ent}}}":{"department":"E"},"emails":[{"type":"work","value":"w@x.y"}]}""", user);
        Assert.Equal([id], (await scim.FindAsync("/users", "USERNAME EQ \"A\"")).Expect(200).Ids);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Pain_03_removing_members_by_a_value_array_leaves_the_others(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ids = await scim.CreateUserIdsAsync(5);
        var group = await scim.CreateGroupIdAsync("G", ids);

        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"Remove","path":"members","value":[{"$ref":null,"value":"{{ids[0]}}"},{"value":"{{ids[1]}}"}]}""")).Expect(204);
        Assert.Equal(ids[2..].Sorted(), await scim.MembersAsync(group));

        // A value that names no one must not be read as "all".
        (await scim.PatchAsync($"/Groups/{group}", """{"op":"Remove","path":"members","value":[]}""")).Expect(204);
        Assert.Equal(ids[2..].Sorted(), await scim.MembersAsync(group));
    }

    [SkippableTheory]
    [EachDatabase("\"\"")]
    [EachDatabase("\" \"")]
    [EachDatabase("[\"\"]")]
    [EachDatabase("{}")]
    [EachDatabase("[{}]")]
    [EachDatabase("[null]")]
    [EachDatabase("{\"value\":\"\"}")]
    public async Task Pain_03_a_remove_whose_value_names_no_one_removes_no_one(Database database, string value)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ids = await scim.CreateUserIdsAsync(2);
        var group = await scim.CreateGroupIdAsync("G", ids);
        var user = await scim.CreateUserIdAsync("a", """ "emails":[{"value":"a@b.c"},{"value":"d@e.f","type":"work"}] """);

        await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"Remove","path":"members","value":{{value}}}""");
        await scim.PatchAsync($"/Users/{user}", $$"""{"op":"Remove","path":"emails","value":{{value}}}""");

        Assert.Equal(ids.Sorted(), await scim.MembersAsync(group));
        Assert.Equal(2, (await scim.GetAsync($"/Users/{user}")).Object["emails"]!.AsArray().Count);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Pain_04_adding_a_member_answers_and_records_that_member_alone(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ids = await scim.CreateUserIdsAsync(20);
        var group = await scim.CreateGroupIdAsync("G", ids[1..]);

        var answer = (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{ids[0]}}"}]}""")).Expect(204);

        Assert.Empty(answer.Text);
        await using var context = scim.Server.Services.GetRequiredService<ScimDatabase>().Open(scim.Tenant.Id);
        var change = await context.Changes.OrderBy(change => change.Seq).LastAsync();
        JsonAssert.Equal($$$"""{"attributes":["members"],"operations":[{"op":"add","path":"members","value":[{"value":"{{{ids[0]}}}","type":"User"}]}]}""", JsonNode.Parse(change.Delta));
    }

    [SkippableTheory]
    [EachDatabase("add")]
    [EachDatabase("replace")]
    public async Task Pain_06_a_value_path_without_a_target_creates_the_element(Database database, string op)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync(more: """ "emails":[{"type":"home","value":"h@x.y"}] """);

        var user = (await scim.PatchAsync($"/Users/{id}", $$"""
            {"op":"{{op}}","path":"emails[type eq \"work\"].value","value":"w@x.y"},{"op":"{{op}}","path":"addresses[type eq \"work\" and primary eq true].country","value":"DE"}
            """)).Expect(200).Object;

        JsonAssert.Has("""{"emails":[{"type":"home","value":"h@x.y"},{"type":"work","value":"w@x.y"}],"addresses":[{"type":"work","primary":true,"country":"DE"}]}""", user);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Pain_07_manager_as_a_bare_string_is_its_value_in_post_put_and_patch(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync("a", $$$""" "{{{Ent}}}":{"manager":"1"} """);
        Assert.Equal("1", Manager((await scim.GetAsync($"/Users/{id}")).Object));
        Assert.Equal("2", Manager((await scim.PutAsync($"/Users/{id}", $$$"""{"userName":"a","{{{Ent}}}":{"manager":"2"}}""")).Expect(200).Object));
        Assert.Equal("3", Manager((await scim.PatchAsync($"/Users/{id}", $$"""{"op":"replace","path":"{{Ent}}:manager","value":"3"}""")).Expect(200).Object));
        Assert.Equal("4", Manager((await scim.PatchAsync($"/Users/{id}", $$$"""{"op":"replace","value":{"{{{Ent}}}":{"manager":"4"} } }""")).Expect(200).Object));

        static string? Manager(JsonObject user) => (string?)user[Ent]!["manager"]!["value"];
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Pain_08_keys_of_a_pathless_value_are_paths_and_complex_values_merge(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync(more: $$$""" "name":{"givenName":"G","middleName":"M"},"{{{Ent}}}":{"costCenter":"C"} """);

        var user = (await scim.PatchAsync($"/Users/{id}", $$$"""
            {"op":"replace","value":{"name.familyName":"F","{{{Ent}}}:department":"D","emails[type eq \"work\"].value":"w@x.y","name":{"givenName":"N"},"unknown.thing":"x"}}
            """)).Expect(200).Object;

        JsonAssert.Has(
            $$$"""
            {"name":{"givenName":"N","familyName":"F","middleName":"M"},"{{{Ent}}}":{"costCenter":"C","department":"D"},"emails":[{"type":"work","value":"w@x.y"}],
             "name.familyName":null,"{{{Ent}}}:department":null,"unknown.thing":null}
            """,
            user);
    }

    [SkippableTheory]
    [EachDatabase("Straße", "STRASSE", false)]
    [EachDatabase("İstanbul", "istanbul", false)]
    [EachDatabase("ΣΊΣΥΦΟΣ", "σίσυφοσ", true)]
    [EachDatabase("Bjensen", "bJENSEN", true)]
    public async Task Pain_09_userName_has_one_case_rule_for_uniqueness_and_filters(Database database, string stored, string other, bool same)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserIdAsync(stored);

        Assert.Equal(same, (await scim.FindAsync("/Users", $"userName eq \"{other}\"")).Expect(200).Ids.Length == 1);
        Assert.Equal(same ? 409 : 201, (await scim.PostAsync("/Users", $$"""{"userName":"{{other}}"}""")).Status);
    }

    [SkippableTheory]
    [EachDatabase("userName sw \"u\" and (title eq \"A\" or title eq \"B\") and not (active eq false)", "u1")]
    [EachDatabase("title eq \"A\" or title eq \"B\" and active eq false", "u1,u2")]
    [EachDatabase("(title eq \"A\" or title eq \"B\") and active eq false", "u2")]
    [EachDatabase("emails[type eq \"work\" and (value ew \"@x.y\" or primary eq true)] and title pr", "u1")]
    [EachDatabase("not (title pr)", "u3")]
    [EachDatabase("name.familyName co \"aa\" or nickName eq \"with \\\"quotes\\\" and (parens) or eq\"", "u2,u3")]
    [EachDatabase("title eq \"A\" or title eq \"B\" or title eq \"C\" or nickName pr", "u1,u2,u3")]
    [EachDatabase("title gt \"A\" and title le \"B\"", "u2")]
    [EachDatabase("title ne \"A\"", "u2,u3")]
    [EachDatabase("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"sales\" and meta.resourceType eq \"User\"", "u1")]
    public async Task Pain_10_11_compound_filters_keep_precedence_quotes_and_terms(Database database, string filter, string expected)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserAsync("u1", $$$""" "title":"A","emails":[{"type":"work","value":"a@x.y"}],"{{{Ent}}}":{"department":"Sales"} """);
        await scim.CreateUserAsync("u2", """ "title":"B","active":false,"name":{"familyName":"Maarten"},"emails":[{"type":"home","value":"b@x.y","primary":true}] """);
        await scim.CreateUserAsync("u3", """ "nickName":"with \"quotes\" and (parens) or eq" """);

        var found = (await scim.FindAsync("/Users", filter)).Expect(200);

        Assert.Equal(expected, string.Join(',', found.Resources.Select(user => (string)user!["userName"]!).Order(StringComparer.Ordinal)));
        Assert.Equal(found.Ids.Length, (int)found.Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase("primaryEmail eq \"a\"")]
    [EachDatabase("emails.nope eq \"a\"")]
    [EachDatabase("userName matches \"a\"")]
    [EachDatabase("active co \"t\"")]
    [EachDatabase("x509Certificates.value gt \"a\"")]
    public async Task Pain_12_a_filter_that_cannot_be_carried_out_is_refused_and_never_answers_everyone(Database database, string filter)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserIdAsync();

        (await scim.FindAsync("/Users", filter)).ExpectError(400, "invalidFilter");
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Pain_13_totals_pages_and_count_0_agree(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserIdsAsync(5);
        await scim.CreateUserAsync("odd");

        foreach (var filter in new[] { "", "&filter=userName%20sw%20%22user%22", "&filter=userName%20pr" })
        {
            var total = (int)(await scim.GetAsync("/Users?count=0" + filter)).Expect(200).Object["totalResults"]!;
            var all = (await scim.GetAsync("/Users?startIndex=1&count=100" + filter)).Expect(200).Ids;
            var pages = new List<string>();
            for (var start = 1; start <= total; start += 2)
            {
                pages.AddRange((await scim.GetAsync($"/Users?startIndex={start}&count=2{filter}")).Expect(200).Ids);
            }

            Assert.Equal(total, all.Length);
            Assert.Equal(all, pages);
        }
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Pain_18_a_conflict_is_409_with_scimType_and_names_the_attribute(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserIdAsync("taken@example.com");
        await scim.CreateGroupIdAsync("taken");

        Assert.Contains("userName", (await scim.PostAsync("/Users", """{"userName":"TAKEN@example.com"}""")).ExpectError(409, "uniqueness"), StringComparison.Ordinal);
        Assert.Contains("displayName", (await scim.PostAsync("/Groups", """{"displayName":"Taken"}""")).ExpectError(409, "uniqueness"), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Pain_19_a_user_is_provisioned_again_after_deactivation_and_after_deletion(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync("back@example.com", """ "externalId":"E" """);
        (await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"active","value":false}""")).Expect(200);
        (await scim.PostAsync("/Users", """{"userName":"back@example.com"}""")).ExpectError(409, "uniqueness");
        Assert.Equal([id], (await scim.FindAsync("/Users", "userName eq \"back@example.com\"")).Ids);
        Assert.True((bool)(await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"active","value":true}""")).Expect(200).Object["active"]!);

        (await scim.DeleteAsync($"/Users/{id}")).Expect(204);
        var again = await scim.CreateUserIdAsync("back@example.com", """ "externalId":"E" """);
        Assert.Equal([again], (await scim.FindAsync("/Users", "externalId eq \"E\"")).Ids);
    }

    [SkippableTheory]
    [EachDatabase("add")]
    [EachDatabase("replace")]
    public async Task Pain_20_extension_URNs_with_dots_work_in_every_place_of_a_patch(Database database, string op)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync();

        var user = (await scim.PatchAsync($"/Users/{id}", $$$"""
            {"op":"{{{op}}}","path":"{{{Ent}}}:department","value":"D"},{"op":"{{{op}}}","path":"{{{Ent}}}:manager.value","value":"m"},
            {"op":"{{{op}}}","path":"{{{Ent}}}","value":{"division":"V"}},{"op":"{{{op}}}","value":{"{{{Ent}}}":{"costCenter":"C"},"{{{Ent}}}:organization":"O"}}
            """)).Expect(200).Object;
        JsonAssert.Equal("""{"department":"D","manager":{"value":"m"},"division":"V","costCenter":"C","organization":"O"}""", user[Ent]);

        Assert.False((await scim.PatchAsync($"/Users/{id}", $$"""{"op":"remove","path":"{{Ent}}"}""")).Expect(200).Object.ContainsKey(Ent));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Pain_21_members_can_be_replaced_though_their_values_are_immutable_and_readOnly_is_ignored_in_put(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ids = await scim.CreateUserIdsAsync(3);
        var group = await scim.CreateGroupIdAsync("G", ids[0], ids[1]);

        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"replace","path":"members","value":[{"value":"{{ids[1]}}"},{"value":"{{ids[2]}}"}]}""")).Expect(204);
        Assert.Equal(ids[1..].Sorted(), await scim.MembersAsync(group));

        // RFC 7644 §3.5.2.3: what the filter selects is replaced; if it selects nothing that is noTarget, whatever was to be changed.
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"replace","path":"members[value eq \"{{ids[1]}}\"]","value":[{"value":"{{ids[0]}}"}]}""")).Expect(204);
        Assert.Equal(new[] { ids[0], ids[2] }.Sorted(), await scim.MembersAsync(group));
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"replace","path":"members[value eq \"{{ids[1]}}\"]","value":[{"value":"{{ids[0]}}"}]}""")).ExpectError(400, "noTarget");
        (await scim.PatchAsync($"/Groups/{group}", """{"op":"replace","path":"members[type eq \"Group\"].value","value":"x"}""")).ExpectError(400, "noTarget");
        var detail = (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"externalId","value":"x"},{"op":"replace","path":"members[value eq \"{{ids[2]}}\"].value","value":"{{ids[1]}}"}""")).ExpectError(400, "mutability");
        Assert.StartsWith("Operations[1]: ", detail, StringComparison.Ordinal);
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"replace","path":"members[type eq \"User\"]","value":[{"value":"{{ids[1]}}"},{"value":"{{ids[2]}}"}]}""")).Expect(204);
        Assert.Equal(ids[1..].Sorted(), await scim.MembersAsync(group));

        var read = (await scim.GetAsync($"/Users/{ids[0]}")).Object;
        read["meta"] = new JsonObject { ["version"] = "old" };
        read["groups"] = new JsonArray(new JsonObject { ["value"] = group });
        read["id"] = "another";
        Assert.Equal(ids[0], (string?)(await scim.PutAsync($"/Users/{ids[0]}", read.ToJsonString())).Expect(200).Object["id"]);
        Assert.Equal(ids[1..].Sorted(), await scim.MembersAsync(group));
    }

    /// <summary>RFC 7644 Table 9. Only data of schemas that may exist elsewhere are passed over.</summary>
    [SkippableTheory]
    [EachDatabase("urn:ietf:params:scim:schemas:core:2.0:User.active")]
    [EachDatabase("urn:ietf:params:scim:schemas:core:2.0:Usr:active")]
    [EachDatabase("urn:ietf:params:scim:schemas:core:2.0:Group:displayName")]
    [EachDatabase(Ent + ".department")]
    [EachDatabase("urn:ietf:params:scim:schemas:extension:enterprise:2.0:Usr:department")]
    public async Task Pain_22_a_misspelt_URN_is_refused_and_changes_nothing(Database database, string path)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync();

        (await scim.PatchAsync($"/Users/{id}", $$"""{"op":"replace","path":"title","value":"T"},{"op":"replace","path":"{{path}}","value":false}""")).ExpectError(400, "invalidPath");
        (await scim.PatchAsync($"/Users/{id}", $$$"""{"op":"replace","value":{"title":"T","{{{path}}}":false}}""")).ExpectError(400, "invalidPath");
        (await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"urn:ietf:params:scim:schemas:extension:Custom:2.0:User:shoe","value":44}""")).Expect(200);

        Assert.Equal("W/\"1\"", (await scim.GetAsync($"/Users/{id}")).ETag);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Pain_22_nothing_succeeds_silently(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var group = await scim.CreateGroupIdAsync();
        var unknown = Guid.NewGuid().ToString();

        var detail = (await scim.PatchAsync($"/Groups/{group}", $$"""
            {"op":"replace","path":"displayName","value":"New"},{"op":"add","path":"members","value":[{"value":"{{unknown}}"}]}
            """)).ExpectError(400, "invalidValue");
        Assert.Contains(unknown, detail, StringComparison.Ordinal);

        (await scim.PatchAsync($"/Groups/{group}", """{"op":"move","path":"displayName","value":"x"}""")).ExpectError(400, "invalidSyntax");
        (await scim.PatchAsync($"/Groups/{group}", """{"op":"replace","path":"emails","value":"x"}""")).ExpectError(400, "invalidPath");
        Assert.Equal("W/\"1\"", (await scim.GetAsync($"/Groups/{group}")).ETag);
    }
}
