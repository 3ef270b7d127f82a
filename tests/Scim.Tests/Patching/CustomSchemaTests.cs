using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Patching;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Tests.Patching;

/// <summary>Characteristics that the schemas of RFC 7643 do not use: the engine asks the schema, so they hold for any.</summary>
public sealed class CustomSchemaTests
{
    private static readonly ResourceType Device = new()
    {
        Name = "Device",
        Endpoint = "/Devices",
        Schema = SchemaReader.Read("""
            {"id":"urn:example:Device","name":"Device","attributes":[
              {"name":"serial","type":"string","mutability":"immutable"},
              {"name":"tags","type":"string","multiValued":true},
              {"name":"slots","type":"integer"},
              {"name":"pin","type":"string","mutability":"writeOnly","returned":"never"},
              {"name":"ports","type":"complex","multiValued":true,"subAttributes":[
                {"name":"value","type":"string"},{"name":"mac","type":"string","mutability":"immutable"},{"name":"speed","type":"integer"},
                {"name":"tags","type":"string","multiValued":true},{"name":"seals","type":"string","multiValued":true,"mutability":"immutable"}]},
              {"name":"codes","type":"string","multiValued":true,"mutability":"immutable"},
              {"name":"rack","type":"complex","subAttributes":[{"name":"row","type":"string","required":true},{"name":"slot","type":"string"}]},
              {"name":"owner","type":"complex","subAttributes":[
                {"name":"value","type":"string","caseExact":true},{"name":"$ref","type":"reference","referenceTypes":["User"]},{"name":"notes","type":"string","multiValued":true}]},
              {"name":"door","type":"complex","subAttributes":[
                {"name":"lock","type":"string"},{"name":"notes","type":"string","multiValued":true},{"name":"codes","type":"integer","multiValued":true}]},
              {"name":"keys","type":"complex","multiValued":true,"subAttributes":[
                {"name":"value","type":"string","required":true},{"name":"lock","type":"string","required":true},{"name":"display","type":"string"}]}]}
            """),
        Extensions = [new SchemaExtension(SchemaReader.Read("""
            {"id":"urn:example:Lease","name":"Lease","attributes":[
              {"name":"contract","type":"string","required":true},{"name":"note","type":"string"},
              {"name":"key","type":"string","mutability":"writeOnly","returned":"never"}]}
            """), Required: false)],
        CommonAttributes = SchemaRegistry.Create(new SchemaOptions()).FindResourceType("User")!.CommonAttributes,
    };

