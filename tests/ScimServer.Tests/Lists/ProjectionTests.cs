using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Lists;

/// <summary><c>attributes</c> and <c>excludedAttributes</c> (RFC 7644 §3.9, §3.10).</summary>
public sealed class ProjectionTests
{
    private const string Ent = ScimClient.Enterprise;

    private const string Person =
        """
        "name":{"givenName":"G","familyName":"F"},"title":"T","emails":[{"value":"a@b.c","type":"work"},{"value":"d@e.f","type":"home"}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"D","costCenter":"C"}
        """;

    [SkippableTheory]
    [EachDatabase("attributes=userName", """{"userName":"a"}""")]
    [EachDatabase("attributes=USERNAME, name.FAMILYNAME", """{"userName":"a","name":{"familyName":"F"}}""")]
    [EachDatabase("attributes=emails.value", """{"emails":[{"value":"a@b.c"},{"value":"d@e.f"}]}""")]
    [EachDatabase("attributes=urn:ietf:params:scim:schemas:core:2.0:User:title", """{"title":"T"}""")]
    [EachDatabase("attributes=urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", """{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"D"}}""")]
    [EachDatabase("attributes=urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", """{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"D","costCenter":"C"}}""")]
    [EachDatabase("attributes=meta.version", """{"meta":{"version":"W/\"1\""}}""")]
    [EachDatabase("attributes=nope", "{}")]
    [EachDatabase("attributes=password", "{}")]
    [EachDatabase("attributes=id", "{}")]
    [EachDatabase("attributes=groups", "{}")]
    [EachDatabase("excludedAttributes=meta,userName,name,title,emails.type,active,urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", """{"emails":[{"value":"a@b.c"},{"value":"d@e.f"}],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"costCenter":"C"}}""")]
    [EachDatabase("excludedAttributes=id,schemas,meta,userName,name,title,emails,active,urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "{}")]
    public async Task RFC7644_3_9_one_resource_and_a_list_hold_what_was_asked_for_and_what_is_always_returned(Database database, string query, string expected)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync("a", Person);

        var one = (await scim.GetAsync($"/Users/{id}?{query}")).Expect(200).Object;
        var list = (await scim.GetAsync($"/Users?{query}")).Expect(200).Resources;

        Assert.Equal(one.ToJsonString(), Assert.Single(list)!.ToJsonString());
        Assert.Equal(id, (string?)one["id"]);
        Assert.Equal(ScimClient.User, (string?)one["schemas"]![0]);
        one.Remove("id");
        one.Remove("schemas");
        JsonAssert.Equal(expected, one);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_9_both_parameters_at_once_are_refused(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync();

        (await scim.GetAsync($"/Users/{id}?attributes=userName&excludedAttributes=title")).ExpectError(400, "invalidValue");
    }

    [SkippableTheory]
    [EachDatabase("attributes=displayName", false)]
    [EachDatabase("excludedAttributes=members", false)]
    [EachDatabase("attributes=members.value", true)]
    [EachDatabase("attributes=members", true)]
    public async Task RFC7644_3_9_members_are_sent_only_when_asked_for(Database database, string query, bool members)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync();
        var group = await scim.CreateGroupIdAsync("G", user);

        foreach (var answer in new[] { await scim.GetAsync($"/Groups/{group}?{query}"), await scim.GetAsync($"/Groups?{query}") })
        {
            Assert.Equal(members, answer.Expect(200).Text.Contains($"\"members\":[{{\"value\":\"{user}\"", StringComparison.Ordinal));
        }
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7643_7_what_is_never_returned_cannot_be_asked_for_or_filtered_by(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync(more: """ "password":"hush" """);

        Assert.DoesNotContain("password", (await scim.GetAsync($"/Users/{id}?attributes=password,userName")).Expect(200).Text, StringComparison.Ordinal);
        (await scim.FindAsync("/Users", "password pr")).ExpectError(400, "invalidFilter");
        (await scim.FindAsync("/Users", "password eq \"hush\"")).ExpectError(400, "invalidFilter");
        (await scim.FindAsync("/Users", "userName pr or password sw \"h\"")).ExpectError(400, "invalidFilter");
    }
}
