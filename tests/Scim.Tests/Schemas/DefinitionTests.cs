using System.Text;
using System.Text.Json.Nodes;
using Scim.Schemas;

namespace Scim.Tests.Schemas;

/// <summary>Schemas and resource types out of files (RFC 7643 §6, §7): what is taken.</summary>
public sealed class DefinitionTests
{
    private const string Badge = """
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Schema"],"id":"urn:example:scim:schemas:1.0:Badge","name":"Badge","attributes":[
          {"name":"number","type":"integer","required":true},
          {"name":"issued","type":"dateTime"},
          {"name":"doors","type":"complex","multiValued":true,"subAttributes":[{"name":"value"},{"name":"primary","type":"boolean"}]}]}
        """;

    private const string BadgeOnUser = """
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],"name":"User","endpoint":"/Users","schema":"urn:ietf:params:scim:schemas:core:2.0:User",
         "schemaExtensions":[{"schema":"urn:example:scim:schemas:1.0:Badge","required":true}]}
        """;

    private const string Car = """
        {"id":"urn:example:scim:schemas:1.0:Car","name":"Car","attributes":[
          {"name":"plate","caseExact":true,"uniqueness":"server","required":true},
          {"name":"owner","type":"complex","subAttributes":[{"name":"value"},{"name":"$ref","type":"reference","referenceTypes":["User"]},{"name":"displayName","mutability":"readOnly"}]},
          {"name":"groups","type":"complex","multiValued":true,"mutability":"readOnly","subAttributes":[{"name":"value"},{"name":"$ref","type":"reference","referenceTypes":["Group"]}]},
          {"name":"key","type":"binary"}]}
        """;

    private const string CarType = """{"name":"Car","endpoint":"/Cars","schema":"urn:example:scim:schemas:1.0:Car"}""";

    [Fact]
    public void A_resource_type_called_User_adds_its_extensions_to_the_users()
    {
        var user = Registry(Badge, BadgeOnUser).FindResourceType("User")!;

        Assert.Equal(
            [("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", false), ("urn:example:scim:schemas:1.0:Badge", true)],
            user.Extensions.Select(extension => (extension.Schema.Id, extension.Required)));
        Assert.Equal("User Account", user.Description);
    }

    [Fact]
    public void The_enterprise_extension_can_be_made_required()
    {
        var user = Registry(BadgeOnUser.Replace("urn:example:scim:schemas:1.0:Badge", SchemaUrns.EnterpriseUser, StringComparison.Ordinal)).FindResourceType("User")!;

        Assert.True(Assert.Single(user.Extensions).Required);
    }

    [Fact]
    public void A_new_resource_type_has_its_own_endpoint_unique_attribute_and_references()
    {
        var registry = Registry(Car, CarType);
        var car = registry.FindByEndpoint("cars")!;

        Assert.Equal(("Car", "plate", "groups"), (car.Name, car.UniqueAttribute!.Name, car.GroupsAttribute!.Name));
        Assert.Equal(["Car", "User"], registry.FindResourceType("User")!.Referrers.Select(type => type.Name).Order());
        Assert.True(car.Schema.Find("key")!.CaseExact);
        Assert.Equal(["User", "Group", "Car"], registry.ResourceTypes.Select(type => type.Name));
    }

    /// <summary>RFC 9944 §4: what has groups can be in them, and the schema of groups says so.</summary>
    [Fact]
    public void A_resource_type_with_groups_can_be_a_member()
    {
        var group = Registry(Car, CarType).FindSchema(SchemaUrns.Group)!;

        Assert.Equal(["User", "Group", "Car"], group.Find("members")!.ReferencedTypes);
        Assert.Contains("\"Car\"", Encoding.UTF8.GetString(group.Json.Span), StringComparison.Ordinal);
        Assert.Equal(["User", "Group"], TestTypes.Group.Schema.Find("members")!.ReferencedTypes);
    }

