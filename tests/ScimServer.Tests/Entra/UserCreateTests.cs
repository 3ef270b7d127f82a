using System.Text.Json.Nodes;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Entra;

public sealed class UserCreateTests
{
    internal const string Entra12 =
        """
        {
          "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
          "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
          "userName": "Test_User_00aa00aa-bb11-cc22-dd33-44ee44ee44ee",
          "active": true,
          "emails": [{"primary": true, "type": "work", "value": "Test_User_11bb11bb@testuser.com"}],
          "meta": {"resourceType": "User"},
          "name": {"formatted": "givenName familyName", "familyName": "familyName", "givenName": "givenName"},
          "roles": []
        }
        """;

    private const string Entra13 =
        """
        {
          "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0User"],
          "externalId": "jyoung", "userName": "jyoung@testuser.com", "active": true,
          "addresses": null, "displayName": "Joy Young",
          "emails": [{"type": "work", "value": "jyoung@Contoso.com", "primary": true}],
          "meta": {"resourceType": "User"},
          "name": {"familyName": "Young", "givenName": "Joy"},
          "phoneNumbers": null, "preferredLanguage": null, "title": null, "department": null, "manager": null
        }
        """;

    private const string Entra14 =
        """
        {
          "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
          "userName": "bjensen@contoso.com", "active": true,
          "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "bob", "manager": "123456"}
        }
        """;

