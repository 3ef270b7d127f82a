using System.Text.Json.Nodes;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Users;

/// <summary>PUT, PATCH and DELETE of users (RFC 7644 §3.5, §3.6) where clients see them; the engine's own tests are exhaustive.</summary>
public sealed class UserChangeTests
{
    private const string User = ScimClient.User;
    private const string Ent = ScimClient.Enterprise;
    private const string Mails = """ "emails":[{"value":"w@x.y","type":"work","primary":true},{"value":"h@x.y","type":"home"}] """;

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_5_1_put_clears_what_is_left_out_and_keeps_what_is_the_servers(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserAsync("a", $$$""" "nickName":"N","title":"T","active":false,{{{Mails}}},"{{{Ent}}}":{"department":"D"},"externalId":"E","password":"p" """);

        var put = (await scim.PutAsync($"/Users/{user["id"]}", $$"""{"schemas":["{{User}}"],"userName":"a","title":"Chief"}""")).Expect(200).Object;

        JsonAssert.Has($$$"""{"schemas":["{{{User}}}"],"id":"{{{user["id"]}}}","userName":"a","title":"Chief","active":false,"nickName":null,"emails":null,"externalId":null,"{{{Ent}}}":null}""", put);
        Assert.Equal((string?)user["meta"]!["created"], (string?)put["meta"]!["created"]);
        Assert.Equal("W/\"2\"", (string?)put["meta"]!["version"]);
        Assert.True(string.CompareOrdinal((string?)put["meta"]!["lastModified"], (string?)user["meta"]!["lastModified"]) > 0);
    }

    /// <summary>OKTA-05: the <c>$ref</c> and the name of a manager are computed, and change nothing when they come back.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task What_was_read_and_is_put_back_as_it_is_changes_nothing(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var boss = await scim.CreateUserIdAsync("boss");
        var id = await scim.CreateUserIdAsync("a", $$$""" {{{Mails}}},"{{{Ent}}}":{"manager":{"value":"{{{boss}}}"}} """);
        var read = await scim.GetAsync($"/Users/{id}");

        var put = (await scim.PutAsync($"/Users/{id}", read.Text)).Expect(200);
        await scim.PatchAsync($"/Users/{id}", $$$"""{"op":"replace","path":"{{{Ent}}}:manager","value":{"value":"{{{boss}}}","$ref":"../Users/{{{boss}}}"}}""");
        await scim.PatchAsync($"/Users/{id}", $$"""{"op":"replace","path":"{{Ent}}:manager.$ref","value":"../Users/{{boss}}"}""");

        Assert.Equal(read.Text, put.Text);
        Assert.Equal(read.Text, (await scim.GetAsync($"/Users/{id}")).Text);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_manager_who_is_not_here_has_no_ref(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync("a", $$$""" "{{{Ent}}}":{"manager":{"value":"nobody","$ref":"javascript:alert(1)"}} """);

        JsonAssert.Equal("""{"manager":{"value":"nobody"}}""", (await scim.GetAsync($"/Users/{id}")).Object[Ent]);
    }

    /// <summary>RFC 7643 §3.1: <c>id</c> is caseExact.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Another_spelling_of_an_id_is_no_id(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync();

        foreach (var other in new[] { id.ToUpperInvariant(), $"%7B{id}%7D", $"({id})", id.Replace("-", "", StringComparison.Ordinal) })
        {
            (await scim.GetAsync($"/Users/{other}")).ExpectError(404);
            (await scim.DeleteAsync($"/Users/{other}")).ExpectError(404);
        }

