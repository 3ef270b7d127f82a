using Scim.Schemas;

namespace Scim.Tests.Schemas;

/// <summary>Definitions that cannot be served: each is refused with file, JSON pointer and a sentence.</summary>
public sealed class RefusalTests
{
    /// <summary>A schema and its resource type with a part of them in the place of %.</summary>
    private const string InAttribute = """[{"id":"urn:example:A","name":"A","attributes":[{"name":"a"},%]},{"name":"A","endpoint":"/As","schema":"urn:example:A"}]""";

    private const string InSchema = """[{"name":"A",%},{"name":"A","endpoint":"/As","schema":"urn:example:A"}]""";
    private const string InType = """[{"id":"urn:example:A","attributes":[{"name":"a"}]},{"id":"urn:example:B","attributes":[{"name":"b"}]},{"name":"B","endpoint":"/Bs","schema":"urn:example:B"},{%}]""";
    private const string OnUser = """
        [{"id":"urn:example:A","attributes":[%]},{"name":"User","endpoint":"/Users","schema":"urn:ietf:params:scim:schemas:core:2.0:User","schemaExtensions":[{"schema":"urn:example:A"}]}]
        """;

    [Theory]
    [InlineData("{", "f.json: is not valid JSON:")]
    [InlineData("""{"id":"urn:example:A","id":"urn:example:B"}""", "f.json: is not valid JSON: Duplicate property 'id' encountered")]
    [InlineData("1", "f.json#: must be a Schema or a ResourceType: an object.")]
    [InlineData("[1]", "f.json#/0: must be a Schema or a ResourceType: an object.")]
    [InlineData("""{"Resources":[{}]}""", "f.json#/Resources/0: is neither a Schema nor a ResourceType")]
    [InlineData("""{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"x"}""", "f.json: is neither a Schema nor a ResourceType")]
    public void A_file_that_holds_something_else(string file, string fault) => Refuses(file, fault);