    [Theory]
    [InlineData("{}", "add serial = \"1\"", """{"serial":"1"}""")]
    [InlineData("""{"serial":"1"}""", "replace serial = \"1\"", """{"serial":"1"}""")]
    [InlineData("""{"serial":"1"}""", "replace serial = \"2\"", "Mutability")]
    [InlineData("""{"serial":"1"}""", "remove serial", "Mutability")]
    [InlineData("""{"ports":[{"value":"a"}]}""", "add ports[value eq \"a\"].mac = \"1\"", """{"ports":[{"value":"a","mac":"1"}]}""")]
    [InlineData("""{"ports":[{"value":"a","mac":"1"}]}""", "replace ports[value eq \"a\"].mac = \"2\"", "Mutability")]
    [InlineData("""{"ports":[{"value":"a","mac":"1"}]}""", "replace ports[value eq \"a\"] = {\"speed\":1}", "Mutability")]
    [InlineData("""{"ports":[{"value":"a","mac":"1"}]}""", "replace ports[value eq \"a\"] = {\"speed\":1,\"mac\":\"1\"}", """{"ports":[{"value":"a","mac":"1","speed":1}]}""")]
    [InlineData("""{"ports":[{"value":"a","mac":"1"}]}""", "remove ports[value eq \"a\"]", "{}")]
    [InlineData("""{"ports":[{"value":"a","mac":"1"}]}""", "add ports = {\"value\":\"A\",\"speed\":1,\"mac\":\"1\"}", """{"ports":[{"value":"a","mac":"1","speed":1}]}""")]
    [InlineData("""{"ports":[{"value":"a","mac":"1"}]}""", "add ports = {\"value\":\"a\",\"mac\":\"2\"}", "Mutability")]
    [InlineData("{}", "add ports[speed eq 10].value = \"a\"", """{"ports":[{"speed":10,"value":"a"}]}""")]
    [InlineData("{}", "add ports[speed eq 1.5].value = \"a\"", "NoTarget")]
    [InlineData("{}", "add ports[speed eq 9999999999999999999999].value = \"a\"", "NoTarget")]
    [InlineData("{}", "add slots = 1.5", "InvalidValue")]
    [InlineData("{}", "add tags = [\"a\",\"B\",\"A\"]", """{"tags":["a","B"]}""")]
    [InlineData("""{"tags":["a","B"]}""", "add tags = \"b\" ; add tags = \"c\"", """{"tags":["a","B","c"]}""")]
    [InlineData("""{"tags":["a","B"]}""", "remove tags = [\"b\"]", """{"tags":["a"]}""")]
    [InlineData("""{"tags":["a","B"]}""", "remove tags = [\"b\",\"a\",\"x\"]", "{}")]
    [InlineData("""{"tags":["a","B"]}""", "remove tags[value eq \"b\"]", """{"tags":["a"]}""")]
    [InlineData("""{"tags":["a","B"]}""", "remove tags[Value co \"a\" or value sw \"B\"]", "{}")]
    [InlineData("""{"tags":["a","B"]}""", "remove tags[not (value eq \"a\")]", """{"tags":["a"]}""")]
    [InlineData("""{"tags":["a","B"]}""", "remove tags[value eq \"c\"]", """{"tags":["a","B"]}""")]
    [InlineData("""{"tags":["a","B"]}""", "replace tags[value eq \"b\"] = \"A\"", """{"tags":["a"]}""")]
    [InlineData("""{"tags":["a","B"]}""", "replace tags[value eq \"c\"] = \"d\"", "NoTarget")]
    [InlineData("""{"tags":["a","B"]}""", "remove tags[type eq \"a\"]", "InvalidFilter")]
    [InlineData("""{"tags":["a","B"]}""", "remove tags[value gt 1]", "InvalidFilter")]
    [InlineData("""{"tags":["a","B"]}""", "remove tags[value eq \"a\"].value", "InvalidPath")]
    [InlineData("""{"codes":["a","b"]}""", "remove codes[value eq \"a\"]", "Mutability")]
    [InlineData("""{"tags":["a"]}""", "replace tags = [\"b\"]", """{"tags":["b"]}""")]
    [InlineData("""{"tags":["a"]}""", "replace tags = [\"b\",\"B\",\"c\"]", """{"tags":["b","c"]}""")]
    [InlineData("{}", "add urn:example:Lease:note = \"n\"", "InvalidValue")]
    [InlineData("{}", "add urn:example:Lease = {\"contract\":\"c\",\"key\":\"k\"}", """{"urn:example:Lease":{"contract":"c"}}""")]
    [InlineData("""{"urn:example:Lease":{"contract":"c","note":"n"}}""", "remove urn:example:Lease:contract", "Mutability")]
    [InlineData("""{"urn:example:Lease":{"contract":"c","note":"n"}}""", "replace urn:example:Lease:contract = null", "InvalidValue")]
    [InlineData("""{"urn:example:Lease":{"contract":"c","note":"n"}}""", "remove urn:example:Lease", "{}")]
    [InlineData("""{"urn:example:Lease":{"contract":"c"}}""", "remove urn:example:Lease:contract", "{}")]
    [InlineData("{}", "add urn:example:lease:key = \"k\"", "{}")]
    [InlineData("""{"serial":"a"}""", "replace serial = \"A\"", """{"serial":"a"}""")]
    [InlineData("""{"codes":["a","b"]}""", "replace codes = [\"B\",\"a\"]", """{"codes":["a","b"]}""")]
    [InlineData("""{"codes":["a","b"]}""", "replace codes = [\"a\"]", "Mutability")]
    [InlineData("""{"ports":[{"value":"a","mac":"m"}]}""", "replace ports[value eq \"a\"] = {\"speed\":1,\"mac\":\"M\"}", """{"ports":[{"value":"a","mac":"m","speed":1}]}""")]
    [InlineData("""{"rack":{"row":"1","slot":"2"}}""", "remove rack.row", "Mutability")]
    [InlineData("""{"rack":{"row":"1","slot":"2"}}""", "remove rack.row ; add rack.row = \"3\"", """{"rack":{"row":"3","slot":"2"}}""")]
    [InlineData("""{"rack":{"row":"1","slot":"2"}}""", "replace rack.row = null", "InvalidValue")]
    [InlineData("""{"rack":{"row":"1","slot":"2"}}""", "remove rack", "{}")]
    [InlineData("""{"keys":[{"value":"k","lock":"l","display":"d"}]}""", "remove keys[value eq \"k\"].lock", "Mutability")]
    [InlineData("""{"keys":[{"value":"k","lock":"l"}]}""", "remove keys[lock eq \"l\"].value", "Mutability")]
    [InlineData("""{"keys":[{"value":"k","lock":"l"}]}""", "remove keys.lock", "Mutability")]
    [InlineData("""{"keys":[{"value":"k","lock":"l"}]}""", "replace keys[value eq \"k\"].lock = null", "InvalidValue")]
    [InlineData("""{"keys":[{"value":"k","lock":"l"}]}""", "remove keys[value eq \"k\"]", "{}")]
    public void The_schema_decides(string start, string operations, string expected)
    {
        var current = new ResourceDocument(Device, JsonNode.Parse(start)!.AsObject());
        string seen;
        try
        {
            var document = PatchEngine.Apply(PatchRequest.Parse(PatchCaseFile.Message(operations), new ScimLimits()), current).Document;
            seen = JsonNode.DeepEquals(JsonNode.Parse(expected), document.Root) ? expected : document.Root.ToJsonString();
        }
        catch (ScimException refused)
        {
            seen = refused.Error.Type.ToString()!;
        }

        Assert.Equal(expected, seen);
    }

