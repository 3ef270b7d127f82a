using ScimServer.Tests.CustomSchemas;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Patching;

/// <summary>RFC 7643 §2.4: the same (type, value) SHOULD NOT be returned more than once, however often it was sent.</summary>
public sealed class RepeatedValueTests
{
    private const string Work = """{"value":"a@b.c","type":"work"}""";

    [SkippableTheory]
    [EachDatabase(Work + "," + Work, "[" + Work + "]")]
    [EachDatabase(Work + """,{"type":"Work","value":"A@B.C","display":null,"primary":false}""", "[" + Work + "]")]
    [EachDatabase("""{"value":"a@b.c","primary":true},{"value":"a@b.c","primary":true}""", """[{"value":"a@b.c","primary":true}]""")]
    [EachDatabase(Work + """,{"value":"a@b.c"}""", "[" + Work + """,{"value":"a@b.c"}]""")]
    public async Task A_value_that_is_sent_twice_is_kept_once_in_POST_PUT_and_PATCH(Database database, string sent, string kept)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var created = await scim.CreateUserAsync("ada", $"\"emails\":[{sent}]");
        var path = $"/Users/{created["id"]}";

        JsonAssert.Equal(kept, created["emails"]);
        Assert.Equal("W/\"1\"", (await scim.PutAsync(path, $$"""{"userName":"ada","emails":[{{sent}}]}""")).Expect(200).ETag);
        Assert.Equal("W/\"1\"", (await scim.PatchAsync(path, $$"""{"op":"replace","path":"emails","value":[{{sent}}]}""")).Expect(200).ETag);
        Assert.Equal("W/\"1\"", (await scim.PatchAsync(path, $$"""{"op":"add","path":"emails","value":[{{sent}}]}""")).Expect(200).ETag);
        JsonAssert.Equal(kept, (await scim.GetAsync(path)).Object["emails"]);
    }

    /// <summary>RFC 7644 §3.5.2.1; Okta adds its roles so, with more in each request.</summary>
    [SkippableTheory]
    [EachDatabase("roles", """{"value":"r"}""", """{"value":"r","display":"R"}""", """[{"value":"r","display":"R"}]""")]
    [EachDatabase("roles", """{"value":"r","type":"t"}""", """{"value":"R","type":"T","display":"R"}""", """[{"value":"r","type":"t","display":"R"}]""")]
    [EachDatabase("roles", """{"value":"r","display":"R"}""", """{"value":"r","display":"S"}""", """[{"value":"r","display":"S"}]""")]
    [EachDatabase("emails", Work, """{"value":"a@b.c","type":"work","display":"d"}""", """[{"value":"a@b.c","type":"work","display":"d"}]""")]
    [EachDatabase("emails", Work, """{"value":"a@b.c","type":"home"}""", """[{"value":"a@b.c","type":"work"},{"value":"a@b.c","type":"home"}]""")]
    [EachDatabase("emails", """{"value":"b@b.c","primary":true},{"value":"a@b.c","type":"work"}""", """{"value":"a@b.c","type":"work","primary":true}""", """[{"value":"b@b.c","primary":false},{"value":"a@b.c","type":"work","primary":true}]""")]
    public async Task What_is_added_to_a_value_that_is_there_completes_it(Database database, string attribute, string there, string added, string expected)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var path = "/Users/" + await scim.CreateUserIdAsync(more: $"\"{attribute}\":[{there}]");

        var once = (await scim.PatchAsync(path, $$"""{"op":"add","path":"{{attribute}}","value":[{{added}}]}""")).Expect(200);
        var again = (await scim.PatchAsync(path, $$"""{"op":"add","value":{"{{attribute}}":[{{added}}]} }""")).Expect(200);

        JsonAssert.Equal(expected, once.Object[attribute]);
        JsonAssert.Equal(expected, (await scim.GetAsync(path)).Object[attribute]);
        Assert.Equal(("W/\"2\"", "W/\"2\""), (once.ETag, again.ETag));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Simple_values_are_kept_once_as_their_schema_compares_them(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var path = "/Samples/" + await scim.CreateSampleAsync("one", """ "tags":["wet","WET","dry"],"codes":[7,7,8] """);

        JsonAssert.Has("""{"tags":["wet","dry"],"codes":[7,8]}""", (await scim.GetAsync(path)).Object);
        JsonAssert.Has("""{"tags":["x"]}""", (await scim.PatchAsync(path, """{"op":"replace","path":"tags","value":["x","X"]}""")).Expect(200).Object);
        JsonAssert.Has("""{"tags":["Y"]}""", (await scim.PutAsync(path, """{"label":"one","tags":["Y","y"]}""")).Expect(200).Object);
    }

    /// <summary>What tells two values apart may be what a PATCH changes.</summary>
    [SkippableTheory]
    [EachDatabase("""{"op":"replace","path":"emails.type","value":"other"}""", """[{"value":"a@b.c","type":"other"}]""")]
    [EachDatabase("""{"op":"remove","path":"emails.type"}""", """[{"value":"a@b.c"}]""")]
    [EachDatabase("""{"op":"replace","path":"emails[value eq \"a@b.c\"]","value":{"value":"c@b.c"}}""", """[{"value":"c@b.c"}]""")]
    public async Task Values_that_become_the_same_are_kept_once(Database database, string operation, string expected)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var path = "/Users/" + await scim.CreateUserIdAsync(more: """ "emails":[{"value":"a@b.c","type":"work"},{"value":"a@b.c","type":"home"}] """);

        JsonAssert.Equal(expected, (await scim.PatchAsync(path, operation)).Expect(200).Object["emails"]);
        JsonAssert.Equal(expected, (await scim.GetAsync(path)).Object["emails"]);
    }
}