    internal const string Entra15 =
        """
        {
          "userName": "shaniya@bauch.co.uk", "active": true, "displayName": "BDFAIMDWZXYA", "title": "HZEYUQROKTXF",
          "emails": [{"type": "work", "value": "camille@hermannokuneva.ca", "primary": true}],
          "preferredLanguage": "cy-GB",
          "name": {"givenName": "Sadye", "familyName": "Keaton", "formatted": "Matt", "middleName": "Marcelo", "honorificPrefix": "Caleigh", "honorificSuffix": "Catalina"},
          "addresses": [{"type": "work", "formatted": "GWRTLPBWYNPV", "streetAddress": "845 Anastacio Radial", "locality": "GIZRDTXXWJZC", "region": "JSKIBHIRPFHK", "postalCode": "zl48 3xh", "primary": true, "country": "Belize"}],
          "phoneNumbers": [{"type": "work", "value": "56-357-7743", "primary": true}, {"type": "mobile", "value": "56-357-7743"}, {"type": "fax", "value": "56-357-7743"}],
          "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "JPOIXPDDDMKH", "department": "KDELNISIUEDX", "costCenter": "PCTBWQQHYLIH", "organization": "CJVPTEPRUCKO", "division": "JBYUDRIYLEDA", "manager": {"value": "GZFDHGRKQLCG"}},
          "roles": [{"primary": "True", "display": "RAJBJMKHJSNI", "value": "OGCIACGFVVRR", "type": "IJAQSLXCMJPC"}],
          "userType": "ITYVRPWVQBNN", "nickName": "ALLEWIPTSPGW", "locale": "PUWGYNUKSGVE", "timezone": "America/Indiana/Knox", "profileUrl": "RVSZJGLGMDLF",
          "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]
        }
        """;

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_12_create_ignores_meta_an_unused_extension_and_an_empty_array(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var user = (await scim.PostAsync("/Users", Entra12)).Expect(201).Object;

        JsonAssert.Has(
            """
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"externalId":"0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
            "userName":"Test_User_00aa00aa-bb11-cc22-dd33-44ee44ee44ee","active":true,
            "emails":[{"primary":true,"type":"work","value":"Test_User_11bb11bb@testuser.com"}],
            "name":{"formatted":"givenName familyName","familyName":"familyName","givenName":"givenName"},"roles":null}
            """,
            user);
        Assert.NotEmpty((string)user["id"]!);
        Assert.NotNull(user["meta"]!["created"]);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_13_nulls_unknown_attributes_and_a_malformed_schema_URN_do_no_harm(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var user = (await scim.PostAsync("/Users", Entra13)).Expect(201).Object;

        JsonAssert.Has(
            """
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"displayName":"Joy Young","emails":[{"type":"work","value":"jyoung@Contoso.com","primary":true}],
            "addresses":null,"phoneNumbers":null,"preferredLanguage":null,"title":null,"department":null,"manager":null}
            """,
            user);
        Assert.DoesNotContain("null", (await scim.GetAsync($"/Users/{user["id"]}")).Text, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_14_manager_as_a_plain_string_becomes_its_value(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var user = (await scim.PostAsync("/Users", Entra14)).Expect(201).Object;

        JsonAssert.Equal("""{"department":"bob","manager":{"value":"123456"}}""", user[ScimClient.Enterprise]);
        JsonAssert.Equal($"[\"{ScimClient.User}\",\"{ScimClient.Enterprise}\"]", user["schemas"]);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_15_the_validators_full_payload_comes_back_as_it_was_sent(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = (string)(await scim.PostAsync("/Users", Entra15, ("Content-Type", "application/scim+json; charset=utf-8"))).Expect(201).Object["id"]!;

        var found = (await scim.FindAsync("/Users", "userName eq \"shaniya@bauch.co.uk\"")).Expect(200);

        Assert.Equal([id], found.Ids);
        var user = found.Resources[0]!.AsObject();
        user.Remove("id");
        user.Remove("meta");
        JsonAssert.Equal(Entra15.Replace("\"primary\": \"True\"", "\"primary\": true", StringComparison.Ordinal), user);
        (await scim.DeleteAsync($"/Users/{id}")).Expect(204);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_16_a_duplicate_is_409_uniqueness_and_the_first_stays(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var first = (await scim.PostAsync("/Users", Entra12)).Expect(201).Object;

        (await scim.PostAsync("/Users", Entra12)).ExpectError(409, "uniqueness");

        Assert.True(JsonNode.DeepEquals(first, (await scim.GetAsync($"/Users/{first["id"]}")).Object));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_17_data_of_an_extension_that_schemas_does_not_list_is_taken_or_ignored(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var user = (await scim.PostAsync("/Users", """
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ext@contoso.com",
             "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Sales"},
             "urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User":{"CustomAttribute":"x"}}
            """)).Expect(201).Object;

        JsonAssert.Has(
            """
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Sales"},
            "urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User":null}
            """,
            user);
        (await scim.PatchAsync($"/Users/{user["id"]}", """
            {"op":"Add","path":"urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User:CustomAttribute","value":"y"}
            """)).Expect(200);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_B08_values_are_kept_exactly_as_sent(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        const string Values =
            """
            {"displayName":"  Zoë  Ünïcode \u0009 日本 🙂 ","phoneNumbers":[{"type":"work","value":"+1 (555) 0100-x7"}],"locale":"XX_yy",
            "profileUrl":"not a url","emails":[{"type":"work","value":"no-at-sign"}]}
            """;

        var user = await scim.CreateUserAsync(more: Values.Trim()[1..^1]);

        JsonAssert.Has(Values, user);
        JsonAssert.Has(Values, (await scim.GetAsync($"/Users/{user["id"]}")).Object);
    }

    [SkippableTheory]
    [EachDatabase("\"active\":\"True\"", true)]
    [EachDatabase("\"active\":\"FALSE\"", false)]
    [EachDatabase("\"active\":null", true)]
    [EachDatabase("\"active\":false", false)]
    public async Task ENTRA_31_33_active_is_always_returned_as_a_boolean(Database database, string sent, bool expected)
    {
        var scim = await TestServers.NewTenantAsync(database);

        Assert.Equal(expected, (bool)(await scim.CreateUserAsync(more: sent))["active"]!);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task ENTRA_42_one_app_role_is_kept(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var user = await scim.CreateUserAsync(more: """ "roles":[{"primary":true,"type":"WindowsAzureActiveDirectoryRole","value":"Admin"}] """);

        JsonAssert.Has("""{"roles":[{"primary":true,"type":"WindowsAzureActiveDirectoryRole","value":"Admin"}]}""", user);
    }
}
