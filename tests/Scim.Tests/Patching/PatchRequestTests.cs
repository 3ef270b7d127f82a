using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Patching;

namespace Scim.Tests.Patching;

/// <summary>The message itself (RFC 7644 §3.5.2), in its strict form.</summary>
public sealed class PatchRequestTests
{
    private const string Urn = $"\"{PatchRequest.SchemaUrn}\"";

    [Theory]
    [InlineData("""{}""", ScimErrorType.InvalidSyntax, "schemas must contain")]
    [InlineData("""{"schemas":["urn:x"],"Operations":[{"op":"remove","path":"title"}]}""", ScimErrorType.InvalidSyntax, "schemas must contain")]
    [InlineData("""{"schemas":[URN]}""", ScimErrorType.InvalidSyntax, "The body must have \"Operations\"")]
    [InlineData("""{"schemas":[URN],"Operations":[]}""", ScimErrorType.InvalidSyntax, "The body must have \"Operations\"")]
    [InlineData("""{"schemas":[URN],"Operations":{}}""", ScimErrorType.InvalidSyntax, "The body must have \"Operations\"")]
    [InlineData("""{"schemas":[URN],"Operations":[null]}""", ScimErrorType.InvalidSyntax, "Operations[0]: an operation must be an object, not null.")]
    [InlineData("""{"schemas":[URN],"Operations":[{"op":"remove","path":"title"},{"path":"title"}]}""", ScimErrorType.InvalidSyntax, "Operations[1]: op must be")]
    [InlineData("""{"schemas":[URN],"Operations":[{"op":7}]}""", ScimErrorType.InvalidSyntax, "Operations[0]: op must be")]
    [InlineData("""{"schemas":[URN],"Operations":[{"op":"add","path":7,"value":1}]}""", ScimErrorType.InvalidPath, "Operations[0]: path must be a string, not a number.")]
    [InlineData("""{"schemas":[URN],"Operations":[{"op":"add","path":"","value":1}]}""", ScimErrorType.InvalidPath, "Operations[0]: ")]
    [InlineData("""{"schemas":[URN],"Operations":[{"op":"replace","value":null}]}""", ScimErrorType.InvalidValue, "Operations[0]: without a path")]
    public void A_malformed_message_is_refused(string body, ScimErrorType type, string detail)
    {
        var refused = Assert.Throws<ScimException>(() => Parse(body, new ScimLimits()));
        Assert.Equal((400, type), (refused.Error.Status, refused.Error.Type));
        Assert.StartsWith(detail, refused.Error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void More_operations_than_the_limit_are_refused()
    {
        var refused = Assert.Throws<ScimException>(() => Parse(
            """{"schemas":[URN],"Operations":[{"op":"remove","path":"title"},{"op":"remove","path":"title"}]}""",
            new ScimLimits { MaxPatchOperations = 1 }));
        Assert.Equal((413, "2 operations in one PATCH; the limit is 1."), (refused.Error.Status, refused.Error.Detail));
    }

    [Fact]
    public void Null_is_a_value_and_absent_is_not()
    {
        var request = Parse("""{"schemas":[URN],"Operations":[{"op":"replace","path":"title","value":null,"fancy":1},{"op":"add","path":null,"value":{}}]}""", new ScimLimits());
        Assert.Equal(new PatchOperation(PatchOperationKind.Replace, new("title", null, null), null), request.Operations[0]);
        Assert.Null(request.Operations[1].Path);
    }

    private static PatchRequest Parse(string body, ScimLimits limits) =>
        PatchRequest.Parse(JsonNode.Parse(body.Replace("URN", Urn, StringComparison.Ordinal))!.AsObject(), limits);
}
