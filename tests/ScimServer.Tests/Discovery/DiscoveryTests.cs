using System.Text.Json.Nodes;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Discovery;

/// <summary>What the server says of itself (RFC 7643 §5 to §7, RFC 7644 §4).</summary>
public sealed class DiscoveryTests
{
    public static TheoryData<string> Schemas => [ScimClient.User, ScimClient.Group, ScimClient.Enterprise];

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task RFC7643_8_7_1_each_attribute_has_each_characteristic_of_the_RFCs_listing(string urn)
    {
        var scim = await TestServers.NewTenantAsync(Database.Sqlite);
        var schema = (await scim.GetAsync($"/Schemas/{urn}")).Expect(200).Object;

        var served = Lines("", schema["attributes"]!.AsArray()).ToDictionary(line => line.Split(" | ")[0]);

        var listed = SchemaListing.Read(urn);
        Assert.Equal(listed.Keys.Order(StringComparer.Ordinal), served.Keys.Order(StringComparer.Ordinal));
        Assert.All(listed, line => Assert.Equal(line.Value, served[line.Key]));
    }

    [Fact]
    public async Task RFC7643_7_schemas_are_listed_and_read_by_URN_in_any_case_and_describe_every_attribute()
    {
        var scim = await TestServers.NewTenantAsync(Database.Sqlite);

        var list = (await scim.GetAsync("/Schemas")).Expect(200);

        Assert.Equal(list.Ids.Length, (int)list.Object["totalResults"]!);
        Assert.Equal(list.Ids.Length, (int)list.Object["itemsPerPage"]!);
        foreach (var schema in list.Resources)
        {
            var urn = (string)schema!["id"]!;
            Assert.Equal("Schema", (string?)schema["meta"]!["resourceType"]);
            Assert.Equal($"{scim.BaseUrl}/Schemas/{urn}", (string?)schema["meta"]!["location"]);
            Assert.NotEmpty((string)schema["name"]!);
            Assert.True(JsonNode.DeepEquals(schema, (await scim.GetAsync($"/Schemas/{urn}")).Expect(200).Object));
            (await scim.GetAsync($"/Schemas/{urn.ToUpperInvariant()}")).Expect(200);
            Assert.All(All(schema["attributes"]!.AsArray()), attribute => Assert.NotEmpty((string)attribute["description"]!));
        }

        (await scim.GetAsync("/Schemas/urn:nope")).ExpectError(404);
    }

    [Fact]
    public async Task RFC7643_6_resource_types_are_listed_and_read_by_id()
    {
        var scim = await TestServers.NewTenantAsync(Database.Sqlite);

        var list = (await scim.GetAsync("/ResourceTypes")).Expect(200);

        Assert.Equal(["User", "Group"], list.Ids);
        JsonAssert.Equal(
            $$$"""
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"id":"User","name":"User","endpoint":"/Users","description":"{{{list.Resources[0]!["description"]}}}",
             "schema":"urn:ietf:params:scim:schemas:core:2.0:User",
             "schemaExtensions":[{"schema":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User","required":false}],
             "meta":{"resourceType":"ResourceType","location":"{{{scim.BaseUrl}}}/ResourceTypes/User"}}
            """,
            list.Resources[0]);
        JsonAssert.Has("""{"name":"Group","endpoint":"/Groups","schema":"urn:ietf:params:scim:schemas:core:2.0:Group","schemaExtensions":null}""", list.Resources[1]!.AsObject());
        Assert.True(JsonNode.DeepEquals(list.Resources[1], (await scim.GetAsync("/ResourceTypes/Group")).Expect(200).Object));
        (await scim.GetAsync("/ResourceTypes/Nope")).ExpectError(404);
    }

    [Fact]
    public async Task RFC7643_5_the_configuration_says_what_is_true_today()
    {
        var scim = await TestServers.NewTenantAsync(Database.Sqlite);

        var config = (await scim.GetAsync("/ServiceProviderConfig")).Expect(200).Object;

        JsonAssert.Has(
            $$$"""
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],"patch":{"supported":true},"filter":{"supported":true,"maxResults":200},
             "changePassword":{"supported":true},"etag":{"supported":true},
             "meta":{"resourceType":"ServiceProviderConfig","location":"{{{scim.BaseUrl}}}/ServiceProviderConfig"}}
            """,
            config);
        Assert.All(["bulk", "sort"], feature => Assert.NotNull(config[feature]!["supported"]!.GetValue<bool?>()));
        Assert.All(["maxOperations", "maxPayloadSize"], limit => Assert.True((int)config["bulk"]![limit]! >= 0));
        var scheme = Assert.Single(config["authenticationSchemes"]!.AsArray())!.AsObject();
        Assert.Equal("oauthbearertoken", (string?)scheme["type"]);
        Assert.All(["name", "description", "specUri"], name => Assert.NotEmpty((string)scheme[name]!));
    }