    [Theory]
    [InlineData("""{"name":"b","type":"strng"}""", "f.json#/0/attributes/1/type: \"strng\" is not a type; there are string, boolean, decimal, integer, dateTime, binary, reference, complex.")]
    [InlineData("""{"name":"b","type":1}""", "f.json#/0/attributes/1/type: must be a string.")]
    [InlineData("""{"name":"b","mutability":"readwrite"}""", "f.json#/0/attributes/1/mutability: \"readwrite\" is not a mutability; there are readOnly, readWrite, immutable, writeOnly.")]
    [InlineData("""{"name":"b","returned":"sometimes"}""", "f.json#/0/attributes/1/returned: \"sometimes\" is not a returned; there are always, never, default, request.")]
    [InlineData("""{"name":"b","uniqueness":"Manufacturer"}""", "f.json#/0/attributes/1/uniqueness: \"Manufacturer\" is not a uniqueness; there are none, server, global.")]
    [InlineData("""{"name":"b","required":"true"}""", "f.json#/0/attributes/1/required: must be true or false.")]
    [InlineData("""{"name":"b","canonicalValues":"x"}""", "f.json#/0/attributes/1/canonicalValues: must be an array.")]
    [InlineData("""{"name":"b","canonicalValues":["x",1]}""", "f.json#/0/attributes/1/canonicalValues/1: must be a string that is not empty.")]
    [InlineData("""{"name":"b","multivalued":true}""", "f.json#/0/attributes/1/multivalued: there is no such member here; there are name, type,")]
    [InlineData("""{"name":"b","pattern":"^x$"}""", "f.json#/0/attributes/1/pattern: there is no such member here;")]
    [InlineData("\"b\"", "f.json#/0/attributes/1: must be an object.")]
    [InlineData("""{"type":"string"}""", "f.json#/0/attributes/1: \"name\" is missing.")]
    [InlineData("""{"name":""}""", "f.json#/0/attributes/1/name: must not be empty.")]
    [InlineData("""{"name":"1b"}""", "f.json#/0/attributes/1/name: \"1b\" is not an attribute name")]
    [InlineData("""{"name":"a.b"}""", "f.json#/0/attributes/1/name: \"a.b\" is not an attribute name")]
    [InlineData("""{"name":"b\n"}""", "f.json#/0/attributes/1/name: \"b\n\" is not an attribute name")]
    [InlineData("""{"name":"$ref","type":"reference"}""", "f.json#/0/attributes/1/name: \"$ref\" is not an attribute name")]
    [InlineData("""{"name":"A"}""", "f.json#/0/attributes/1/name: \"A\" is there already; upper and lower case make no other name.")]
    [InlineData("""{"name":"id"}""", "f.json#/0/attributes/1/name: every resource has an attribute \"id\" already (RFC 7643 §3.1).")]
    [InlineData("""{"name":"META"}""", "f.json#/0/attributes/1/name: every resource has an attribute \"META\" already")]
    [InlineData("""{"name":"b","subAttributes":[{"name":"c"}]}""", "f.json#/0/attributes/1/subAttributes: only complex attributes have sub-attributes; the type here is string.")]
    [InlineData("""{"name":"b","type":"complex"}""", "f.json#/0/attributes/1: a complex attribute has at least one sub-attribute")]
    [InlineData("""{"name":"b","type":"complex","subAttributes":[]}""", "f.json#/0/attributes/1/subAttributes: a complex attribute has at least one sub-attribute")]
    [InlineData("""{"name":"b","type":"complex","subAttributes":[{"name":"c","type":"complex","subAttributes":[{"name":"d"}]}]}""", "f.json#/0/attributes/1/subAttributes/0/type: a sub-attribute cannot be complex (RFC 7643 §2.3.8).")]
    [InlineData("""{"name":"b","type":"complex","subAttributes":[{"name":"c"},{"name":"C"}]}""", "f.json#/0/attributes/1/subAttributes/1/name: \"C\" is there already")]
    [InlineData("""{"name":"b","type":"boolean","canonicalValues":["yes"]}""", "f.json#/0/attributes/1/canonicalValues: are for strings; the type here is boolean.")]
    [InlineData("""{"name":"b","mutability":"writeOnly","returned":"never"}""", "f.json#/0/attributes/1/mutability: writeOnly is for secrets, and this server keeps no secret but a user's password.")]
    [InlineData("""{"name":"b","returned":"never"}""", "f.json#/0/attributes/1/returned: never is for secrets")]
    [InlineData("""{"name":"b","required":true,"mutability":"readOnly"}""", "f.json#/0/attributes/1/required: an attribute that clients cannot write (readOnly) cannot be required of them.")]
    [InlineData("""{"name":"b","type":"integer","uniqueness":"server"}""", "f.json#/0/attributes/1/uniqueness: only a single string")]
    [InlineData("""{"name":"b","multiValued":true,"uniqueness":"global"}""", "f.json#/0/attributes/1/uniqueness: only a single string")]
    [InlineData("""{"name":"b","type":"complex","subAttributes":[{"name":"c","uniqueness":"server"}]}""", "f.json#/0/attributes/1/subAttributes/0/uniqueness: only a single string that is no sub-attribute can be unique.")]
    [InlineData("""{"name":"b","uniqueness":"server"},{"name":"c","uniqueness":"global"}""", "f.json#/0/attributes/2/uniqueness: b of A is unique already, and a resource type has one such attribute.")]
    [InlineData("""{"name":"b","referenceTypes":["User"]}""", "f.json#/0/attributes/1/referenceTypes: are for references; the type here is string.")]
    [InlineData("""{"name":"b","type":"reference","referenceTypes":["external","Printer"]}""", "f.json#/0/attributes/1/referenceTypes/1: \"Printer\" is neither a resource type of this server nor \"external\" nor \"uri\".")]
    [InlineData(
        """{"name":"b","type":"complex","subAttributes":[{"name":"value"},{"name":"$ref","type":"reference","referenceTypes":["User"]}]},{"name":"c","type":"complex","subAttributes":[{"name":"value"},{"name":"$ref","type":"reference","referenceTypes":["A"]}]}""",
        "f.json#/0/attributes/2: A refers to another resource by b already, and a resource type has one such attribute.")]
    public void An_attribute(string attribute, string fault) => Refuses(InAttribute.Replace("%", attribute, StringComparison.Ordinal), fault);

