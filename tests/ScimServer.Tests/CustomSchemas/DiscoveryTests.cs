using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ScimServer.Tests.Infrastructure;
using ScimServer.Tests.Swagger;

namespace ScimServer.Tests.CustomSchemas;

/// <summary>What a server says of schemas and resource types that were added (RFC 7644 §4).</summary>
public sealed class DiscoveryTests
{
    [SkippableTheory]
    [EachDatabase]
    public async Task Resource_types_and_schemas_are_listed_and_each_can_be_read(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var types = (await scim.GetAsync("/ResourceTypes")).Expect(200).Resources;
        var schemas = (await scim.GetAsync("/Schemas")).Expect(200).Resources;

        Assert.Equal(
            ["Device /Devices", "EndpointApp /EndpointApps", "Entitlement /Entitlements", "Group /Groups", "License /Licenses", "Role /Roles", "Sample /Samples", "User /Users"],
            types.Select(type => $"{type!["name"]} {type["endpoint"]}").Order(StringComparer.Ordinal));
        foreach (var resource in types.Concat(schemas))
        {
            var location = (string)resource!["meta"]!["location"]!;
            JsonAssert.Equal(resource.ToJsonString(), (await scim.GetAsync(location[scim.BaseUrl.Length..])).Expect(200).Object);
        }

        var announced = types.SelectMany(type => (type!["schemaExtensions"]?.AsArray() ?? []).Select(extension => extension!["schema"]!).Prepend(type!["schema"]!));
        Assert.Empty(announced.Select(urn => (string)urn!).Except(schemas.Select(schema => (string)schema!["id"]!)));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task The_user_has_its_extensions_in_their_order_and_a_license_has_to_have_its_own(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);

        JsonAssert.Equal(
            $$"""[{"schema":"{{ScimClient.Enterprise}}","required":false},{"schema":"{{CustomServer.Badge}}","required":false}]""",
            (await scim.GetAsync("/ResourceTypes/User")).Object["schemaExtensions"]);
        JsonAssert.Equal($$"""[{"schema":"{{CustomServer.Price}}","required":true}]""", (await scim.GetAsync("/ResourceTypes/License")).Object["schemaExtensions"]);
        JsonAssert.Equal("""["User","Group","Device","EndpointApp"]""", await MemberTypesAsync(scim));
    }

    /// <summary>RFC 7643 §6, §7: the description of a schema and of a resource type is OPTIONAL, and what is unassigned is left out (§2.5). An attribute has one.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_description_that_a_definition_lacks_is_left_out(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);

        foreach (var path in (string[])["/ResourceTypes/License", $"/Schemas/{CustomServer.Price}"])
        {
            Assert.False((await scim.GetAsync(path)).Expect(200).Object.ContainsKey("description"));
        }

        var listed = (await scim.GetAsync("/ResourceTypes")).Resources.Concat((await scim.GetAsync("/Schemas")).Resources);
        Assert.DoesNotContain(listed, resource => (string?)resource!["description"] == "");
        JsonAssert.Has("""{"description":"Something to be measured."}""", (await scim.GetAsync("/ResourceTypes/Sample")).Object);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task An_endpoint_that_no_resource_type_has_is_404(Database database)
    {
        var custom = await CustomServer.NewTenantAsync(database);
        var plain = await TestServers.NewTenantAsync(database);

        Assert.Contains("There is no endpoint /scim/v2/Printers.", (await custom.GetAsync("/Printers")).ExpectError(404), StringComparison.Ordinal);
        foreach (var path in (string[])["/Devices", "/Samples", "/Devices/.search", $"/Devices/{Guid.NewGuid()}", "/ResourceTypes/Device", "/Schemas/urn:example:scim:schemas:1.0:Sample"])
        {
            (await plain.GetAsync(path)).ExpectError(404);
        }
    }

    [Fact]
    public async Task The_OpenAPI_document_describes_the_added_endpoints()
    {
        var text = await SwaggerDocument.ReadTextAsync(await CustomServer.GetAsync(Database.Sqlite));

        var read = OpenApiDocument.Parse(text, "json");

        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        foreach (var id in (string[])["listSamples", "searchSamples", "getSample", "createSample", "replaceSample", "patchSample", "deleteSample", "listDevices", "getLicense"])
        {
            Assert.NotNull(SwaggerDocument.Operation(read.Document!, id));
        }

        var user = JsonNode.Parse(text)!["components"]!["schemas"]!["User"]!["properties"]!;
        Assert.Equal("#/components/schemas/Badge", (string)user[CustomServer.Badge]!["$ref"]!);
        var ids = SwaggerDocument.Operations(read.Document!).Select(found => found.Operation.OperationId).ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    private static async Task<JsonNode?> MemberTypesAsync(ScimClient scim)
    {
        var group = (await scim.GetAsync($"/Schemas/{ScimClient.Group}")).Expect(200).Object;
        var members = group["attributes"]!.AsArray().Single(attribute => (string)attribute!["name"]! == "members")!;
        return members["subAttributes"]!.AsArray().Single(sub => (string)sub!["name"]! == "$ref")!["referenceTypes"];
    }
}
