using System.Text.Json.Nodes;
using Scim.Dialects;
using Scim.Errors;
using Scim.Patching;
using Scim.Schemas;
using Scim.Tests.Patching;

namespace Scim.Tests.Dialects;

public sealed class DialectTests
{
    private const string PatchOp = "\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"]";

    private static readonly SchemaRegistry Registry = SchemaRegistry.Create(new SchemaOptions());
    private static readonly ResourceType User = Registry.FindResourceType("User")!;
    private static readonly ResourceType Group = Registry.FindResourceType("Group")!;
    private static readonly RequestDialect Dialect = new(new DialectOptions());

    public static TheoryData<string, string, string> Patches => Read("dialect.cases");

    public static TheoryData<string, string, string> Resources => Read("resource.cases");

    [Theory, MemberData(nameof(Patches))]
    public void A_patch_is_rewritten_by_named_rules(string rules, string sent, string expected)
    {
        var body = Parse(sent);
        body["schemas"] = new JsonArray(PatchRequest.SchemaUrn);
        var applied = new List<string>();
        Dialect.NormalizePatch(User, body, applied);
        body.Remove("schemas");
        AssertRewritten(rules, sent, expected, body, applied);
    }

    [Theory, MemberData(nameof(Resources))]
    public void A_resource_is_rewritten_by_named_rules(string rules, string sent, string expected)
    {
        var body = Parse(sent);
        var applied = new List<string>();
        Dialect.NormalizeResource(User, body, applied);
        AssertRewritten(rules, sent, expected, body, applied);
    }

    [Theory]
    [InlineData("""{"Operations":[]}""")]
    [InlineData("""{"schemas":null,"Operations":[]}""")]
    [InlineData("""{"schemas":"x","Operations":[]}""")]
    [InlineData("""{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp "],"Operations":[]}""")]
    [InlineData("""{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"Operations":[]}""")]
    public void The_urn_of_the_message_is_put_right(string sent)
    {
        var body = Parse(sent);
        var applied = new List<string>();
        Dialect.NormalizePatch(User, body, applied);
        Assert.Equal(["MessageSchema"], applied);
        Assert.Equal($"[\"{PatchRequest.SchemaUrn}\"]", body["schemas"]!.ToJsonString());
    }

    /// <summary>ENTRA-64, ENTRA-65 and their variants: only the listed member goes.</summary>
    [Theory]
    [InlineData("""{"op":"Remove","path":"members","value":[{"$ref":null,"value":"u1"}]}""")]
    [InlineData("""{"op":"Remove","path":"members","value":[{"value":"u1"}]}""")]
    [InlineData("""{"op":"remove","path":"members","value":{"value":"u1"}}""")]
    [InlineData("""{"op":"remove","path":"Members","value":["u1"]}""")]
    [InlineData("""{"op":"remove","path":"members","value":"u1"}""")]
    [InlineData("""{"op":"remove","path":"members[value eq \"u1\"]"}""")]
    public void A_remove_with_values_removes_those(string operation)
    {
        var body = Parse($$"""{{{PatchOp}},"Operations":[{{operation}}]}""");
        Dialect.NormalizePatch(Group, body, new List<string>());
        var outcome = PatchEngine.Apply(PatchRequest.Parse(body, new ScimLimits()), new(Group, new JsonObject { ["displayName"] = "g" }));
        var step = Assert.IsType<MembershipStep.Remove>(Assert.Single(outcome.Members));
        Assert.Equal(["u1"], step.Ids);
    }

    [Fact]
    public void Numeric_member_ids_become_strings()
    {
        var body = Parse("""{"displayName":"g","members":[{"value":7},8]}""");
        var applied = new List<string>();
        Dialect.NormalizeResource(Group, body, applied);
        Assert.Equal(["NumberAsString", "BareValue"], applied);
        Assert.Equal("""[{"value":"7"},{"value":"8"}]""", body["members"]!.ToJsonString());
    }

    /// <summary>Each rule alone switched off leaves its deviation for the strict readers to refuse.</summary>
    [Theory]
    [InlineData("CapitalisedOperation", """{"op":"Add","path":"title","value":"x"}""", ScimErrorType.InvalidSyntax)]
    [InlineData("MemberNameCase", """{"Op":"add","path":"title","value":"x"}""", ScimErrorType.InvalidSyntax)]
    [InlineData("EmptyPath", """{"op":"add","path":"","value":{"title":"x"}}""", ScimErrorType.InvalidPath)]
    [InlineData("StringBoolean", """{"op":"add","path":"active","value":"False"}""", ScimErrorType.InvalidValue)]
    [InlineData("bareVALUE", """{"op":"add","path":"manager","value":"271"}""", ScimErrorType.InvalidValue)]
    [InlineData("OneElementArray", """{"op":"add","path":"manager","value":[{"value":"2"}]}""", ScimErrorType.InvalidValue)]
    [InlineData("OneElementArray", """{"op":"replace","path":"title","value":[]}""", ScimErrorType.InvalidValue)]
    [InlineData("WrappedValue", """{"op":"add","path":"title","value":{"value":"x"}}""", ScimErrorType.InvalidValue)]
    [InlineData("SingleForMany", """{"op":"replace","path":"emails","value":{"value":"a@b.c"}}""", ScimErrorType.InvalidValue)]
    [InlineData("NumberAsString", """{"op":"add","path":"externalId","value":7}""", ScimErrorType.InvalidValue)]
    [InlineData("EmptyString", """{"op":"replace","path":"manager","value":""}""", ScimErrorType.InvalidValue)]
    [InlineData("CreateMissingElement", """{"op":"add","path":"emails[type eq \"work\"].value","value":"a@b.c"}""", ScimErrorType.NoTarget)]
    public void A_rule_can_be_switched_off(string rule, string operation, ScimErrorType refusal)
    {
        Patch(new RequestDialect(new DialectOptions()), operation);
        var options = new DialectOptions();
        options.Disabled.Add(rule);
        var refused = Assert.Throws<ScimException>(() => Patch(new RequestDialect(options), operation));
        Assert.Equal(refusal, refused.Error.Type);
    }

    [Fact]
    public void The_urn_rule_can_be_switched_off()
    {
        var body = Parse("""{"Operations":[{"op":"remove","path":"title"}]}""");
        new RequestDialect(new DialectOptions { Disabled = new HashSet<string> { "MessageSchema" } }).NormalizePatch(User, body, new List<string>());
        Assert.Equal(ScimErrorType.InvalidSyntax, Assert.Throws<ScimException>(() => PatchRequest.Parse(body, new ScimLimits())).Error.Type);
    }

    [Fact]
    public void Paths_as_keys_of_a_resource_can_be_switched_off()
    {
        var body = Parse("""{"name.givenName":"G"}""");
        new RequestDialect(new DialectOptions { Disabled = new HashSet<string> { "PathAsKey" } }).NormalizeResource(User, body, new List<string>());
        Assert.True(body.ContainsKey("name.givenName"));
    }

    [Fact]
    public void A_rule_that_does_not_exist_cannot_be_switched_off()
    {
        var options = new DialectOptions();
        options.Disabled.Add("StringBolean");
        Assert.Contains("StringBolean", Assert.Throws<ArgumentException>(() => new RequestDialect(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_rule_is_documented()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "idp-dialects.md"));
        Assert.All(RequestDialect.RuleNames, name => Assert.Contains($"### {name}\n", page, StringComparison.Ordinal));
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ScimServer.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("ScimServer.sln is in no folder above the tests.");
        }

        return folder.FullName;
    }

    private static void Patch(RequestDialect dialect, string operation)
    {
        var body = Parse($$"""{{{PatchOp}},"Operations":[{{operation}}]}""");
        dialect.NormalizePatch(User, body, new List<string>());
        var request = PatchRequest.Parse(body, new ScimLimits()) with { CreateMissingElements = dialect.CreatesMissingElements };
        PatchEngine.Apply(request, new(User, new JsonObject { ["userName"] = "u" }));
    }

    private static void AssertRewritten(string rules, string sent, string expected, JsonObject body, List<string> applied)
    {
        Assert.Equal(rules == "-" ? "" : rules, string.Join(',', applied));
        var wanted = Parse(expected == "same" ? sent : expected);
        Assert.True(JsonNode.DeepEquals(wanted, body), PatchCaseFile.Shrink(body.ToJsonString()));
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(PatchCaseFile.Expand(json))!.AsObject();

    private static TheoryData<string, string, string> Read(string name)
    {
        var data = new TheoryData<string, string, string>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Dialects", name)))
        {
            if (line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal))
            {
                var bar = line.IndexOf('|', StringComparison.Ordinal);
                var arrow = line.IndexOf('⇶', StringComparison.Ordinal);
                data.Add(line[..bar].Trim(), line[(bar + 1)..arrow].Trim(), line[(arrow + 1)..].Trim());
            }
        }

        return data;
    }
}
