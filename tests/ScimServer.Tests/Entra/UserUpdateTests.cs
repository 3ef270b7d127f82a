using System.Text.Json.Nodes;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Entra;

/// <summary>PATCHes of users as Entra ID sends them: what the user has, the operations, what it has afterwards (null: absent).</summary>
public sealed class UserUpdateTests
{
    private const string Ent = ScimClient.Enterprise;

    [SkippableTheory]
    [EachDatabase("ENTRA-18 replace multi-valued and nested value",
        """ "emails":[{"type":"work","value":"old@microsoft.com"}],"name":{"givenName":"G","familyName":"F"} """,
        """
        {"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "updatedEmail@microsoft.com"},
        {"op": "Replace", "path": "name.familyName", "value": "updatedFamilyName"}
        """,
        """{"emails":[{"type":"work","value":"updatedEmail@microsoft.com"}],"name":{"givenName":"G","familyName":"updatedFamilyName"}}""")]
    [EachDatabase("ENTRA-19 rename",
        """ "displayName":"D" """,
        """{"op":"Replace","path":"userName","value":"5b50642d-79fc-4410-9e90-4c077cdd1a59@testuser.com"}""",
        """{"userName":"5b50642d-79fc-4410-9e90-4c077cdd1a59@testuser.com","displayName":"D"}""")]
    [EachDatabase("ENTRA-20 several attributes, without flag",
        """ "emails":[{"type":"work","value":"w@x.y","primary":true},{"type":"home","value":"h@x.y"}] """,
        """
        {"op": "Replace", "path": "displayName", "value": "Pvlo"},
        {"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "TestBcwqnm@test.microsoft.com"},
        {"op": "Replace", "path": "name.givenName", "value": "Gtfd"},
        {"op": "Replace", "path": "name.familyName", "value": "Pkqf"},
        {"op": "Replace", "path": "externalId", "value": "Eqpj"},
        {"op": "Replace", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber", "value": "Eqpj"}
        """,
        """
        {"displayName":"Pvlo","externalId":"Eqpj","name":{"givenName":"Gtfd","familyName":"Pkqf"},
         "emails":[{"type":"work","value":"TestBcwqnm@test.microsoft.com","primary":true},{"type":"home","value":"h@x.y"}],
         "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"Eqpj"},
         "schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]}
        """)]
    [EachDatabase("ENTRA-21 the same with flag aadOptscim062020",
        """ "name":{"givenName":"G","familyName":"F","middleName":"M"} """,
        """
        {"op": "replace", "path": "emails[type eq \"work\"].value", "value": "TestMhvaes@test.microsoft.com"},
        {"op": "replace", "value": {
          "displayName": "Bjfe",
          "name.givenName": "Kkom",
          "name.familyName": "Unua",
          "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber": "Aklq"
        }}
        """,
        """
        {"displayName":"Bjfe","name":{"givenName":"Kkom","familyName":"Unua","middleName":"M"},"name.givenName":null,
         "emails":[{"type":"work","value":"TestMhvaes@test.microsoft.com"}],
         "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber":null,
         "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"Aklq"}}
        """)]
    [EachDatabase("ENTRA-22 add single value, without flag", """ "nickName":"Old" """, """{"op":"Add","path":"nickName","value":"Babs"}""", """{"nickName":"Babs"}""")]
    [EachDatabase("ENTRA-22 add single value, with flag", "", """{"op":"add","path":"nickName","value":"Babs"}""", """{"nickName":"Babs"}""")]
    [EachDatabase("ENTRA-23 add to a filtered element that does not exist",
        "",
        """{"op":"Add","path":"emails[type eq \"work\"].value","value":"new@contoso.com"}""",
        """{"emails":[{"type":"work","value":"new@contoso.com"}]}""")]
    [EachDatabase("ENTRA-24 replace on a filtered element that does not exist",
        """ "emails":[{"type":"home","value":"h@x.y"}] """,
        """{"op":"Replace","path":"emails[type eq \"work\"].value","value":"new@contoso.com"}""",
        """{"emails":[{"type":"home","value":"h@x.y"},{"type":"work","value":"new@contoso.com"}]}""")]
    [EachDatabase("ENTRA-25 value paths on phones and addresses",
        "",
        """
        {"op": "Replace", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "+1 555 0100"},
        {"op": "Replace", "path": "phoneNumbers[type eq \"fax\"].value", "value": "+1 555 0101"},
        {"op": "Replace", "path": "addresses[type eq \"work\"].streetAddress", "value": "1 Main St"},
        {"op": "Replace", "path": "addresses[type eq \"work\"].locality", "value": "Redmond"},
        {"op": "Replace", "path": "addresses[type eq \"other\"].formatted", "value": "Building 7"}
        """,
        """
        {"phoneNumbers":[{"type":"mobile","value":"+1 555 0100"},{"type":"fax","value":"+1 555 0101"}],
         "addresses":[{"type":"work","streetAddress":"1 Main St","locality":"Redmond"},{"type":"other","formatted":"Building 7"}]}
        """)]
    [EachDatabase("ENTRA-26 validator, add attributes verbose",
        "",
        """
        {"op": "add", "path": "active", "value": true},
        {"op": "add", "path": "displayName", "value": "RJEXKNFYZKXS"},
        {"op": "add", "path": "title", "value": "AQRBJVCQOVZL"},
        {"op": "add", "path": "emails[type eq \"work\"].value", "value": "broderick_ohara@blick.name"},
        {"op": "add", "path": "emails[type eq \"work\"].primary", "value": true},
        {"op": "add", "path": "preferredLanguage", "value": "pa"},
        {"op": "add", "path": "name.givenName", "value": "Terrence"},
        {"op": "add", "path": "name.familyName", "value": "Brandi"},
        {"op": "add", "path": "roles[primary eq \"True\"].display", "value": "TQBJFQYVJCAG"},
        {"op": "add", "path": "roles[primary eq \"True\"].value", "value": "UOYTUVLKIPND"},
        {"op": "add", "path": "roles[primary eq \"True\"].type", "value": "VGNBBCPQEMYC"},
        {"op": "add", "path": "userType", "value": "ZEKBCKVMSSHY"},
        {"op": "add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber", "value": "LXDAHKZRQYLX"}
        """,
        """
        {"active":true,"displayName":"RJEXKNFYZKXS","title":"AQRBJVCQOVZL","preferredLanguage":"pa","userType":"ZEKBCKVMSSHY",
         "emails":[{"type":"work","value":"broderick_ohara@blick.name","primary":true}],"name":{"givenName":"Terrence","familyName":"Brandi"},
         "roles":[{"primary":true,"display":"TQBJFQYVJCAG","value":"UOYTUVLKIPND","type":"VGNBBCPQEMYC"}],
         "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"LXDAHKZRQYLX"},
         "schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]}
        """)]
    [EachDatabase("ENTRA-27 boolean literal as string matches the boolean",
        """ "roles":[{"value":"a"},{"value":"b","primary":true}] """,
        """{"op":"Replace","path":"roles[primary eq \"True\"].value","value":"c"}""",
        """{"roles":[{"value":"a"},{"value":"c","primary":true}]}""")]
    [EachDatabase("ENTRA-27 boolean literal as string creates the boolean",
        "",
        """{"op":"Add","path":"roles[primary eq \"True\"].value","value":"c"}""",
        """{"roles":[{"value":"c","primary":true}]}""")]
    [EachDatabase("ENTRA-28 enterprise attribute by full URN",
        "",
        """{"op":"Replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"Sales"}""",
        """
        {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Sales"},
         "schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]}
        """)]
    [EachDatabase("ENTRA-29 disable, without flag", "", """{"op":"Replace","path":"active","value":"False"}""", """{"active":false}""")]
    [EachDatabase("ENTRA-30 disable, with flag", "", """{"op":"replace","path":"active","value":false}""", """{"active":false}""")]
    [EachDatabase("ENTRA-30 disable, as documented", "", """{"op":"Replace","path":"active","value":false}""", """{"active":false}""")]
    [EachDatabase("ENTRA-31 disable with Add", "", """{"op":"Add","path":"active","value":"False"}""", """{"active":false}""")]
    [EachDatabase("ENTRA-32 enable", """ "active":false """, """{"op":"Replace","path":"active","value":"True"}""", """{"active":true}""")]
    [EachDatabase("ENTRA-33 string variant true", """ "active":false """, """{"op":"Replace","path":"active","value":"true"}""", """{"active":true}""")]
    [EachDatabase("ENTRA-33 string variant TRUE", """ "active":false """, """{"op":"Replace","path":"active","value":"TRUE"}""", """{"active":true}""")]
    [EachDatabase("ENTRA-33 string variant false", "", """{"op":"Replace","path":"active","value":"false"}""", """{"active":false}""")]
    [EachDatabase("ENTRA-33 in a path-less value", "", """{"op":"Replace","value":{"active":"False"}}""", """{"active":false}""")]
    [EachDatabase("ENTRA-34 manager added as plain string by full URN",
        "",
        """{"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":"271"}""",
        """{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"271"}}}""")]
    [EachDatabase("ENTRA-35 manager added as an object",
        "",
        """{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":{"value":"AXTK123"}}""",
        """{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"AXTK123"}}}""")]
    [EachDatabase("ENTRA-37 manager replaced as plain string",
        """ "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"1"},"department":"D"} """,
        """{"op":"Replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":"2"}""",
        """{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"2"},"department":"D"}}""")]
    [EachDatabase("ENTRA-37 manager replaced as an object",
        """ "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"1"}} """,
        """{"op":"Replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":{"value":"2"}}""",
        """{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"2"}}}""")]
    [EachDatabase("ENTRA-38 manager removed",
        """ "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"1"},"department":"D"} """,
        """{"op":"remove","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"}""",
        """{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"D"}}""")]
    [EachDatabase("ENTRA-39 manager cleared by an empty string",
        """ "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"1"}} """,
        """{"op":"Replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":""}""",
        """{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":null,"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"]}""")]
    [EachDatabase("ENTRA-43 a role as stringified JSON",
        "",
        """
        {"op":"Add","path":"roles","value":[{"value":"{\"id\":\"06b07648-ecfe-589f-9d2f-6325724a46ee\",\"value\":\"25\",\"displayName\":\"Role1234\"}"}]}
        """,
        """
        {"roles":[{"value":"{\"id\":\"06b07648-ecfe-589f-9d2f-6325724a46ee\",\"value\":\"25\",\"displayName\":\"Role1234\"}"}]}
        """)]
    [EachDatabase("ENTRA-44 complex role list replaced",
        """ "roles":[{"value":"Old","primary":true}] """,
        """
        {"op":"replace","path":"roles","value":[{"primary":false,"type":"WindowsAzureActiveDirectoryRole","display":"User","value":"User"},{"primary":false,"type":"WindowsAzureActiveDirectoryRole","display":"Admin","value":"Admin"}]}
        """,
        """
        {"roles":[{"primary":false,"type":"WindowsAzureActiveDirectoryRole","display":"User","value":"User"},{"primary":false,"type":"WindowsAzureActiveDirectoryRole","display":"Admin","value":"Admin"}]}
        """)]
    [EachDatabase("ENTRA-46 work e-mail cleared by an empty string",
        """ "emails":[{"type":"work","value":"w@x.y","primary":true}] """,
        """{"op":"replace","path":"emails[type eq \"work\"].value","value":""}""",
        """{"emails":null}""")]
    [EachDatabase("ENTRA-46 work e-mail cleared by null leaves the others",
        """ "emails":[{"type":"work","value":"w@x.y"},{"type":"home","value":"h@x.y"}] """,
        """{"op":"replace","path":"emails[type eq \"work\"].value","value":null}""",
        """{"emails":[{"type":"home","value":"h@x.y"}]}""")]
    [EachDatabase("ENTRA-46 clearing what is not there makes nothing",
        "",
        """{"op":"replace","path":"emails[type eq \"work\"].value","value":""}""",
        """{"emails":null}""")]
    [EachDatabase("ENTRA-74 several operations on one attribute",
        """ "externalId":"old" """,
        """
        {"op":"remove","path":"externalId"},{"op":"add","path":"externalId","value":"a"},{"op":"replace","path":"externalId","value":"b"}
        """,
        """{"externalId":"b"}""")]
    [EachDatabase("ENTRA-75 several operations on different attributes",
        """ "preferredLanguage":"en","displayName":"Old" """,
        """
        {"op":"remove","path":"preferredLanguage"},{"op":"add","path":"externalId","value":"e"},{"op":"replace","path":"displayName","value":"New"}
        """,
        """{"preferredLanguage":null,"externalId":"e","displayName":"New"}""")]
    public async Task Entra_patches_do_what_they_mean_and_repeating_them_changes_nothing(Database database, string @case, string user, string operations, string expected)
    {
        Assert.StartsWith("ENTRA-", @case, StringComparison.Ordinal);
        var scim = await TestServers.NewTenantAsync(database);
        var created = await scim.CreateUserAsync(more: user.Trim());
        var path = $"/Users/{created["id"]}";

        var patched = (await scim.PatchAsync(path, operations)).Expect(200);
        JsonAssert.Has(expected, patched.Object);
        Assert.Equal(patched.ETag, (string?)patched.Object["meta"]!["version"]);
        Assert.True(JsonNode.DeepEquals(patched.Object, (await scim.GetAsync(path)).Expect(200).Object));

        var again = (await scim.PatchAsync(path, operations)).Expect(200);
        Assert.Equal(patched.Text, again.Text);
    }

