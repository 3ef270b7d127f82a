using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.CustomSchemas;

/// <summary>Extensions of users, groups and other resource types that files define (RFC 7643 §3.3).</summary>
public sealed class ExtensionTests
{
    private const string Badge = CustomServer.Badge;
    private const string Price = CustomServer.Price;

    [SkippableTheory]
    [EachDatabase]
    public async Task A_user_keeps_the_data_of_an_extension_beside_its_own(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var user = await scim.CreateUserAsync(more: $$"""
            "{{Badge}}":{"NUMBER":7,"site":"Basel","issued":"2026-01-02T03:04:05Z","doors":[{"value":"north"}]},"{{ScimClient.Enterprise}}":{"department":"Lab"}
            """);
        var path = $"/Users/{user["id"]}";

        JsonAssert.Equal($$"""["{{ScimClient.User}}","{{ScimClient.Enterprise}}","{{Badge}}"]""", user["schemas"]);
        JsonAssert.Equal("""{"number":7,"site":"Basel","issued":"2026-01-02T03:04:05Z","doors":[{"value":"north"}]}""", user[Badge]);

        var patched = (await scim.PatchAsync(path, $$"""
            {"op":"replace","path":"{{Badge}}:number","value":8},{"op":"add","value":{"{{Badge}}:site":"Tokyo"} },{"op":"add","path":"{{Badge}}:doors","value":[{"value":"south"}]},
            {"op":"remove","path":"{{Badge}}:doors[value eq \"north\"]"}
            """)).Expect(200).Object;
        JsonAssert.Equal("""{"number":8,"site":"Tokyo","issued":"2026-01-02T03:04:05Z","doors":[{"value":"south"}]}""", patched[Badge]);
        (await scim.PatchAsync(path, $$"""{"op":"replace","path":"{{Badge}}:issued","value":"2027-01-02T03:04:05Z"}""")).ExpectError(400, "mutability");
        (await scim.PatchAsync(path, $$"""{"op":"remove","path":"{{Badge}}:site"}""")).ExpectError(400, "mutability");

        var without = (await scim.PatchAsync(path, $$"""{"op":"remove","path":"{{Badge}}"}""")).ExpectError(400, "mutability");
        Assert.Contains("issued", without, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Users_are_found_and_sorted_by_the_data_of_an_extension(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var ten = await scim.CreateUserIdAsync(more: $$""" "{{Badge}}":{"number":10,"site":"Basel","doors":[{"value":"a","until":"2026-01-01T00:00:00Z"}]} """);
        var nine = await scim.CreateUserIdAsync(more: $$""" "{{Badge}}":{"number":9,"site":"Tokyo"} """);
        var none = await scim.CreateUserIdAsync();

        Assert.Equal([ten], (await scim.FindAsync("/Users", $"{Badge}:number gt 9")).Expect(200).Ids);
        Assert.Equal([ten], (await scim.FindAsync("/Users", "site eq \"BASEL\"")).Expect(200).Ids);
        Assert.Equal([ten], (await scim.FindAsync("/Users", $"{Badge}:doors[value eq \"a\" and until lt \"2026-01-01T01:00:00+00:30\"]")).Expect(200).Ids);
        Assert.Equal(new[] { ten, nine }.Sorted(), (await scim.FindAsync("/Users", $"{Badge} pr")).Expect(200).Ids.Sorted());
        Assert.Equal([none], (await scim.FindAsync("/Users", $"not ({Badge}:site pr)")).Expect(200).Ids);
        Assert.Equal([nine, ten, none], (await scim.GetAsync($"/Users?sortBy={Badge}:number")).Expect(200).Ids);
        JsonAssert.Equal("""{"number":10}""", (await scim.GetAsync($"/Users/{ten}?attributes={Badge}:number")).Expect(200).Object[Badge]);
        JsonAssert.Has($$"""{"{{Badge}}":null}""", (await scim.GetAsync($"/Users/{ten}?excludedAttributes={Badge}")).Expect(200).Object);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task An_attribute_that_an_extension_requires_is_required_where_there_is_data_of_it(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);

        var missing = (await scim.PostAsync("/Users", $$$"""{"userName":"u","{{{Badge}}}":{"number":1}}""")).ExpectError(400, "invalidValue");

        Assert.Equal($"{Badge}:site is required.", missing);
        (await scim.PostAsync("/Users", """{"userName":"u"}""")).Expect(201);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_group_keeps_the_data_of_an_extension_and_is_found_by_it(Database database)
    {
        const string CostCenter = "urn:example:scim:schemas:1.0:CostCenter";
        var scim = await CustomServer.NewTenantAsync(database);
        var group = (await scim.PostAsync("/Groups", $$$"""{"displayName":"Lab","{{{CostCenter}}}":{"code":"K-1","budget":12.50}}""")).Expect(201).Object;

        (await scim.PatchAsync($"/Groups/{group["id"]}", $$"""{"op":"replace","path":"{{CostCenter}}:code","value":"K-2"}""")).Expect(204);

        Assert.Single((await scim.FindAsync("/Groups", $"{CostCenter}:code eq \"k-2\" and {CostCenter}:budget eq 12.5")).Expect(200).Ids);
    }

    /// <summary>RFC 7643 §6: a resource MUST include an extension that is required, with what that requires.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_required_extension_has_to_be_there(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);

        Assert.Equal($"A License must have the extension {Price}.", (await scim.PostAsync("/Licenses", """{"displayName":"L","type":"License"}""")).ExpectError(400, "invalidValue"));
        Assert.Equal($"{Price}:amount is required.", (await scim.PostAsync("/Licenses", $$$"""{"displayName":"L","type":"License","{{{Price}}}":{"currency":"CHF"}}""")).ExpectError(400, "invalidValue"));
        var license = (await scim.PostAsync("/Licenses", $$$"""{"displayName":"L","type":"License","{{{Price}}}":{"amount":9.95}}""")).Expect(201).Object;
        (await scim.PutAsync($"/Licenses/{license["id"]}", """{"displayName":"L","type":"License"}""")).ExpectError(400, "invalidValue");
        (await scim.PatchAsync($"/Licenses/{license["id"]}", $$"""{"op":"remove","path":"{{Price}}"}""")).ExpectError(400, "mutability");
        (await scim.PatchAsync($"/Licenses/{license["id"]}", $$"""{"op":"remove","path":"{{Price}}:amount"}""")).ExpectError(400, "mutability");
        (await scim.PatchAsync($"/Licenses/{license["id"]}", $$"""{"op":"replace","path":"{{Price}}","value":null}""")).ExpectError(400, "invalidValue");
        JsonAssert.Has($$"""{"{{Price}}":{"amount":9.95} }""", (await scim.GetAsync($"/Licenses/{license["id"]}")).Object);

        // The same schema without the extension is another resource type.
        (await scim.PostAsync("/Entitlements", """{"displayName":"L","type":"License"}""")).Expect(201);
        Assert.Equal(1, (int)(await scim.GetAsync("/Licenses")).Object["totalResults"]!);
        (await scim.GetAsync($"/Entitlements/{license["id"]}")).ExpectError(404);
    }
}
