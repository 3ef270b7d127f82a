using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Patching;

/// <summary>RFC 7643 §2.5: what unassigns an attribute, and what is of the wrong type.</summary>
public sealed class EmptyValueTests
{
    private const string Ent = ScimClient.Enterprise;

    private const string Full = $$"""
        "active":false,"title":"T","name":{"familyName":"F"},"emails":[{"value":"a@b.c"}],"{{Ent}}":{"department":"D","manager":{"value":"m"} }
        """;

    /// <summary>An empty array is null also where one value belongs; <c>active</c> always has a value and keeps it (ENTRA-31).</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task An_empty_array_unassigns_in_POST_PUT_and_PATCH(Database database)
    {
        const string Empty = $$"""{"userName":"ada","active":[],"title":[],"name":[],"emails":[],"{{Ent}}":{"department":[],"manager":[]} }""";
        const string Gone = $$"""{"userName":"ada","title":null,"name":null,"emails":null,"{{Ent}}":null}""";
        var scim = await TestServers.NewTenantAsync(database);
        var created = (await scim.PostAsync("/Users", Empty)).Expect(201).Object;
        var path = $"/Users/{created["id"]}";
        JsonAssert.Has(Gone, created);
        Assert.True((bool)created["active"]!);

        (await scim.PutAsync(path, $$"""{"userName":"ada",{{Full}}}""")).Expect(200);
        JsonAssert.Has(Gone, (await scim.PutAsync(path, Empty)).Expect(200).Object);
        (await scim.PutAsync(path, $$"""{"userName":"ada",{{Full}}}""")).Expect(200);
        var patched = (await scim.PatchAsync(path, $$"""{"op":"replace","value":{{Empty}}}""")).Expect(200).Object;

        JsonAssert.Has(Gone, patched);
        Assert.False((bool)patched["active"]!);
    }

    [SkippableTheory]
    [EachDatabase("title", """{"title":null}""")]
    [EachDatabase("name", """{"name":null}""")]
    [EachDatabase("active", """{"active":false}""")]
    [EachDatabase("emails", """{"emails":null}""")]
    [EachDatabase("emails[value eq \\\"a@b.c\\\"]", """{"emails":null}""")]
    [EachDatabase($"{Ent}:manager", $$"""{"{{Ent}}":{"department":"D"} }""")]
    public async Task A_replace_by_an_empty_array_unassigns_what_the_path_names(Database database, string target, string expected)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var path = "/Users/" + await scim.CreateUserIdAsync(more: Full);

        JsonAssert.Has(expected, (await scim.PatchAsync(path, $$"""{"op":"replace","path":"{{target}}","value":[]}""")).Expect(200).Object);
    }

    [SkippableTheory]
    [EachDatabase("title", "{}")]
    [EachDatabase("active", "{}")]
    [EachDatabase("emails", "{}")]
    [EachDatabase("userName", "[]")]
    [EachDatabase("title", """["a","b"]""")]
    public async Task What_is_of_the_wrong_type_or_required_is_400(Database database, string target, string value)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var path = "/Users/" + await scim.CreateUserIdAsync("ada", Full);

        (await scim.PatchAsync(path, $$"""{"op":"replace","path":"{{target}}","value":{{value}}}""")).ExpectError(400, "invalidValue");
        (await scim.PutAsync(path, $$"""{"userName":"ada","{{target}}":{{value}}}""")).ExpectError(400, target == "userName" ? "invalidSyntax" : "invalidValue");
    }

    /// <summary>A list of nothing removes nothing (ENTRA-64).</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_remove_that_lists_nothing_removes_nothing(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var path = "/Users/" + await scim.CreateUserIdAsync(more: Full);

        Assert.Equal("W/\"1\"", (await scim.PatchAsync(path, """{"op":"remove","path":"emails","value":[]}""")).Expect(200).ETag);
    }
}