    [Theory]
    [InlineData(""" "attributes":[{"name":"a"}] """, "f.json#/0: \"id\" is missing.")]
    [InlineData(""" "id":"https://example.com/a","attributes":[{"name":"a"}] """, "f.json#/0/id: \"https://example.com/a\" is not a URN such as")]
    [InlineData(""" "id":"urn:example:a b","attributes":[{"name":"a"}] """, "f.json#/0/id: \"urn:example:a b\" is not a URN")]
    [InlineData(""" "id":"urn:example:a\"","attributes":[{"name":"a"}] """, "f.json#/0/id: \"urn:example:a\"\" is not a URN")]
    [InlineData(""" "id":"urn:example:A","attributes":{} """, "f.json#/0/attributes: must be an array.")]
    [InlineData(""" "id":"urn:example:A","attributes":[] """, "f.json#/0/attributes: a schema has at least one attribute.")]
    [InlineData(""" "id":"urn:example:C","attributes":[{"name":"a"}] """, "f.json#/0/id: no resource type has this schema.")]
    [InlineData(""" "id":"urn:example:C","attributes":[{"name":"a"}] """, "f.json#/1/schema: there is no schema urn:example:A.")]
    [InlineData(""" "id":"URN:ietf:params:scim:schemas:core:2.0:user","attributes":[{"name":"a"}] """, "f.json#/0/id: there is already a schema URN:ietf:params:scim:schemas:core:2.0:user.")]
    public void A_schema(string schema, string fault) => Refuses(InSchema.Replace("%", schema, StringComparison.Ordinal), fault);

    [Theory]
    [InlineData(""" "name":"A","schema":"urn:example:A" """, "f.json#/3: is neither a Schema nor a ResourceType")]
    [InlineData(""" "name":"A","endpoint":"/As" """, "f.json#/3: \"schema\" is missing.")]
    [InlineData(""" "name":"A","endpoint":"/As","schema":"urn:example:A","id":"B" """, "f.json#/3/id: must be the same as the name, \"A\", or be left out.")]
    [InlineData(""" "name":"A b","endpoint":"/As","schema":"urn:example:A" """, "f.json#/3/name: \"A b\" is not a name")]
    [InlineData(""" "name":"Schema","endpoint":"/As","schema":"urn:example:A" """, "f.json#/3/name: \"Schema\" is a resource type of the protocol itself")]
    [InlineData(""" "name":"A","endpoint":"/v1/As","schema":"urn:example:A" """, "f.json#/3/endpoint: \"/v1/As\" is not an endpoint such as \"/Devices\"")]
    [InlineData(""" "name":"A","endpoint":"/.search","schema":"urn:example:A" """, "f.json#/3/endpoint: \"/.search\" is not an endpoint")]
    [InlineData(""" "name":"A","endpoint":"/{id}","schema":"urn:example:A" """, "f.json#/3/endpoint: \"/{id}\" is not an endpoint")]
    [InlineData(""" "name":"A","endpoint":"/bulk","schema":"urn:example:A" """, "f.json#/3/endpoint: \"/bulk\" is an endpoint of the protocol itself (RFC 7644 §3.2).")]
    [InlineData(""" "name":"A","endpoint":"Me","schema":"urn:example:A" """, "f.json#/3/endpoint: \"/Me\" is an endpoint of the protocol itself")]
    [InlineData(""" "name":"A","endpoint":"/Schemas","schema":"urn:example:A" """, "f.json#/3/endpoint: \"/Schemas\" is an endpoint of the protocol itself")]
    [InlineData(""" "name":"A","endpoint":"/ResourceTypes","schema":"urn:example:A" """, "f.json#/3/endpoint: \"/ResourceTypes\" is an endpoint of the protocol itself")]
    [InlineData(""" "name":"A","endpoint":"/ServiceProviderConfig","schema":"urn:example:A" """, "f.json#/3/endpoint: \"/ServiceProviderConfig\" is an endpoint of the protocol itself")]
    [InlineData(""" "name":"A","endpoint":"/users","schema":"urn:example:A" """, "f.json#/3/endpoint: \"/users\" is the endpoint of User.")]
    [InlineData(""" "name":"A","endpoint":"/BS","schema":"urn:example:A" """, "f.json#/3/endpoint: \"/BS\" is the endpoint of B.")]
    [InlineData(""" "name":"A","endpoint":"/As","schema":"urn:ietf:params:scim:schemas:core:2.0:Schema" """, "f.json#/3/schema: urn:ietf:params:scim:schemas:core:2.0:Schema is a schema of the protocol itself")]
    [InlineData(""" "name":"A","endpoint":"/As","schema":"urn:example:A","schemaExtensions":[{"required":true}] """, "f.json#/3/schemaExtensions/0: \"schema\" is missing.")]
    [InlineData(""" "name":"A","endpoint":"/As","schema":"urn:example:A","schemaExtensions":[{"schema":"urn:example:C"}] """, "f.json#/3/schemaExtensions/0/schema: there is no schema urn:example:C.")]
    [InlineData(""" "name":"A","endpoint":"/As","schema":"urn:example:A","schemaExtensions":[{"schema":"urn:example:a"}] """, "f.json#/3/schemaExtensions/0/schema: urn:example:A is a schema of A already.")]
    [InlineData(""" "name":"A","endpoint":"/As","schema":"urn:example:A","schemaExtensions":[{"schema":"urn:example:B"},{"schema":"urn:example:B"}] """, "f.json#/3/schemaExtensions/1/schema: urn:example:B is a schema of A already.")]
    [InlineData(""" "name":"B","endpoint":"/As","schema":"urn:example:A" """, "f.json#/3/endpoint: there is already a resource type B; to add extensions to it, its endpoint must be \"/Bs\".")]
    [InlineData(""" "name":"B","endpoint":"/Bs","schema":"urn:example:A" """, "f.json#/3/schema: there is already a resource type B; to add extensions to it, its schema must be urn:example:B.")]
    [InlineData(""" "name":"B","endpoint":"/Bs","schema":"urn:example:B" """, "f.json#/3: there is already a resource type B, and this one has no \"schemaExtensions\" to add to it.")]
    [InlineData(""" "name":"group","endpoint":"/Groups","schema":"urn:ietf:params:scim:schemas:core:2.0:Group","schemaExtensions":[{"schema":"urn:example:A"}] """, "f.json#/3/name: the resource type is called \"Group\".")]
    public void A_resource_type(string type, string fault) => Refuses(InType.Replace("%", type, StringComparison.Ordinal), fault);

