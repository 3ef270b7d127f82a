using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Scim.Bulk;
using Scim.Errors;
using Scim.Schemas;

namespace Scim.Tests.Bulk;

public sealed class BulkRequestTests
{
    private static readonly SchemaRegistry Schemas = SchemaRegistry.Create(new SchemaOptions());

    [Theory]
    [InlineData("1", "InvalidSyntax", "an operation must be an object, not a number.")]
    [InlineData("null", "InvalidSyntax", "an operation must be an object, not null.")]
    [InlineData("""{"path":"/Users","bulkId":"a","data":{}}""", "InvalidSyntax", "method is missing: \"POST\", \"PUT\", \"PATCH\" or \"DELETE\".")]
    [InlineData("""{"method":"GET","path":"/Users/1"}""", "InvalidSyntax", "method must be \"POST\", \"PUT\", \"PATCH\" or \"DELETE\", not \"GET\".")]
    [InlineData("""{"method":7,"path":"/Users/1"}""", "InvalidSyntax", "method must be a string, not a number.")]
    [InlineData("""{"method":"DELETE"}""", "InvalidSyntax", "path is missing: the endpoint of a resource type, and the id behind it for all but POST.")]
    [InlineData("""{"method":"DELETE","path":"/Users"}""", null, "DELETE needs the path of a resource, /Users/{id}.")]
    [InlineData("""{"method":"DELETE","path":"/Users/"}""", null, "DELETE needs the path of a resource, /Users/{id}.")]
    [InlineData("""{"method":"POST","path":"/Users/1","bulkId":"a","data":{}}""", null, "POST needs the path of a resource type, /Users: the server gives the id.")]
    [InlineData("""{"method":"POST","path":"/Users","data":{}}""", "InvalidValue", "a POST must have a bulkId (RFC 7644, 3.7).")]
    [InlineData("""{"method":"POST","path":"/Users","bulkId":"","data":{}}""", "InvalidValue", "a POST must have a bulkId (RFC 7644, 3.7).")]
    [InlineData("""{"method":"POST","path":"/Users","bulkId":"a"}""", "InvalidSyntax", "data is missing: POST needs the body of the single request.")]
    [InlineData("""{"method":"PATCH","path":"/Users/1","data":[]}""", "InvalidSyntax", "data must be an object, not an array.")]
    [InlineData("""{"method":"PUT","path":"/Users/1","version":1,"data":{}}""", "InvalidSyntax", "version must be a string, not a number.")]
    public void What_is_wrong_with_an_operation_is_its_own_error(string operation, string? scimType, string detail)
    {
        var request = Parse($$"""{"method":"DELETE","path":"/Groups/1"},{{operation}}""");

        Assert.Null(request.Operations[0].Fault);
        Assert.Equal((scimType, "Operations[1]: " + detail), (request.Operations[1].Fault!.Type?.ToString(), request.Operations[1].Fault!.Detail));
    }

    [Fact]
    public void An_unknown_endpoint_is_404_and_a_bulkId_that_is_taken_400()
    {
        var request = Parse("""
            {"method":"POST","path":"/Robots","bulkId":"r","data":{}},
            {"method":"POST","path":"/Users","bulkId":"a","data":{}},
            {"method":"POST","path":"/Users","bulkId":"a","data":{}}
            """);

        Assert.Equal(404, request.Operations[0].Fault!.Status);
        Assert.Null(request.Operations[1].Fault);
        Assert.Equal("Operations[2]: the bulkId \"a\" is already that of Operations[1].", request.Operations[2].Fault!.Detail);
    }

