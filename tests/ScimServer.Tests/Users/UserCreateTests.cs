using System.Text.Json.Nodes;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Users;

public sealed class UserCreateTests
{
    private const string User = ScimClient.User;
    private const string Ent = ScimClient.Enterprise;

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_3_create_answers_201_Location_ETag_and_the_resource(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var answer = (await scim.PostAsync("/Users", $$$"""{"schemas":["{{{User}}}"],"userName":"bjensen","externalId":"bjensen","name":{"formatted":"Ms. Barbara J Jensen III","familyName":"Jensen","givenName":"Barbara"}}""")).Expect(201);

        var user = answer.Object;
        Assert.Equal(ScimClient.MediaType, answer.ContentType);
        Assert.Equal($"{scim.BaseUrl}/Users/{user["id"]}", answer.Location);
        Assert.Equal("W/\"1\"", answer.ETag);
        JsonAssert.Has($$$"""{"meta":{"resourceType":"User","created":"{{{user["meta"]!["created"]}}}","lastModified":"{{{user["meta"]!["created"]}}}","version":"W/\"1\"","location":"{{{answer.Location}}}"}}""", user);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", (string)user["meta"]!["created"]!);
        Assert.True(JsonNode.DeepEquals(user, (await scim.GetAsync($"/Users/{user["id"]}")).Expect(200).Object));
    }

    [SkippableTheory]
    [EachDatabase(""" "id":"my-own-id" """)]
    [EachDatabase(""" "meta":{"resourceType":"Fish","created":"2001-01-01T00:00:00Z","lastModified":"2001-01-01T00:00:00Z","version":"zzz","location":"http://x"} """)]
    [EachDatabase(""" "groups":[{"value":"nope"}] """)]
    [EachDatabase(""" "groups":"nonsense" """)]
    [EachDatabase(""" "meta":17 """)]
    public async Task RFC7644_3_3_readOnly_attributes_are_ignored(Database database, string sent)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var user = await scim.CreateUserAsync(more: sent);

