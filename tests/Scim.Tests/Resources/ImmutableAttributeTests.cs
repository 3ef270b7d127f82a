using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Tests.Resources;

/// <summary>What a PUT says of immutable attributes (RFC 7644 §3.5.1): what it gives must match, what it leaves out stays.</summary>
public sealed class ImmutableAttributeTests
{
    private static readonly ResourceType Machine = new()
    {
        Name = "Machine",
        Endpoint = "/Machines",
        Schema = SchemaReader.Read("""
            {"id":"urn:example:Machine","name":"Machine","attributes":[
              {"name":"note","type":"string"},
              {"name":"serial","type":"string","mutability":"immutable"},
              {"name":"key","type":"string","mutability":"immutable","caseExact":true},
              {"name":"made","type":"dateTime","mutability":"immutable"},
              {"name":"weight","type":"decimal","mutability":"immutable"},
              {"name":"codes","type":"string","multiValued":true,"mutability":"immutable"},
              {"name":"parts","type":"complex","multiValued":true,"mutability":"immutable","subAttributes":[
                {"name":"value","type":"string"},{"name":"primary","type":"boolean"}]},
              {"name":"box","type":"complex","subAttributes":[
                {"name":"seal","type":"string","mutability":"immutable"},{"name":"size","type":"string","required":true},{"name":"note","type":"string"}]}]}
            """),
        Extensions = [new SchemaExtension(SchemaReader.Read("""
            {"id":"urn:example:Lease","name":"Lease","attributes":[
              {"name":"lot","type":"string","mutability":"immutable"},{"name":"note","type":"string"}]}
            """), Required: false)],
        CommonAttributes = TestTypes.User.CommonAttributes,
    };

    [Theory]
    [InlineData("""{"serial":"1"}""", "{}", """{"serial":"1"}""")]
    [InlineData("""{"serial":"a"}""", """{"serial":"A","note":"n"}""", """{"serial":"a","note":"n"}""")]
    [InlineData("""{"serial":"1"}""", """{"serial":"2"}""", "Mutability")]
    [InlineData("{}", """{"serial":"2"}""", """{"serial":"2"}""")]
    [InlineData("""{"key":"a"}""", """{"key":"A"}""", "Mutability")]
    [InlineData("""{"made":"2026-01-02T00:00:00Z"}""", """{"made":"2026-01-02T01:00:00+01:00"}""", """{"made":"2026-01-02T00:00:00Z"}""")]
    [InlineData("""{"weight":1.5}""", """{"weight":1.50}""", """{"weight":1.5}""")]
    [InlineData("""{"codes":["a","b"]}""", """{"codes":["B","a"]}""", """{"codes":["a","b"]}""")]
    [InlineData("""{"codes":["a","b"]}""", """{"codes":["a"]}""", "Mutability")]
    [InlineData("""{"codes":["a","b"]}""", """{"codes":["a","c"]}""", "Mutability")]
    [InlineData("""{"parts":[{"value":"a"},{"value":"b","primary":true}]}""", """{"parts":[{"primary":true,"value":"B"},{"value":"a","primary":false}]}""", """{"parts":[{"value":"a"},{"value":"b","primary":true}]}""")]
    [InlineData("""{"parts":[{"value":"a"},{"value":"b","primary":true}]}""", """{"parts":[{"value":"a","primary":true},{"value":"b"}]}""", "Mutability")]
    [InlineData("""{"box":{"seal":"s","size":"m","note":"n"}}""", "{}", """{"box":{"seal":"s","size":"m"}}""")]
    [InlineData("""{"box":{"seal":"s","size":"m","note":"n"}}""", """{"box":{"size":"l"}}""", """{"box":{"seal":"s","size":"l"}}""")]
    [InlineData("""{"box":{"seal":"s","size":"m"}}""", """{"box":{"seal":"t","size":"m"}}""", "Mutability")]
    [InlineData("""{"box":{"size":"m"}}""", "{}", "{}")]
    [InlineData("""{"urn:example:Lease":{"lot":"l","note":"n"}}""", "{}", """{"urn:example:Lease":{"lot":"l"}}""")]
    [InlineData("""{"urn:example:Lease":{"lot":"l","note":"n"}}""", """{"urn:example:Lease":{"note":"m"}}""", """{"urn:example:Lease":{"lot":"l","note":"m"}}""")]
    [InlineData("""{"urn:example:Lease":{"note":"n"}}""", "{}", "{}")]
    public void A_replace_keeps_what_it_leaves_out_and_refuses_what_differs(string before, string put, string expected)
    {
        var document = Read(put);
        string seen;
        try
        {
            ImmutableAttributes.Keep(document, Read(before), RequestKind.Replace);
            seen = JsonNode.DeepEquals(JsonNode.Parse(expected), document.Root) ? expected : document.Root.ToJsonString();
        }
        catch (ScimException refused)
        {
            seen = refused.Error.Type.ToString()!;
        }

        Assert.Equal(expected, seen);
    }

    private static ResourceDocument Read(string json) => ResourceReader.Read(Machine, JsonNode.Parse(json)!.AsObject(), RequestKind.Replace).Document;
}
