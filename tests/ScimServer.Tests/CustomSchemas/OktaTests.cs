using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.CustomSchemas;

/// <summary>What Okta asks a server with entitlements (guide "Build a SCIM 2.0 server with entitlements" and its published test).</summary>
public sealed class OktaTests
{
    private const string Entitlement = "urn:okta:scim:schemas:core:1.0:Entitlement";
    private const string Role = "urn:okta:scim:schemas:core:1.0:Role";

    /// <summary>Okta finds the endpoints by the schema of each resource type, then reads all of each.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Okta_finds_the_endpoints_and_reads_what_they_have(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var role = (await scim.PostAsync("/Roles", $$"""{"schemas":["{{Role}}"],"displayName":"First Role"}""")).Expect(201).Object;
        await scim.PostAsync("/Entitlements", $$"""{"schemas":["{{Entitlement}}"],"type":"License","displayName":"Gold","description":"All of it."}""");
        await scim.PostAsync("/Licenses", $$$"""{"schemas":["{{{Entitlement}}}","{{{CustomServer.Price}}}"],"type":"License","displayName":"Gold","{{{CustomServer.Price}}}":{"amount":1}}""");

        var types = (await scim.GetAsync("/ResourceTypes")).Expect(200).Resources.ToDictionary(type => (string)type!["endpoint"]!, type => (string)type!["schema"]!);

        Assert.Equal(["/Entitlements", "/Licenses"], types.Where(type => type.Value == Entitlement).Select(type => type.Key).Order());
        Assert.Equal(["/Roles"], types.Where(type => type.Value == Role).Select(type => type.Key));
        foreach (var endpoint in (string[])["/Entitlements", "/Licenses", "/Roles"])
        {
            var page = (await scim.GetAsync($"{endpoint}?count=1&startIndex=1", ("User-Agent", "OKTA SCIM Integration"))).Expect(200);
            JsonAssert.Has("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":1,"startIndex":1,"itemsPerPage":1}""", page.Object);
            var found = page.Resources.Single()!;
            Assert.Equal(types[endpoint], (string)found["schemas"]![0]!);
            Assert.False(string.IsNullOrEmpty((string?)found["displayName"]));
        }

        JsonAssert.Has($$"""{"schemas":["{{Role}}"],"displayName":"First Role"}""", (await scim.GetAsync($"/Roles/{role["id"]}")).Expect(200).Object);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task A_user_holds_what_it_was_granted_by_its_id(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var gold = (string)(await scim.PostAsync("/Entitlements", """{"type":"License","displayName":"Gold"}""")).Expect(201).Object["id"]!;
        var user = await scim.CreateUserIdAsync(more: $$""" "entitlements":[{"value":"{{gold}}","display":"Gold","type":"License"}] """);

        Assert.Equal([user], (await scim.FindAsync("/Users", $"entitlements.value eq \"{gold}\"")).Expect(200).Ids);
        (await scim.PatchAsync($"/Users/{user}", $$"""{"op":"remove","path":"entitlements[value eq \"{{gold}}\"]"}""")).Expect(200);
        Assert.Empty((await scim.FindAsync("/Users", "entitlements pr")).Expect(200).Ids);
    }

    [SkippableTheory]
    [EachDatabase("/Entitlements")]
    [EachDatabase("/Roles")]
    public async Task Without_a_name_there_is_neither(Database database, string endpoint)
    {
        var scim = await CustomServer.NewTenantAsync(database);

        Assert.Equal("displayName is required.", (await scim.PostAsync(endpoint, """{"type":"License"}""")).ExpectError(400, "invalidValue"));
    }
}