        Assert.True(Guid.TryParse((string)user["id"]!, out _));
        JsonAssert.Has("""{"groups":null}""", user);
        JsonAssert.Has("""{"resourceType":"User","version":"W/\"1\""}""", user["meta"]!.AsObject());
        Assert.DoesNotContain("2001", (string)user["meta"]!["created"]!, StringComparison.Ordinal);
    }

    /// <summary>RFC 7643 §3: URNs and nothing else. A number or an array is no other way to write one.</summary>
    [SkippableTheory]
    [EachDatabase("""["urn:ietf:params:scim:schemas:core:2.0:User",5]""")]
    [EachDatabase("""["urn:ietf:params:scim:schemas:core:2.0:User",null]""")]
    [EachDatabase("""["urn:ietf:params:scim:schemas:core:2.0:User",true]""")]
    [EachDatabase("""["urn:ietf:params:scim:schemas:core:2.0:User",{"value":"urn:x"}]""")]
    [EachDatabase("""["urn:ietf:params:scim:schemas:core:2.0:User",["urn:x"]]""")]
    [EachDatabase("""[["urn:ietf:params:scim:schemas:core:2.0:User"]]""")]
    public async Task RFC7643_3_schemas_with_what_is_no_text_is_invalidSyntax(Database database, string schemas)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var path = $"/Users/{await scim.CreateUserIdAsync("a")}";

        (await scim.PostAsync("/Users", $$"""{"schemas":{{schemas}},"userName":"b"}""")).ExpectError(400, "invalidSyntax");
        (await scim.PutAsync(path, $$"""{"SCHEMAS":{{schemas}},"userName":"b"}""")).ExpectError(400, "invalidSyntax");
        Assert.Equal("a", (string)(await scim.GetAsync("/Users")).Resources.Single()!["userName"]!);
    }

    [SkippableTheory]
    [EachDatabase("no schemas at all", """{"userName":"a"}""")]
    [EachDatabase("empty schemas", """{"schemas":[],"userName":"a"}""")]
    [EachDatabase("unknown schema beside the core one", """{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:example:nope"],"userName":"a"}""")]
    [EachDatabase("URN in another case", """{"schemas":["URN:IETF:PARAMS:SCIM:SCHEMAS:CORE:2.0:USER"],"userName":"a"}""")]
    [EachDatabase("schemas in another case", """{"SCHEMAS":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"a"}""")]
    public async Task RFC7643_3_schemas_are_answered_by_content_in_schema_case(Database database, string @case, string body)
    {
        Assert.NotEmpty(@case);
        var scim = await TestServers.NewTenantAsync(database);

        JsonAssert.Equal($"[\"{User}\"]", (await scim.PostAsync("/Users", body)).Expect(201).Object["schemas"]);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7643_2_1_names_and_URNs_match_in_any_case_and_are_answered_in_schema_case(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var user = (await scim.PostAsync("/Users", """
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"USERNAME":"a","DisplayName":"Up","NAME":{"FAMILYNAME":"F"},"EMAILS":[{"VALUE":"a@b.c","TYPE":"work","Primary":true}],
             "URN:ietf:params:scim:schemas:extension:Enterprise:2.0:user":{"DEPARTMENT":"D","Manager":{"VALUE":"m"}}}
            """)).Expect(201).Object;

        JsonAssert.Has(
            """
            {"userName":"a","displayName":"Up","name":{"familyName":"F"},"emails":[{"value":"a@b.c","type":"work","primary":true}],
             "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"D","manager":{"value":"m"}},"USERNAME":null,"NAME":null}
            """,
            user);
    }

    [SkippableTheory]
    [EachDatabase(""" "unknown":1 """)]
    [EachDatabase(""" "unknown":{"deep":[{"er":null}]} """)]
    [EachDatabase(""" "name":{"unknown":1} """)]
    [EachDatabase(""" "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"unknown":1} """)]
    [EachDatabase(""" "urn:nobody:2.0:User":{"a":1} """)]
    public async Task RFC7644_3_3_unknown_attributes_are_ignored(Database database, string sent)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var user = await scim.CreateUserAsync(more: sent);

        Assert.Equal(["active", "id", "meta", "schemas", "userName"], user.Select(member => member.Key).Order(StringComparer.Ordinal));
    }

    [SkippableTheory]
    [EachDatabase(""" "title":null """)]
    [EachDatabase(""" "title":"" """)]
    [EachDatabase(""" "emails":[] """)]
    [EachDatabase(""" "emails":null """)]
    [EachDatabase(""" "emails":[{}] """)]
    [EachDatabase(""" "emails":[{"value":null,"type":""}] """)]
    [EachDatabase(""" "name":{} """)]
    [EachDatabase(""" "name":{"givenName":null,"familyName":""} """)]
    [EachDatabase(""" "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{} """)]
    [EachDatabase(""" "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":null """)]
    [EachDatabase(""" "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{},"department":null} """)]
    public async Task RFC7643_2_5_null_empty_string_empty_array_and_empty_object_are_unassigned(Database database, string sent)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var user = await scim.CreateUserAsync(more: sent);

        Assert.Equal(["active", "id", "meta", "schemas", "userName"], user.Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.Equal(0, (await scim.FindAsync("/Users", $"title pr or emails pr or name pr or {Ent}:department pr or {Ent}:manager pr")).Expect(200).Object["totalResults"]!.GetValue<int>());
    }

    [SkippableTheory]
    [EachDatabase("""{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"]}""", "userName")]
    [EachDatabase("""{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":null}""", "userName")]
    [EachDatabase("""{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":""}""", "userName")]
    [EachDatabase("""{"userName":"a","active":"maybe"}""", "active")]
    [EachDatabase("""{"userName":"a","active":1}""", "active")]
    [EachDatabase("""{"userName":"a","active":{"x":true}}""", "active")]
    [EachDatabase("""{"userName":"a","active":[true,false]}""", "active")]
    [EachDatabase("""{"userName":"a","displayName":{"a":1}}""", "displayName")]
    [EachDatabase("""{"userName":"a","displayName":["a","b"]}""", "displayName")]
    [EachDatabase("""{"userName":"a","displayName":true}""", "displayName")]
    [EachDatabase("""{"userName":"a","displayName":1.5}""", "displayName")]
    [EachDatabase("""{"userName":"a","name":"Ada"}""", "name")]
    [EachDatabase("""{"userName":"a","name":[{"givenName":"a"},{"givenName":"b"}]}""", "name")]
    [EachDatabase("""{"userName":"a","name":{"givenName":{"x":1}}}""", "name.givenName")]
    [EachDatabase("""{"userName":"a","emails":[true]}""", "emails")]
    [EachDatabase("""{"userName":"a","emails":[[{"value":"x"},{"value":"y"}]]}""", "emails")]
    [EachDatabase("""{"userName":"a","emails":true}""", "emails")]
    [EachDatabase("""{"userName":"a","emails":[{"value":["x","y"]}]}""", "emails.value")]
    [EachDatabase("""{"userName":"a","emails":[{"value":"x","primary":"perhaps"}]}""", "emails.primary")]
    [EachDatabase("""{"userName":"a","emails":[{"value":"a","primary":true},{"value":"b","primary":true}]}""", "emails")]
    [EachDatabase("""{"userName":"a","x509Certificates":[{"value":"***"}]}""", "x509Certificates.value")]
    [EachDatabase("""{"userName":"a","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":"Sales"}""", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")]
    [EachDatabase("""{"userName":"a","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":{"a":1}}}""", "department")]
    [EachDatabase("""{"userName":"a","password":{"a":1}}""", "password")]
    [EachDatabase("""{"userName":["a","b"]}""", "userName")]
    public async Task RFC7643_2_3_values_that_do_not_fit_are_invalidValue_naming_the_attribute_and_nothing_is_stored(Database database, string body, string named)
    {
        var scim = await TestServers.NewTenantAsync(database);

        Assert.Contains(named, (await scim.PostAsync("/Users", body)).ExpectError(400, "invalidValue"), StringComparison.Ordinal);

        Assert.Equal(0, (int)(await scim.GetAsync("/Users")).Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase("""{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"userName":"a"}""")]
    [EachDatabase("""{"schemas":{"a":1},"userName":"a"}""")]
    [EachDatabase("""{"schemas":[1],"userName":"a"}""")]
    [EachDatabase("""{"userName":"a","USERNAME":"b"}""")]
    [EachDatabase("""{"userName":"a","userName":"b"}""")]
    [EachDatabase("""{"userName":"a","name":{"givenName":"x","GIVENNAME":"y"}}""")]
    public async Task Messages_that_contradict_themselves_are_invalidSyntax(Database database, string body)
    {
        var scim = await TestServers.NewTenantAsync(database);

        (await scim.PostAsync("/Users", body)).ExpectError(400, "invalidSyntax");

        Assert.Equal(0, (int)(await scim.GetAsync("/Users")).Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase("BJensen@Example.com", "bjensen@example.COM")]
    [EachDatabase("ÄRGER", "ärger")]
    [EachDatabase("e\\u0301clair", "\\u00c9CLAIR")]
    public async Task RFC7643_4_1_1_userName_is_unique_in_any_case_and_composition(Database database, string first, string second)
    {
        var scim = await TestServers.NewTenantAsync(database);
        (await scim.PostAsync("/Users", $$"""{"userName":"{{first}}"}""")).Expect(201);

        (await scim.PostAsync("/Users", $$"""{"userName":"{{second}}"}""")).ExpectError(409, "uniqueness");
    }

    /// <summary>The part of PRECIS that is left out (RFC 7644 §5, RFC 7613 §3.2.2): docs/protocol-choices.md.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Full_width_forms_in_a_userName_stay_different(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        (await scim.PostAsync("/Users", """{"userName":"Ａda"}""")).Expect(201);
        var plain = (string)(await scim.PostAsync("/Users", """{"userName":"Ada"}""")).Expect(201).Object["id"]!;
        Assert.Equal([plain], (await scim.FindAsync("/Users", "userName eq \"ada\"")).Expect(200).Ids);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7643_4_1_every_attribute_of_the_schema_round_trips(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        const string Values =
            """
            {"externalId":"E","userName":"full","name":{"formatted":"f","familyName":"g","givenName":"h","middleName":"i","honorificPrefix":"j","honorificSuffix":"k"},
            "displayName":"d","nickName":"n","profileUrl":"https://login.example.com/bjensen","title":"t","userType":"u","preferredLanguage":"en-US","locale":"en-US","timezone":"America/Los_Angeles","active":true,
            "emails":[{"value":"a@b.c","display":"A","type":"work","primary":true},{"value":"d@e.f","type":"home"}],
            "phoneNumbers":[{"value":"tel:+1-201-555-0123","display":"p","type":"work","primary":false}],
            "ims":[{"value":"someaimhandle","display":"i","type":"aim","primary":true}],
            "photos":[{"value":"https://photos.example.com/F","display":"ph","type":"photo","primary":true}],
            "addresses":[{"type":"work","streetAddress":"100 Universal City Plaza","locality":"Hollywood","region":"CA","postalCode":"91608","country":"US","formatted":"x\ny","primary":true}],
            "entitlements":[{"value":"e","display":"E","type":"x","primary":true}],
            "roles":[{"value":"r","display":"R","type":"y","primary":true}],
            "x509Certificates":[{"value":"MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQAwTg==","display":"c","type":"z","primary":true}],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"701984","costCenter":"4130","organization":"Universal Studios","division":"Theme Park","department":"Tour Operations","manager":{"value":"26118915"}}}
            """;

        var created = (await scim.PostAsync("/Users", Values)).Expect(201).Object;
        JsonAssert.Has(Values, created);

        var put = (await scim.PutAsync($"/Users/{created["id"]}", created.ToJsonString())).Expect(200).Object;
        Assert.True(JsonNode.DeepEquals(created, put), "A PUT of what was read changes nothing, not even the version.");
    }

    [SkippableTheory]
    [EachDatabase(""" "externalId":4711 """, """{"externalId":"4711"}""")]
    [EachDatabase(""" "emails":"a@b.c" """, """{"emails":[{"value":"a@b.c"}]}""")]
    [EachDatabase(""" "emails":{"value":"a@b.c"} """, """{"emails":[{"value":"a@b.c"}]}""")]
    [EachDatabase(""" "title":["T"] """, """{"title":"T"}""")]
    [EachDatabase(""" "emails":[{"value":"x","primary":"false"}] """, """{"emails":[{"value":"x","primary":false}]}""")]
    public async Task Dialect_values_in_a_form_that_can_mean_one_thing_only_are_taken(Database database, string sent, string expected)
    {
        var scim = await TestServers.NewTenantAsync(database);

        JsonAssert.Has(expected, await scim.CreateUserAsync(more: sent));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7643_3_1_externalId_need_not_be_unique(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        string[] ids = [await scim.CreateUserIdAsync(more: """ "externalId":"E" """), await scim.CreateUserIdAsync(more: """ "externalId":"E" """)];

        Assert.Equal(ids.Sorted(), (await scim.FindAsync("/Users", "externalId eq \"E\"")).Expect(200).Ids.Sorted());
    }

    [SkippableTheory]
    [EachDatabase("attributes=userName", "id,schemas,userName")]
    [EachDatabase("attributes=name.givenName", "id,name,schemas")]
    [EachDatabase("excludedAttributes=meta,name,active", "id,schemas,userName")]
    [EachDatabase("excludedAttributes=id,schemas", "active,id,meta,name,schemas,userName")]
    public async Task RFC7644_3_9_the_answer_to_a_create_takes_projections(Database database, string query, string expected)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var user = (await scim.PostAsync($"/Users?{query}", """{"userName":"a","name":{"givenName":"G","familyName":"F"}}""")).Expect(201).Object;

        Assert.Equal(expected, string.Join(',', user.Select(member => member.Key).Order(StringComparer.Ordinal)));
    }
}