    [SkippableTheory]
    [EachDatabase("title")]
    [EachDatabase("displayName")]
    [EachDatabase("nickName")]
    [EachDatabase("preferredLanguage")]
    [EachDatabase("externalId")]
    [EachDatabase("locale")]
    [EachDatabase("timezone")]
    [EachDatabase("profileUrl")]
    [EachDatabase("userType")]
    [EachDatabase("name.givenName")]
    [EachDatabase("name.familyName")]
    [EachDatabase("name.formatted")]
    [EachDatabase(Ent + ":employeeNumber")]
    [EachDatabase(Ent + ":department")]
    [EachDatabase("phoneNumbers[type eq \"mobile\"].value")]
    [EachDatabase("addresses[type eq \"other\"].formatted")]
    [EachDatabase("addresses[type eq \"work\"].streetAddress")]
    public async Task ENTRA_45_46_each_mapped_attribute_is_cleared_by_an_empty_string_and_by_null(Database database, string path)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var empty = (await scim.CreateUserAsync())["id"];
        var target = JsonValue.Create(path).ToJsonString();

        foreach (var clear in new[] { "\"\"", "null" })
        {
            var set = (await scim.PatchAsync($"/Users/{empty}", $$"""{"op":"Add","path":{{target}},"value":"x1"}""")).Expect(200);
            Assert.Contains("x1", set.Text, StringComparison.Ordinal);

            var cleared = (await scim.PatchAsync($"/Users/{empty}", $$"""{"op":"replace","path":{{target}},"value":{{clear}}}""")).Expect(200).Object;

            Assert.Equal(["active", "id", "meta", "schemas", "userName"], cleared.Select(member => member.Key).Order(StringComparer.Ordinal));
            JsonAssert.Equal($"[\"{ScimClient.User}\"]", cleared["schemas"]);
        }
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_19_the_new_name_finds_the_same_user_and_a_taken_name_is_409(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync("old@testuser.com");
        await scim.CreateUserAsync("taken@testuser.com");

        (await scim.PatchAsync($"/Users/{id}", """{"op":"Replace","path":"userName","value":"new@testuser.com"}""")).Expect(200);
        (await scim.PatchAsync($"/Users/{id}", """{"op":"Replace","path":"userName","value":"TAKEN@testuser.com"}""")).ExpectError(409, "uniqueness");

        Assert.Equal([id], (await scim.FindAsync("/Users", "userName eq \"new@testuser.com\"")).Ids);
        Assert.Empty((await scim.FindAsync("/Users", "userName eq \"old@testuser.com\"")).Ids);
    }