    [Theory]
    [InlineData("""{"Operations":[{}]}""", 400)]
    [InlineData("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{}]}""", 400)]
    [InlineData("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]}""", 400)]
    [InlineData("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[]}""", 400)]
    [InlineData("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":{}}""", 400)]
    [InlineData("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"failOnErrors":0,"Operations":[{}]}""", 400)]
    [InlineData("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"failOnErrors":"1","Operations":[{}]}""", 400)]
    [InlineData("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"failOnErrors":1.5,"Operations":[{}]}""", 400)]
    [InlineData("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"failOnErrors":1e99,"Operations":[{}]}""", 400)]
    [InlineData("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"failOnErrors":-2147483649,"Operations":[{}]}""", 400)]
    [InlineData("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"failOnErrors":-1,"Operations":[{}]}""", 400)]
    [InlineData("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{},{},{},{},{}]}""", 413)]
    public void What_is_wrong_with_the_message_refuses_it(string body, int status) =>
        Assert.Equal(status, Assert.Throws<ScimException>(() => Parse(JsonElement.Parse(body))).Error.Status);

    /// <summary>RFC 7644 §3.7: failOnErrors is an integer, and the RFC bounds it nowhere.</summary>
    [Theory]
    [InlineData("1", 1)]
    [InlineData("2147483647", int.MaxValue)]
    [InlineData("2147483648", int.MaxValue)]
    [InlineData("99999999999999999999999999", int.MaxValue)]
    public void Any_number_of_errors_can_be_accepted(string failOnErrors, int read) =>
        Assert.Equal(read, Parse(JsonElement.Parse($$"""{"schemas":["{{BulkRequest.SchemaUrn}}"],"failOnErrors":{{failOnErrors}},"Operations":[{}]}""")).FailOnErrors);

    /// <summary>RFC 7643 §2.1: names of attributes match in any case.</summary>
    [Fact]
    public void Names_match_in_any_case()
    {
        var request = Parse(JsonElement.Parse("""
            {"Schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"FAILONERRORS":3,"operations":[{"METHOD":"post","Path":"Users","bulkid":"a","D\u0041TA":{}}]}
            """));

        var operation = Assert.Single(request.Operations);
        Assert.Equal((3, BulkMethod.Post, "User", "a"), (request.FailOnErrors, operation.Method, operation.Target!.Type.Name, operation.BulkId));
    }

    [Fact]
    public void References_are_found_in_values_paths_and_filters_of_paths()
    {
        var request = Parse("""
            {"method":"PATCH","path":"/Groups/bulkId:g/1","data":{"Operations":[
                {"op":"add","path":"members","value":[{"value":"bulkId:a"},{"value":"bulkId:b"},{"value":"bulkId:a"}]},
                {"op":"remove","path":"members[value eq \"bulkId:c d\"]"},
                {"op":"add","path":"displayName","value":"not bulkId:e"}]}}
            """);

        Assert.Equal(["a", "b", "c d", "g/1"], request.Operations[0].References);
    }

    /// <summary>RFC 8259 §7: any character may be written as an escape, alone among operations that need no look.</summary>
    [Fact]
    public void A_reference_is_found_whatever_way_it_is_written()
    {
        var request = Parse("""
            {"method":"POST","path":"/Users","bulkId":"u","data":{"userName":"Zo\u00eb","title":"a \"b\" \\ c"}},
            {"method":"PUT","path":"/Users/1","data":{"x":{"y":["bulkId\u003au"]}}}
            """);

        Assert.Empty(request.Operations[0].References);
        Assert.Equal(["u"], request.Operations[1].References);
        Assert.Equal("Zoë", (string)request.Operations[0].ReadData()["userName"]!);
    }

    [Fact]
    public void References_become_ids()
    {
        var data = JsonNode.Parse("""{"a":["bulkId:x",{"value":"bulkId:x"}],"path":"members[value eq \"bulkId:x\" or value eq \"bulkId:y\"]","b":"bulkId:y","bulkId:x":"bulkId:"}""")!;

        BulkReferences.Resolve(data, name => name == "x" ? "1" : null);

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"a":["1",{"value":"1"}],"path":"members[value eq \"1\" or value eq \"bulkId:y\"]","b":"bulkId:y","bulkId:x":"bulkId:"}"""), data), data.ToJsonString());
    }

    [Fact]
    public void What_is_deferred_leaves_the_data_and_becomes_a_patch()
    {
        var group = Schemas.FindByEndpoint("Groups")!;
        var data = JsonNode.Parse("""{"displayName":"A","members":[{"value":"bulkId:x"},{"value":"1"},{"value":"bulkId:y"}],"unknown":"bulkId:x"}""")!.AsObject();

        var patch = BulkDeferral.Take(group, data, new HashSet<string> { "x" });

        Assert.Equal("""{"displayName":"A","members":[{"value":"1"},{"value":"bulkId:y"}]}""", data.ToJsonString());
        Assert.Equal(
            """{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","path":"members","value":[{"value":"bulkId:x"}]}]}""", patch!.ToJsonString());
    }

    [Fact]
    public void An_attribute_of_an_extension_is_deferred_what_is_readOnly_is_not()
    {
        const string Enterprise = SchemaUrns.EnterpriseUser;
        var user = Schemas.FindByEndpoint("Users")!;
        var data = JsonNode.Parse($$$"""{"userName":"a","groups":[{"value":"bulkId:x"}],"{{{Enterprise}}}":{"department":"d","manager":{"value":"bulkId:x"} } }""")!.AsObject();

        var patch = BulkDeferral.Take(user, data, new HashSet<string> { "x" });

        Assert.Equal($$$"""{"userName":"a","groups":[],"{{{Enterprise}}}":{"department":"d"}}""", data.ToJsonString());
        Assert.Equal($$$"""[{"op":"add","path":"{{{Enterprise}}}:manager","value":{"value":"bulkId:x"}}]""", patch!["Operations"]!.ToJsonString());
    }

    [Fact]
    public void A_required_attribute_cannot_be_deferred()
    {
        var data = JsonNode.Parse("""{"userName":"bulkId:x"}""")!.AsObject();

        Assert.Equal(409, Assert.Throws<ScimException>(() => BulkDeferral.Take(Schemas.FindByEndpoint("Users")!, data, new HashSet<string> { "x" })).Error.Status);
    }

    /// <summary>RFC 7644 §3.7.4: what is refused need not be read to its end.</summary>
    [Theory]
    [InlineData("""{"Operations":[{"a":[1,2,3]},{},{""", false)]
    [InlineData("""{"Operations":[{"a":[1,2,3]},{},{},{"m""", true)]
    [InlineData("""{"operations":[1,2,3,4""", false)]
    [InlineData("""{"operations":[1,2,3,4,""", true)]
    [InlineData("""{"x":[1,2,3,4,5],"y":{"Operations":[1,2,3,4,5]}}""", false)]
    [InlineData("""{"Operations":[1,2,}""", false)]
    public void Operations_are_counted_in_what_has_come_so_far(string begun, bool tooMany)
    {
        var refusal = Record.Exception(() => BulkOperationCounter.Check(Encoding.UTF8.GetBytes(begun), 3));

        Assert.Equal(tooMany, refusal is ScimException { Error.Status: 413 });
    }

    private static BulkRequest Parse(string operations) =>
        Parse(JsonElement.Parse($$"""{"schemas":["{{BulkRequest.SchemaUrn}}"],"Operations":[{{operations}}]}"""));

    private static BulkRequest Parse(JsonElement body) => BulkRequest.Parse(body, Schemas, new ScimLimits { MaxBulkOperations = 4 }, new Dictionary<int, ScimException>());
}