    /// <summary>
    /// RFC 7644 §3.5.2.1 to §3.5.2.3: what is multi-valued is so within a complex attribute as well. No sub-attribute of RFC 7643 is.
    /// </summary>
    [Theory]
    [InlineData("{}", "add door.notes = [\"a\"]", """{"door":{"notes":["a"]}}""")]
    [InlineData("{}", "add door.notes = \"a\"", """{"door":{"notes":["a"]}}""")]
    [InlineData("{}", "add door.notes = []", "{}")]
    [InlineData("""{"door":{"notes":["a"]}}""", "add door.notes = [\"b\",\"A\"]", """{"door":{"notes":["a","b"]}}""")]
    [InlineData("""{"door":{"notes":["a"]}}""", "add door.notes = \"b\"", """{"door":{"notes":["a","b"]}}""")]
    [InlineData("""{"door":{"notes":["a"]}}""", "add door.notes = null", """{"door":{"notes":["a"]}}""")]
    [InlineData("""{"door":{"notes":["a"]}}""", "add door.notes = []", """{"door":{"notes":["a"]}}""")]
    [InlineData("""{"door":{"notes":["a"]}}""", "add door = {\"notes\":[\"b\"],\"lock\":\"l\"}", """{"door":{"notes":["a","b"],"lock":"l"}}""")]
    [InlineData("""{"door":{"notes":["a"]}}""", "add door = {\"notes\":[],\"lock\":\"l\"}", """{"door":{"notes":["a"],"lock":"l"}}""")]
    [InlineData("""{"door":{"notes":["a"]}}""", "add = {\"door\":{\"notes\":[\"b\"]}}", """{"door":{"notes":["a","b"]}}""")]
    [InlineData("""{"door":{"notes":["a"]}}""", "add = {\"door.notes\":[\"b\"]}", """{"door":{"notes":["a","b"]}}""")]
    [InlineData("""{"door":{"codes":[1]}}""", "add door.codes = [1,2]", """{"door":{"codes":[1,2]}}""")]
    [InlineData("""{"door":{"codes":[1]}}""", "add door.codes = [2,\"x\"]", "InvalidValue")]
    [InlineData("""{"door":{"notes":["a","b"]}}""", "replace door.notes = [\"c\",\"C\"]", """{"door":{"notes":["c"]}}""")]
    [InlineData("""{"door":{"notes":["a","b"]}}""", "replace door = {\"notes\":[\"c\"]}", """{"door":{"notes":["c"]}}""")]
    [InlineData("""{"door":{"notes":["a","b"],"lock":"l"}}""", "replace door.notes = []", """{"door":{"lock":"l"}}""")]
    [InlineData("""{"door":{"notes":["a","b"]}}""", "remove door.notes = [\"A\"]", """{"door":{"notes":["b"]}}""")]
    [InlineData("""{"door":{"notes":["a","b"]}}""", "remove door.notes = \"b\"", """{"door":{"notes":["a"]}}""")]
    [InlineData("""{"door":{"notes":["a","b"]}}""", "remove door.notes = [\"c\"]", """{"door":{"notes":["a","b"]}}""")]
    [InlineData("""{"door":{"notes":["a","b"]}}""", "remove door.notes = []", """{"door":{"notes":["a","b"]}}""")]
    [InlineData("""{"door":{"notes":["a","b"]}}""", "remove door.notes = [\"b\",\"a\"]", "{}")]
    [InlineData("""{"door":{"notes":["a","b"],"lock":"l"}}""", "remove door.notes", """{"door":{"lock":"l"}}""")]
    [InlineData("""{"door":{"notes":"a"}}""", "add door.notes = [\"b\"]", """{"door":{"notes":["a","b"]}}""")]
    [InlineData("""{"door":{"notes":"a"}}""", "remove door.notes = [\"b\"]", """{"door":{"notes":["a"]}}""")]
    [InlineData("""{"owner":{"value":"a","notes":["x"]}}""", "add owner = {\"value\":\"a\",\"notes\":[\"y\"]}", """{"owner":{"value":"a","notes":["x","y"]}}""")]
    [InlineData("""{"owner":{"value":"a","notes":["x"]}}""", "add owner = {\"notes\":[\"y\"],\"VALUE\":\"b\"}", """{"owner":{"value":"b","notes":["y"]}}""")]
    [InlineData("""{"owner":{"value":"a","notes":["x"]}}""", "add owner = {\"value\":\"b\"}", """{"owner":{"value":"b"}}""")]
    [InlineData("""{"ports":[{"value":"p","tags":["a"]},{"value":"q"}]}""", "add ports[value eq \"p\"].tags = [\"b\",\"A\"]", """{"ports":[{"value":"p","tags":["a","b"]},{"value":"q"}]}""")]
    [InlineData("""{"ports":[{"value":"p","tags":["a"]},{"value":"q"}]}""", "add ports.tags = [\"b\"]", """{"ports":[{"value":"p","tags":["a","b"]},{"value":"q","tags":["b"]}]}""")]
    [InlineData("""{"ports":[{"value":"p","tags":["a"]}]}""", "add ports[value eq \"p\"].tags = null", """{"ports":[{"value":"p","tags":["a"]}]}""")]
    [InlineData("""{"ports":[{"value":"p","tags":["a"]}]}""", "add ports[value eq \"p\"] = {\"tags\":[\"b\"]}", """{"ports":[{"value":"p","tags":["a","b"]}]}""")]
    [InlineData("""{"ports":[{"value":"p","tags":["a"]}]}""", "replace ports[value eq \"p\"].tags = [\"b\"]", """{"ports":[{"value":"p","tags":["b"]}]}""")]
    [InlineData("""{"ports":[{"value":"p","tags":["a","b"],"speed":1}]}""", "replace ports[tags eq \"a\"] = {\"value\":\"q\"}", """{"ports":[{"value":"q","tags":["a"]}]}""")]
    [InlineData("""{"ports":[{"value":"p","tags":["a","b"]},{"value":"q","tags":["a"]}]}""", "remove ports[value eq \"p\"].tags = [\"A\"]", """{"ports":[{"value":"p","tags":["b"]},{"value":"q","tags":["a"]}]}""")]
    [InlineData("""{"ports":[{"value":"p","tags":["a","b"],"speed":1},{"value":"q","tags":["a"],"speed":2}]}""", "remove ports.tags = [\"a\"]", """{"ports":[{"value":"p","tags":["b"],"speed":1},{"value":"q","speed":2}]}""")]
    [InlineData("""{"ports":[{"value":"p","tags":["a","b"],"speed":1}]}""", "remove ports[value eq \"p\"].tags", """{"ports":[{"value":"p","speed":1}]}""")]
    [InlineData("{}", "add ports[tags eq \"a\"].value = \"p\"", """{"ports":[{"tags":["a"],"value":"p"}]}""")]
    [InlineData("{}", "add ports[tags eq \"a\" and tags eq \"b\" and tags eq \"A\"].value = \"p\"", """{"ports":[{"tags":["a","b"],"value":"p"}]}""")]
    [InlineData("{}", "add ports[tags eq \"a\"].tags = [\"b\"]", """{"ports":[{"tags":["a","b"]}]}""")]
    [InlineData("{}", "replace ports[tags eq \"a\"].tags = [\"b\"]", """{"ports":[{"tags":["b"]}]}""")]
    [InlineData("{}", "add ports[tags eq \"a\"].tags = []", "{}")]
    [InlineData("{}", "add ports[tags eq \"a\"] = {\"value\":\"p\",\"tags\":[\"b\"]}", """{"ports":[{"tags":["a","b"],"value":"p"}]}""")]
    [InlineData("""{"ports":[{"value":"p","tags":["a","b"]}]}""", "add ports = {\"value\":\"p\",\"tags\":[\"B\",\"c\"]}", """{"ports":[{"value":"p","tags":["a","b","c"]}]}""")]
    [InlineData("""{"ports":[{"speed":1,"tags":["a","b"]}]}""", "add ports = {\"speed\":1,\"tags\":[\"B\",\"A\"]}", """{"ports":[{"speed":1,"tags":["a","b"]}]}""")]
    [InlineData("""{"ports":[{"speed":1,"tags":["a","b"]}]}""", "remove ports = {\"tags\":[\"B\",\"A\"]}", "{}")]
    [InlineData("""{"ports":[{"speed":1,"tags":["a","b"]}]}""", "remove ports = {\"tags\":[\"a\"]}", """{"ports":[{"speed":1,"tags":["a","b"]}]}""")]
    [InlineData("""{"ports":[{"value":"p","seals":["a"]}]}""", "add ports[value eq \"p\"].seals = [\"A\"]", """{"ports":[{"value":"p","seals":["a"]}]}""")]
    [InlineData("""{"ports":[{"value":"p","seals":["a"]}]}""", "add ports[value eq \"p\"].seals = [\"b\"]", "Mutability")]
    [InlineData("""{"ports":[{"value":"p","seals":["a","b"]}]}""", "remove ports[value eq \"p\"].seals = [\"b\"]", "Mutability")]
    [InlineData("""{"ports":[{"value":"p","seals":["a","b"]}]}""", "remove ports[value eq \"p\"].seals = [\"c\"]", """{"ports":[{"value":"p","seals":["a","b"]}]}""")]
    public void A_sub_attribute_with_many_values_is_patched_like_an_attribute_with_many(string start, string operations, string expected) =>
        The_schema_decides(start, operations, expected);

    [Fact]
    public void What_is_never_returned_goes_beside_the_document()
    {
        var outcome = PatchEngine.Apply(PatchRequest.Parse(PatchCaseFile.Message("add pin = \"1234\""), new ScimLimits()), new ResourceDocument(Device, []));
        Assert.Equal(("1234", "{}"), (outcome.Password, outcome.Document.Root.ToJsonString()));
    }
}