    [SkippableTheory]
    [EachDatabase("""{"op":"Replace","path":"emails[type eq \"work\" or type eq \"home\"].value","value":"x"}""", "noTarget")]
    [EachDatabase("""{"op":"Replace","path":"emails[not (type eq \"work\")].value","value":"x"}""", "noTarget")]
    [EachDatabase("""{"op":"Replace","path":"active","value":"yes"}""", "invalidValue")]
    [EachDatabase("""{"op":"Replace","path":"active","value":"0"}""", "invalidValue")]
    [EachDatabase("""{"op":"Replace","path":"active","value":1}""", "invalidValue")]
    public async Task ENTRA_24_33_what_cannot_be_meant_is_refused_with_a_reason_and_changes_nothing(Database database, string operation, string scimType)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserAsync();

        Assert.Contains("Operations[0]", (await scim.PatchAsync($"/Users/{user["id"]}", operation)).ExpectError(400, scimType), StringComparison.Ordinal);

        Assert.True(JsonNode.DeepEquals(user, (await scim.GetAsync($"/Users/{user["id"]}")).Object));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_36_manager_as_an_array_with_ref_and_without_URN_is_resolved(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var boss = await scim.CreateUserIdAsync(more: """ "displayName":"The Boss" """);
        var id = await scim.CreateUserIdAsync();

        var user = (await scim.PatchAsync($"/Users/{id}", $$"""{"op":"Add","path":"manager","value":[{"$ref":"http://host/scim/Users/{{boss}}","value":"{{boss}}"}]}""")).Expect(200).Object;

        JsonAssert.Equal($$$"""{"manager":{"value":"{{{boss}}}","displayName":"The Boss","$ref":"{{{scim.BaseUrl}}}/Users/{{{boss}}}"}}""", user[Ent]);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_40_the_reference_check_answers_id_and_schemas_alone(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var boss = await scim.CreateUserIdAsync();
        var id = await scim.CreateUserIdAsync(more: $$$""" "{{{Ent}}}":{"manager":"{{{boss}}}"} """);

        var hit = (await scim.FindAsync("/Users", $"id eq \"{id}\" and manager eq \"{boss}\"", "&attributes=id")).Expect(200);
        var miss = (await scim.FindAsync("/Users", $"id eq \"{boss}\" and manager eq \"{boss}\"", "&attributes=id")).Expect(200);

        JsonAssert.Equal($$"""[{"schemas":["{{ScimClient.User}}","{{Ent}}"],"id":"{{id}}"}]""", hit.Resources);
        Assert.Empty(miss.Ids);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_41_manager_may_arrive_before_the_user_it_names(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = (string)(await scim.PostAsync("/Users", UserCreateTests.Entra12)).Expect(201).Object["id"]!;
        var later = Guid.NewGuid().ToString();

        var user = (await scim.PatchAsync($"/Users/{id}", $$"""{"op":"Add","path":"{{Ent}}:manager","value":"{{later}}"}""")).Expect(200).Object;

        JsonAssert.Equal($$$"""{"manager":{"value":"{{{later}}}"}}""", user[Ent]);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_47_48_delete_is_204_then_404_and_the_lookup_is_empty(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync("leaver@contoso.com");

        Assert.Empty((await scim.DeleteAsync($"/Users/{id}")).Expect(204).Text);

        (await scim.GetAsync($"/Users/{id}")).ExpectError(404);
        (await scim.DeleteAsync($"/Users/{id}")).ExpectError(404);
        (await scim.DeleteAsync("/Users/5171a35d82074e068ce2")).ExpectError(404);
        Assert.Empty((await scim.FindAsync("/Users", "userName eq \"leaver@contoso.com\"")).Expect(200).Ids);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_49_disable_and_restore_keep_the_memberships(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync();
        var group = await scim.CreateGroupIdAsync("Keepers", id);

        foreach (var active in new[] { "False", "True" })
        {
            var user = (await scim.PatchAsync($"/Users/{id}", $$"""{"op":"Replace","path":"active","value":"{{active}}"}""")).Expect(200).Object;
            Assert.Equal(group, (string?)user["groups"]![0]!["value"]);
            Assert.Equal([id], await scim.MembersAsync(group));
        }
    }
}