    [Theory]
    [InlineData("""{"name":"a","uniqueness":"server"}""", "f.json#/0/attributes/0/uniqueness: only an attribute of a resource type's own schema can be unique, not one of an extension of User.")]
    [InlineData(
        """{"name":"mentor","type":"complex","subAttributes":[{"name":"value"},{"name":"$ref","type":"reference","referenceTypes":["User"]}]}""",
        "f.json#/0/attributes/0: User refers to another resource by manager already, and a resource type has one such attribute.")]
    public void An_extension_of_users(string attribute, string fault) => Refuses(OnUser.Replace("%", attribute, StringComparison.Ordinal), fault);

    [Fact]
    public void All_faults_of_all_files_are_told_at_once()
    {
        var files = new[] { DefinitionTests.File("a.json", "{"), DefinitionTests.File("b.json", InAttribute.Replace("%", """{"name":"1","type":"x"}""", StringComparison.Ordinal)) };

        var faults = Assert.Throws<SchemaDefinitionException>(() => SchemaRegistry.Create(new SchemaOptions(), files)).Faults;

        Assert.Equal(["a.json", "b.json#/0/attributes/1/type", "b.json#/0/attributes/1/name"], faults.Select(fault => fault.Split(": ")[0]));
    }

    private static void Refuses(string file, string fault)
    {
        var refused = Assert.Throws<SchemaDefinitionException>(() => SchemaRegistry.Create(new SchemaOptions(), [DefinitionTests.File("f.json", file)]));

        Assert.True(refused.Faults.Any(seen => seen.StartsWith(fault, StringComparison.Ordinal)), refused.Message);
    }
}