    /// <summary>A feature that is not announced must not be there, and the other way round.</summary>
    [Fact]
    public async Task RFC7643_5_bulk_is_announced_exactly_when_it_is_served()
    {
        var scim = await TestServers.NewTenantAsync(Database.Sqlite);
        var announced = (bool)(await scim.GetAsync("/ServiceProviderConfig")).Object["bulk"]!["supported"]!;

        var answer = await scim.PostAsync("/Bulk", """{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{"method":"DELETE","path":"/Users/0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f"}]}""");

        Assert.Equal(announced, answer.Status == 200);
    }

    [Theory]
    [InlineData("/ServiceProviderConfig")]
    [InlineData("/ResourceTypes")]
    [InlineData("/ResourceTypes/User")]
    [InlineData("/Schemas")]
    [InlineData("/Schemas/" + ScimClient.User)]
    public async Task RFC7644_4_discovery_is_read_only_does_not_filter_and_needs_no_token(string path)
    {
        var scim = await TestServers.NewTenantAsync(Database.Sqlite);

        (await scim.GetAsync(path + "?filter=name%20eq%20%22User%22")).ExpectError(403);
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete })
        {
            var answer = await scim.SendAsync(method, path, method == HttpMethod.Delete ? null : "{}");
            answer.ExpectError(405);
            Assert.Contains("GET", answer.Header("Allow"), StringComparison.Ordinal);
        }

        Assert.Equal((await scim.GetAsync(path)).Text, (await scim.WithToken(null).GetAsync(path)).Expect(200).Text);
        Assert.Equal((await scim.GetAsync(path)).Text, (await scim.GetAsync(path + "?count=1&startIndex=5&sortBy=id")).Expect(200).Text);
        Assert.Equal(ScimClient.MediaType, (await scim.GetAsync(path)).ContentType);
    }

    [Fact]
    public async Task Discovery_needs_a_token_when_the_option_says_so()
    {
        await using var server = await ScimServerFactory.StartAsync(Database.Sqlite, ("Scim:DiscoveryRequiresToken", "true"));
        var scim = await TestServers.NewTenantAsync(server);

        foreach (var path in new[] { "/ServiceProviderConfig", "/ResourceTypes/User", "/Schemas" })
        {
            (await scim.WithToken(null).GetAsync(path)).ExpectError(401);
            (await scim.GetAsync(path)).Expect(200);
        }
    }

    private static IEnumerable<JsonObject> All(JsonArray attributes) =>
        attributes.SelectMany(attribute => new[] { attribute!.AsObject() }.Concat(attribute["subAttributes"] is JsonArray subs ? All(subs) : []));

    private static IEnumerable<string> Lines(string prefix, JsonArray attributes) => attributes.SelectMany(attribute =>
    {
        var name = prefix + (string)attribute!["name"]!;
        return new[] { Line(name, attribute.AsObject()) }.Concat(attribute["subAttributes"] is JsonArray subs ? Lines(name + ".", subs) : []);
    });

    private static string Line(string name, JsonObject attribute)
    {
        var type = (string)attribute["type"]!;
        return string.Join(
            " | ",
            name,
            type,
            Word(attribute["multiValued"]),
            Word(attribute["required"]),
            type is "complex" or "boolean" ? "-" : Word(attribute["caseExact"]),
            attribute["mutability"],
            attribute["returned"],
            type == "complex" ? "-" : attribute["uniqueness"],
            List(attribute["canonicalValues"]),
            List(attribute["referenceTypes"]));
    }

    private static string Word(JsonNode? flag) => (bool)flag! ? "true" : "false";

    private static string List(JsonNode? values) => values is JsonArray { Count: > 0 } array ? string.Join(',', array) : "-";
}
