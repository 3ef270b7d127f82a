using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.CustomSchemas;

/// <summary>RFC 7644 §3.5.1: what a PUT gives for an immutable attribute must match what is set; what it leaves out stays.</summary>
public sealed class ImmutableTests
{
    private const string Badge = CustomServer.Badge;

    [SkippableTheory]
    [EachDatabase("""{"label":"one","note":"new"}""")]
    [EachDatabase("""{"label":"one","note":"new","origin":null}""")]
    [EachDatabase("""{"label":"one","note":"new","origin":"Basel"}""")]
    [EachDatabase("""{"label":"one","note":"new","origin":"BASEL"}""")]
    public async Task A_PUT_keeps_what_it_leaves_out_or_matches(Database database, string put)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var path = "/Samples/" + await scim.CreateSampleAsync("one", """ "origin":"Basel","note":"old" """);

        JsonAssert.Has("""{"note":"new","origin":"Basel"}""", (await scim.PutAsync(path, put)).Expect(200).Object);
        JsonAssert.Has("""{"note":"new","origin":"Basel"}""", (await scim.GetAsync(path)).Object);
        (await scim.PutAsync(path, """{"label":"one","origin":"Tokyo"}""")).ExpectError(400, "mutability");
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_PUT_that_disables_a_user_needs_not_know_what_cannot_change(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var user = await scim.CreateUserAsync("ada", $$""" "title":"T","{{Badge}}":{"number":7,"site":"Basel","issued":"2026-01-02T03:04:05Z"} """);
        var path = $"/Users/{user["id"]}";

        var disabled = (await scim.PutAsync(path, """{"userName":"ada","active":false}""")).Expect(200).Object;

        // What the extension requires stays with what cannot change.
        JsonAssert.Has($$"""{"active":false,"title":null,"{{Badge}}":{"site":"Basel","issued":"2026-01-02T03:04:05Z"} }""", disabled);
        JsonAssert.Has(
            $$"""{"{{Badge}}":{"site":"Tokyo","issued":"2026-01-02T03:04:05Z"} }""",
            (await scim.PutAsync(path, $$$"""{"userName":"ada","{{{Badge}}}":{"site":"Tokyo","issued":"2026-01-02T04:04:05+01:00"}}""")).Expect(200).Object);
        (await scim.PutAsync(path, $$$"""{"userName":"ada","{{{Badge}}}":{"site":"Tokyo","issued":"2027-01-02T03:04:05Z"}}""")).ExpectError(400, "mutability");
    }

    /// <summary>RFC 7644 §3.3 and §3.5.1: a value that is not set yet is taken, and holds from then on.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_PUT_sets_what_is_not_set_yet(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var path = "/Samples/" + await scim.CreateSampleAsync("one");

        JsonAssert.Has("""{"origin":"Basel"}""", (await scim.PutAsync(path, """{"label":"one","origin":"Basel"}""")).Expect(200).Object);
        (await scim.PutAsync(path, """{"label":"one","origin":"Bern"}""")).ExpectError(400, "mutability");
        (await scim.PatchAsync(path, """{"op":"remove","path":"origin"}""")).ExpectError(400, "mutability");
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_PATCH_by_a_value_that_matches_changes_nothing(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var path = "/Samples/" + await scim.CreateSampleAsync("one", """ "origin":"Basel" """);

        var patched = (await scim.PatchAsync(path, """{"op":"replace","path":"origin","value":"BASEL"}""")).Expect(200);

        Assert.Equal(("W/\"1\"", "Basel"), (patched.ETag, (string?)patched.Object["origin"]));
    }
}