        Assert.Empty((await scim.FindAsync("/Users", $"id eq \"{id.ToUpperInvariant()}\"")).Ids);
        Assert.Equal([id], (await scim.FindAsync("/Users", $"id eq \"{id}\"")).Ids);
    }

    /// <summary>RFC 7643 §4.1.1 and §4.2: a name is "a non-empty value".</summary>
    [SkippableTheory]
    [EachDatabase("   ")]
    [EachDatabase("\\t")]
    [EachDatabase("\u00a0")]
    public async Task Blanks_are_no_name(Database database, string name)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync("a");

        (await scim.PostAsync("/Users", $$"""{"userName":"{{name}}"}""")).ExpectError(400, "invalidValue");
        (await scim.PostAsync("/Groups", $$"""{"displayName":"{{name}}"}""")).ExpectError(400, "invalidValue");
        (await scim.PutAsync($"/Users/{id}", $$"""{"userName":"{{name}}"}""")).ExpectError(400, "invalidValue");
        (await scim.PatchAsync($"/Users/{id}", $$"""{"op":"replace","path":"userName","value":"{{name}}"}""")).ExpectError(400, "invalidValue");
    }

    /// <summary>RFC 7643 §3.1, <c>meta.location</c>.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Content_Location_is_that_of_the_resource_in_the_answer(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var made = (await scim.PostAsync("/Users", """{"userName":"a"}""")).Expect(201);
        var path = $"/Users/{made.Object["id"]}";

        foreach (var answer in new[] { made, await scim.GetAsync(path), await scim.PutAsync(path, """{"userName":"b"}"""), await scim.PatchAsync(path, """{"op":"add","path":"title","value":"T"}""") })
        {
            Assert.Equal((string?)answer.Object["meta"]!["location"], answer.Header("Content-Location"));
        }
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_user_is_found_by_meta_location(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var (a, b) = (await scim.CreateUserAsync("a"), await scim.CreateUserAsync("b"));
        var location = (string)a["meta"]!["location"]!;
        Assert.Equal([(string)a["id"]!], (await scim.FindAsync("/Users", $"meta.location eq \"{location}\"")).Expect(200).Ids);
        Assert.Equal([(string)b["id"]!], (await scim.FindAsync("/Users", $"meta.location ne \"{location}\"")).Expect(200).Ids);
        Assert.Equal(2, (await scim.FindAsync("/Users", "meta.location pr")).Expect(200).Ids.Length);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_5_1_put_needs_what_is_required_does_not_create_and_respects_uniqueness(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserAsync("taken");
        var user = await scim.CreateUserAsync("mine");

        (await scim.PutAsync($"/Users/{user["id"]}", $$"""{"schemas":["{{User}}"],"title":"T"}""")).ExpectError(400, "invalidValue");
        (await scim.PutAsync($"/Users/{user["id"]}", $$"""{"schemas":["{{User}}"],"userName":"TAKEN"}""")).ExpectError(409, "uniqueness");
        (await scim.PutAsync($"/Users/{Guid.NewGuid()}", $$"""{"schemas":["{{User}}"],"userName":"new"}""")).ExpectError(404);
        (await scim.PutAsync("/Users/not-an-id", $$"""{"schemas":["{{User}}"],"userName":"new"}""")).ExpectError(404);

        Assert.True(JsonNode.DeepEquals(user, (await scim.GetAsync($"/Users/{user["id"]}")).Object));
        Assert.Equal(2, (int)(await scim.GetAsync("/Users")).Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase("§3.5.2.1 path-less add", Mails, """{"op":"add","value":{"nickName":"N","emails":[{"value":"n@x.y"}]}}""", """{"nickName":"N","emails":[{"value":"w@x.y","type":"work","primary":true},{"value":"h@x.y","type":"home"},{"value":"n@x.y"}]}""")]
    [EachDatabase("§3.5.2.1 what is there is not added again", Mails, """{"op":"add","path":"emails","value":[{"value":"h@x.y","type":"home"}]}""", """{"emails":[{"value":"w@x.y","type":"work","primary":true},{"value":"h@x.y","type":"home"}]}""")]
    [EachDatabase("§3.5.2 a new primary unsets the old one", Mails, """{"op":"add","path":"emails","value":[{"value":"n@x.y","primary":true}]}""", """{"emails":[{"value":"w@x.y","type":"work","primary":false},{"value":"h@x.y","type":"home"},{"value":"n@x.y","primary":true}]}""")]
    [EachDatabase("§3.5.2.1 sub-attribute creates the complex attribute", "", """{"op":"add","path":"name.givenName","value":"G"}""", """{"name":{"givenName":"G"}}""")]
    [EachDatabase("§3.5.2.2 remove an attribute", """ "title":"T" """, """{"op":"remove","path":"title"}""", """{"title":null}""")]
    [EachDatabase("§3.5.2.2 remove what is not there", "", """{"op":"remove","path":"title"}""", """{"title":null}""")]
    [EachDatabase("§3.5.2.2 remove by value path", Mails, """{"op":"remove","path":"emails[type eq \"home\"]"}""", """{"emails":[{"value":"w@x.y","type":"work","primary":true}]}""")]
    [EachDatabase("§3.5.2.2 remove the last value", """ "emails":[{"value":"a"}] """, """{"op":"remove","path":"emails[value eq \"a\"]"}""", """{"emails":null}""")]
    [EachDatabase("§3.5.2.3 replace all values", Mails, """{"op":"replace","path":"emails","value":[{"value":"n@x.y"}]}""", """{"emails":[{"value":"n@x.y"}]}""")]
    [EachDatabase("§3.5.2.3 replace the matching value", Mails, """{"op":"replace","path":"emails[type eq \"work\"]","value":{"value":"n@x.y","type":"work"}}""", """{"emails":[{"value":"n@x.y","type":"work"},{"value":"h@x.y","type":"home"}]}""")]
    [EachDatabase("§3.5.2.3 replace in all matching values", Mails, """{"op":"replace","path":"emails[value co \"x.y\"].display","value":"D"}""", """{"emails":[{"value":"w@x.y","type":"work","primary":true,"display":"D"},{"value":"h@x.y","type":"home","display":"D"}]}""")]
    [EachDatabase("§3.5.2.3 a complex attribute keeps what is not named", """ "name":{"givenName":"G","familyName":"F"} """, """{"op":"replace","path":"name","value":{"familyName":"N"}}""", """{"name":{"givenName":"G","familyName":"N"}}""")]
    [EachDatabase("§3.10 core URN", "", """{"op":"add","path":"urn:ietf:params:scim:schemas:core:2.0:User:nickName","value":"N"}""", """{"nickName":"N"}""")]
    [EachDatabase("RFC 7643 §2.1 any case", "", """{"op":"add","path":"NICKNAME","value":"N"}""", """{"nickName":"N"}""")]
    [EachDatabase("RFC 7643 §3 an emptied extension leaves schemas", """ "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"D"} """, """{"op":"remove","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"}""", """{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":null,"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"]}""")]
    [EachDatabase("RFC 7643 §2.5 remove of active gives what it was", """ "active":false """, """{"op":"remove","path":"active"}""", """{"active":false}""")]
    public async Task RFC7644_3_5_2_patch_answers_what_a_read_answers(Database database, string @case, string user, string operations, string expected)
    {
        Assert.NotEmpty(@case);
        var scim = await TestServers.NewTenantAsync(database);
        var path = $"/Users/{await scim.CreateUserIdAsync(more: user.Trim())}";

        var patched = (await scim.PatchAsync(path, operations)).Expect(200);

        JsonAssert.Has(expected, patched.Object);
        Assert.Equal(patched.Text, (await scim.GetAsync(path)).Text);
        Assert.Equal(patched.ETag, (string?)patched.Object["meta"]!["version"]);
        Assert.Equal((string?)patched.Object["meta"]!["location"], patched.Location ?? (string?)patched.Object["meta"]!["location"]);
    }

    /// <summary>Each is the second operation: the first, which is fine, must be undone and the error must name index 1.</summary>
    [SkippableTheory]
    [EachDatabase("""{"op":"copy","path":"title","value":"x"}""", "invalidSyntax")]
    [EachDatabase("""{"path":"title","value":"x"}""", "invalidSyntax")]
    [EachDatabase("""{"op":"add","path":"title"}""", "invalidValue")]
    [EachDatabase("""{"op":"replace","value":"x"}""", "invalidValue")]
    [EachDatabase("""{"op":"remove"}""", "noTarget")]
    [EachDatabase("""{"op":"replace","path":"name..x","value":"x"}""", "invalidPath")]
    [EachDatabase("""{"op":"replace","path":"nope","value":"x"}""", "invalidPath")]
    [EachDatabase("""{"op":"replace","path":"name.nope","value":"x"}""", "invalidPath")]
    [EachDatabase("""{"op":"replace","path":"emails[type eq","value":"x"}""", "invalidFilter")]
    [EachDatabase("""{"op":"replace","path":17,"value":"x"}""", "invalidPath")]
    [EachDatabase("""{"op":"replace","path":"title[value eq \"x\"]","value":"x"}""", "invalidPath")]
    [EachDatabase("""{"op":"replace","path":"id","value":"x"}""", "mutability")]
    [EachDatabase("""{"op":"replace","path":"groups","value":[]}""", "mutability")]
    [EachDatabase("""{"op":"replace","path":"meta.created","value":"2001-01-01T00:00:00Z"}""", "mutability")]
    [EachDatabase("""{"op":"remove","path":"userName"}""", "mutability")]
    [EachDatabase("""{"op":"replace","path":"userName","value":""}""", "invalidValue")]
    [EachDatabase("""{"op":"replace","path":"active","value":"maybe"}""", "invalidValue")]
    [EachDatabase("""{"op":"replace","path":"displayName","value":{"a":1}}""", "invalidValue")]
    [EachDatabase("""{"op":"replace","path":"emails[value co \"nothing\"]","value":{"value":"a"}}""", "noTarget")]
    public async Task RFC7644_3_5_2_a_failing_operation_undoes_all_and_is_named_by_its_index(Database database, string operation, string scimType)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserAsync(more: """ "title":"Before" """);

        var detail = (await scim.PatchAsync($"/Users/{user["id"]}", """{"op":"replace","path":"title","value":"After"},""" + operation)).ExpectError(400, scimType);

        Assert.StartsWith("Operations[1]: ", detail, StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(user, (await scim.GetAsync($"/Users/{user["id"]}")).Object));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_5_2_two_primaries_in_one_patch_are_refused_as_a_whole(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserAsync();

        (await scim.PatchAsync($"/Users/{user["id"]}", """{"op":"add","path":"emails","value":[{"value":"a","primary":true},{"value":"b","primary":true}]}""")).ExpectError(400, "invalidValue");

        Assert.True(JsonNode.DeepEquals(user, (await scim.GetAsync($"/Users/{user["id"]}")).Object));
    }

    [SkippableTheory]
    [EachDatabase("{}")]
    [EachDatabase("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"]}""")]
    [EachDatabase("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[]}""")]
    [EachDatabase("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":{"op":"add"}}""")]
    [EachDatabase("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":["add"]}""")]
    public async Task RFC7644_3_5_2_a_patch_without_operations_is_invalidSyntax(Database database, string body)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync();

        (await scim.SendAsync(HttpMethod.Patch, $"/Users/{id}", body)).ExpectError(400, "invalidSyntax");
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_9_put_and_patch_take_projections(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync("a", """ "title":"T","name":{"givenName":"G","familyName":"F"} """);

        var patched = (await scim.PatchAsync($"/Users/{id}?attributes=title", """{"op":"replace","path":"title","value":"U"}""")).Expect(200).Object;
        JsonAssert.Equal($$"""{"schemas":["{{User}}"],"id":"{{id}}","title":"U"}""", patched);

        var put = (await scim.PutAsync($"/Users/{id}?excludedAttributes=meta,active", """{"userName":"a","title":"V"}""")).Expect(200).Object;
        JsonAssert.Equal($$"""{"schemas":["{{User}}"],"id":"{{id}}","userName":"a","title":"V"}""", put);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_6_after_delete_the_userName_is_free_and_every_operation_is_404(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync("free@example.com");

        var deleted = (await scim.DeleteAsync($"/Users/{id}")).Expect(204);
        Assert.Empty(deleted.Text);

        (await scim.GetAsync($"/Users/{id}")).ExpectError(404);
        (await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"title","value":"T"}""")).ExpectError(404);
        (await scim.PutAsync($"/Users/{id}", """{"userName":"free@example.com"}""")).ExpectError(404);
        (await scim.DeleteAsync($"/Users/{id}")).ExpectError(404);
        Assert.NotEqual(id, await scim.CreateUserIdAsync("free@example.com"));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_2_an_id_belongs_to_its_endpoint(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync();
        var group = await scim.CreateGroupIdAsync();

        (await scim.GetAsync($"/Groups/{user}")).ExpectError(404);
        (await scim.DeleteAsync($"/Groups/{user}")).ExpectError(404);
        (await scim.PatchAsync($"/Users/{group}", """{"op":"replace","path":"title","value":"T"}""")).ExpectError(404);
        (await scim.DeleteAsync($"/Users/{group}")).ExpectError(404);
        (await scim.GetAsync($"/Users/{user}")).Expect(200);
        (await scim.GetAsync($"/Groups/{group}")).Expect(200);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Manager_is_shown_with_name_and_address_and_forgotten_when_deleted(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var boss = await scim.CreateUserIdAsync("boss", """ "displayName":"The Boss" """);
        var id = await scim.CreateUserIdAsync("report", $$$""" "{{{Ent}}}":{"manager":{"value":"{{{boss}}}","displayName":"Wrong","$ref":"http://wrong"},"department":"D"} """);
        JsonAssert.Equal($$$"""{"department":"D","manager":{"value":"{{{boss}}}","displayName":"The Boss","$ref":"{{{scim.BaseUrl}}}/Users/{{{boss}}}"}}""", (await scim.GetAsync($"/Users/{id}")).Object[Ent]);

        (await scim.PatchAsync($"/Users/{boss}", """{"op":"replace","path":"displayName","value":"Renamed"}""")).Expect(200);
        Assert.Equal("Renamed", (string?)(await scim.GetAsync($"/Users/{id}")).Object[Ent]!["manager"]!["displayName"]);

        (await scim.DeleteAsync($"/Users/{boss}")).Expect(204);
        var orphan = (await scim.GetAsync($"/Users/{id}")).Object;
        JsonAssert.Equal("""{"department":"D"}""", orphan[Ent]);
        Assert.Equal("W/\"2\"", (string?)orphan["meta"]!["version"]);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Password_alone_makes_a_new_version_and_is_kept_by_a_put_without_it(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync("a", """ "password":"one" """);

        var patched = (await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"password","value":"two"}""")).Expect(200);
        Assert.Equal("W/\"2\"", patched.ETag);
        Assert.Equal("W/\"2\"", (await scim.PutAsync($"/Users/{id}", """{"userName":"a"}""")).Expect(200).ETag);
        Assert.DoesNotContain("password", patched.Text, StringComparison.Ordinal);
    }
}
