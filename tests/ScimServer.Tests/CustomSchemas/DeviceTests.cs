using System.Text.Json.Nodes;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.CustomSchemas;

/// <summary>The device schema of RFC 9944: its tables attribute by attribute, and its examples.</summary>
public sealed class DeviceTests
{
    private const string Device = "urn:ietf:params:scim:schemas:core:2.0:Device";
    private const string Mab = "urn:ietf:params:scim:schemas:extension:ethernet-mab:2.0:Device";
    private const string Zigbee = "urn:ietf:params:scim:schemas:extension:zigbee:2.0:Device";
    private const string App = "urn:ietf:params:scim:schemas:core:2.0:EndpointApp";

    /// <summary>Tables 1, 2, 5 and 7: name, multi-valued, required, case exact, mutable, returned; types from the text and appendix A.</summary>
    [SkippableTheory]
    [EachDatabase(Device, """
        displayName string F F F readWrite default
        active boolean F T F readWrite default
        mudUrl reference F F T readWrite default
        groups complex T F F readOnly default
        """)]
    [EachDatabase(App, """
        applicationType string F T F immutable default
        applicationName string F T F readWrite default
        certificateInfo complex F F F readWrite default
        certificateInfo.rootCA string F F T readWrite default
        certificateInfo.subjectName string F T T readWrite default
        clientToken string F F T readOnly default
        groups complex T F F readOnly default
        """)]
    [EachDatabase(Mab, "deviceMacAddress string F T F readWrite default")]
    [EachDatabase(Zigbee, """
        versionSupport string T T F readWrite default
        deviceEui64Address string F T F readWrite default
        """)]
    public async Task The_schema_is_that_of_the_tables(Database database, string urn, string table)
    {
        var scim = await CustomServer.NewTenantAsync(database);

        var attributes = (await scim.GetAsync($"/Schemas/{urn}")).Expect(200).Object["attributes"]!.AsArray();

        var rows = attributes.SelectMany(attribute => SubAttributes(attribute!).Select(sub => Row(sub!, attribute)).Prepend(Row(attribute!, owner: null)));
        Assert.Equal(table.Split('\n', StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
        Assert.All(attributes, attribute => Assert.Equal("none", (string)attribute!["uniqueness"]!));
    }

    /// <summary>Figures 3, 4, 9 and 11, as a client sends them: what the server sets is ignored.</summary>
    [SkippableTheory]
    [EachDatabase("/Devices", $$$"""{"schemas":["{{{Device}}}"],"id":"e9e30dba-f08f-4109-8486-d5c6a3316111","displayName":"BLE Heart Monitor","active":true,"meta":{"resourceType":"Device"}}""")]
    [EachDatabase("/Devices", $$$"""{"schemas":["{{{Device}}}","{{{Mab}}}"],"displayName":"Some random Ethernet Device","active":true,"{{{Mab}}}":{"deviceMacAddress":"2C:54:91:88:C9:E2"}}""")]
    [EachDatabase("/Devices", $$$"""{"schemas":["{{{Device}}}","{{{Zigbee}}}"],"displayName":"Zigbee Heart Monitor","active":true,"{{{Zigbee}}}":{"versionSupport":["3.0"],"deviceEui64Address":"50:32:5F:FF:FE:E7:67:28"}}""")]
    [EachDatabase("/EndpointApps", $$$"""{"schemas":["{{{App}}}"],"applicationType":"deviceControl","applicationName":"Device Control App 1","certificateInfo":{"rootCA":"MIIBIjAN...","subjectName":"www.example.com"}}""")]
    public async Task The_examples_are_stored_as_they_are(Database database, string endpoint, string example)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var expected = JsonNode.Parse(example)!.AsObject();
        expected.Remove("id");
        expected.Remove("meta");

        var created = (await scim.PostAsync(endpoint, example)).Expect(201);

        Assert.NotEqual("e9e30dba-f08f-4109-8486-d5c6a3316111", (string)created.Object["id"]!);
        JsonAssert.Has(expected.ToJsonString(), (await scim.GetAsync($"{endpoint}/{created.Object["id"]}")).Expect(200).Object);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Devices_are_found_by_their_address_and_switched_off(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);
        var device = (string)(await scim.PostAsync("/Devices", $$$"""{"active":true,"{{{Mab}}}":{"deviceMacAddress":"2C:54:91:88:C9:E2"}}""")).Expect(201).Object["id"]!;

        Assert.Equal([device], (await scim.FindAsync("/Devices", $"{Mab}:deviceMacAddress eq \"2c:54:91:88:c9:e2\" and active eq true")).Expect(200).Ids);
        JsonAssert.Has("""{"active":false}""", (await scim.PatchAsync($"/Devices/{device}", """{"op":"replace","path":"active","value":false}""")).Expect(200).Object);
        Assert.Empty((await scim.FindAsync("/Devices", "active eq true")).Expect(200).Ids);
    }

    /// <summary>A user is active unless the client says otherwise; a device's active is the client's to give (§3.1).</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_device_has_to_say_whether_it_is_active(Database database)
    {
        var scim = await CustomServer.NewTenantAsync(database);

        Assert.Equal("active is required.", (await scim.PostAsync("/Devices", """{"displayName":"x"}""")).ExpectError(400, "invalidValue"));
        (await scim.PostAsync("/EndpointApps", """{"applicationType":"telemetry","applicationName":"x","certificateInfo":{"rootCA":"eA=="}}""")).ExpectError(400, "invalidValue");
    }

    private static JsonArray SubAttributes(JsonNode attribute) => (string)attribute["name"]! == "groups" ? [] : attribute["subAttributes"]?.AsArray() ?? [];

    private static string Row(JsonNode attribute, JsonNode? owner)
    {
        var name = owner is null ? $"{attribute["name"]}" : $"{owner["name"]}.{attribute["name"]}";
        return $"{name} {attribute["type"]} {Flag("multiValued")} {Flag("required")} {Flag("caseExact")} {attribute["mutability"]} {attribute["returned"]}";

        string Flag(string characteristic) => (bool)attribute[characteristic]! ? "T" : "F";
    }
}