    [Theory]
    [InlineData("[%1,%2]")]
    [InlineData("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":2,"Resources":[%2,%1]}""")]
    public void A_file_holds_one_resource_an_array_or_a_list_response(string form)
    {
        var file = form.Replace("%1", Car, StringComparison.Ordinal).Replace("%2", CarType, StringComparison.Ordinal);

        Assert.NotNull(Registry(file).FindResourceType("Car"));
        Assert.NotNull(Registry(CarType, Car).FindResourceType("Car"));
    }

    [Fact]
    public void Two_resource_types_may_have_the_same_schema()
    {
        var registry = Registry(Car, CarType, """{"name":"Van","endpoint":"/Vans","schema":"urn:example:scim:schemas:1.0:Car"}""");

        Assert.Same(registry.FindResourceType("Car")!.Schema, registry.FindResourceType("Van")!.Schema);
    }

    /// <summary>RFC 7643 §2.2 has the defaults; a reader of /Schemas need not know them.</summary>
    [Fact]
    public void A_schema_is_served_with_every_characteristic_and_without_the_meta_of_the_file()
    {
        var json = Served("""
            {"id":"urn:example:A","name":"A","meta":{"location":"x"},"attributes":[{"name":"a"},{"name":"b","type":"reference","referenceTypes":["external"],"canonicalValues":["x"]}]}
            """);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Schema"],"id":"urn:example:A","name":"A","attributes":[
              {"name":"a","type":"string","multiValued":false,"description":"","required":false,"caseExact":false,"mutability":"readWrite","returned":"default","uniqueness":"none"},
              {"name":"b","type":"reference","multiValued":false,"description":"","required":false,"canonicalValues":["x"],"caseExact":false,"mutability":"readWrite",
               "returned":"default","uniqueness":"none","referenceTypes":["external"]}]}
            """), json), json.ToJsonString());
    }

    [Fact]
    public void Every_set_that_the_server_brings_can_be_served_with_every_other()
    {
        var registry = SchemaRegistry.Create(new SchemaOptions { Enabled = new HashSet<string>(OptionalSchemas.Names) });

        Assert.Equal(["User", "Group", "Device", "EndpointApp", "Entitlement", "Role"], registry.ResourceTypes.Select(type => type.Name));
        Assert.Equal(["/Devices", "/EndpointApps", "/Entitlements", "/Roles"], registry.ResourceTypes.Skip(2).Select(type => type.Endpoint));
    }

    [Fact]
    public void A_set_that_there_is_not_is_refused_by_name()
    {
        var refused = Assert.Throws<ArgumentException>(() => SchemaRegistry.Create(new SchemaOptions { Enabled = new HashSet<string> { "Printers" } }));

        Assert.StartsWith("There is no schema set \"Printers\". The sets are Device, EndpointApp, OktaEntitlements, OktaRoles.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_may_extend_a_set_that_the_server_brings()
    {
        var registry = SchemaRegistry.Create(
            new SchemaOptions { Enabled = new HashSet<string> { "device" } },
            [File("badge.json", Badge), File("device.json", """
                {"name":"Device","endpoint":"/Devices","schema":"urn:ietf:params:scim:schemas:core:2.0:Device","schemaExtensions":[{"schema":"urn:example:scim:schemas:1.0:Badge"}]}
                """)]);

        Assert.Equal(3, registry.FindResourceType("Device")!.Extensions.Length);
    }

    internal static SchemaFile File(string name, string json) => new(name, Encoding.UTF8.GetBytes(json));

    private static SchemaRegistry Registry(params string[] files) => SchemaRegistry.Create(new SchemaOptions(), files.Select((json, index) => File($"{index}.json", json)));

    private static JsonNode Served(string schema)
    {
        var id = (string)JsonNode.Parse(schema)!["id"]!;
        var registry = Registry(schema, $$"""{"name":"A","endpoint":"As","schema":"{{id}}"}""");
        return JsonNode.Parse(registry.FindSchema(id)!.Json.Span)!;
    }
}
