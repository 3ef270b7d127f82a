using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Patching;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Tests.Patching;

/// <summary>What a PATCH gives besides the document.</summary>
public sealed class PatchEngineTests
{
    private static readonly SchemaRegistry Registry = SchemaRegistry.Create(new SchemaOptions());
    private static readonly ResourceType User = Registry.FindResourceType("User")!;
    private static readonly ResourceType Group = Registry.FindResourceType("Group")!;

    [Theory]
    [InlineData("add password = \"s3cret\"")]
    [InlineData("replace = {\"Password\":\"s3cret\"}")]
    [InlineData("remove password ; add USER:password = \"s3cret\"")]
    public void A_password_goes_beside_the_document(string operations)
    {
        var outcome = Apply(operations);
        Assert.Equal(("s3cret", false, false), (outcome.Password, outcome.PasswordRemoved, outcome.DocumentChanged));
        Assert.Equal(["password"], outcome.ChangedPaths);
        Assert.DoesNotContain("s3cret", outcome.Document.Root.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("remove password")]
    [InlineData("replace password = null")]
    [InlineData("add password = \"s3cret\" ; replace password = \"\"")]
    public void A_password_can_be_taken_away(string operations)
    {
        var outcome = Apply(operations);
        Assert.Equal((null, true), (outcome.Password, outcome.PasswordRemoved));
    }

    [Fact]
    public void Changed_paths_are_canonical_and_name_sub_attributes_of_single_values()
    {
        var outcome = Apply("replace NAME = {\"givenName\":\"G\"} ; add emails = [{\"value\":\"a@b.c\"}] ; add ENT:manager = {\"value\":\"m\"} ; add ENT:department = \"D\" ; add externalId = \"e\" ; add active = true");
        Assert.Equal(
            ["externalId", "name.givenName", "emails", SchemaUrns.EnterpriseUser + ":department", SchemaUrns.EnterpriseUser + ":manager.value"],
            outcome.ChangedPaths);
    }

    [Fact]
    public void What_is_undone_in_the_same_request_is_no_change()
    {
        var outcome = Apply("add title = \"T\" ; remove title");
        Assert.False(outcome.DocumentChanged);
        Assert.Empty(outcome.ChangedPaths);
    }

    /// <summary>For the log: an administrator looks there when an attribute does not arrive.</summary>
    [Theory]
    [InlineData("add = {\"fancy\":1,\"id\":\"x\",\"title\":\"T\",\"name\":{\"shoe\":1}}", "fancy, id, name.shoe")]
    [InlineData("add ENT = {\"fancy\":1,\"manager\":{\"displayName\":\"D\",\"value\":\"m\"}}", "manager.displayName, ENT:fancy")]
    [InlineData("replace emails = [{\"value\":\"a\",\"shoe\":1}] ; add emails[type eq \"work\"] = {\"value\":\"a\",\"size\":1}", "emails.shoe, emails.size")]
    [InlineData("add schemas = [\"urn:x\"] ; add urn:x:y:2.0:Z:a = 1 ; remove urn:x:y:2.0:Z:a", "schemas, urn:x:y:2.0:Z:a")]
    [InlineData("add title = \"T\"", "")]
    public void What_is_passed_over_is_noted(string operations, string ignored)
    {
        var request = PatchRequest.Parse(PatchCaseFile.Message(operations), new ScimLimits());
        PatchEngine.Apply(request, new ResourceDocument(User, new JsonObject { ["userName"] = "u" }));
        Assert.Equal(ignored, PatchCaseFile.Shrink(string.Join(", ", request.Notes.Ignored.Order(StringComparer.Ordinal))));
    }

    [Theory]
    [InlineData("add emails[type eq \"work\"].value = \"a@b.c\"", true)]
    [InlineData("replace emails[type eq \"work\"] = {\"value\":\"a@b.c\"}", true)]
    [InlineData("replace emails[type eq \"work\"].value = \"\"", false)]
    [InlineData("add emails = [{\"type\":\"work\"}] ; add emails[type eq \"work\"].value = \"a@b.c\"", false)]
    public void An_element_that_is_made_is_noted(string operations, bool made)
    {
        var request = PatchRequest.Parse(PatchCaseFile.Message(operations), new ScimLimits());
        PatchEngine.Apply(request, new ResourceDocument(User, new JsonObject { ["userName"] = "u" }));
        Assert.Equal(made, request.Notes.CreatedElement);
    }

    /// <summary>Its schema has become stricter since: what the PATCH leaves as it was is not held against it, what it takes away is.</summary>
    [Fact]
    public void A_fault_that_was_there_before_does_not_keep_other_changes_from_being_made()
    {
        var document = new ResourceDocument(User, []);
        var patched = PatchEngine.Apply(PatchRequest.Parse(PatchCaseFile.Message("add title = \"T\""), new ScimLimits()), document).Document;
        Assert.Equal("""{"title":"T","active":true}""", patched.Root.ToJsonString());

        var refused = Assert.Throws<ScimException>(() => PatchEngine.Apply(PatchRequest.Parse(PatchCaseFile.Message("remove userName"), new ScimLimits()), Document()));
        Assert.Equal("Operations[0]: userName is required and cannot be without a value.", refused.Error.Detail);
    }

    [Fact]
    public void Elements_are_not_made_when_the_rule_is_off()
    {
        var request = PatchRequest.Parse(PatchCaseFile.Message("add emails[type eq \"work\"].value = \"a@b.c\""), new ScimLimits()) with { CreateMissingElements = false };
        Assert.Equal(ScimErrorType.NoTarget, Assert.Throws<ScimException>(() => PatchEngine.Apply(request, Document())).Error.Type);
    }

    [Fact]
    public void More_members_than_the_limit_are_refused()
    {
        var limits = new ScimLimits { MaxMembersPerRequest = 2 };
        var request = PatchRequest.Parse(PatchCaseFile.Message("add members = [{\"value\":\"a\"},{\"value\":\"b\"}] ; remove members[value eq \"c\"]"), limits);
        var refused = Assert.Throws<ScimException>(() => PatchEngine.Apply(request, new ResourceDocument(Group, new JsonObject { ["displayName"] = "g" })));
        Assert.Equal(413, refused.Error.Status);
        Assert.StartsWith("Operations[1]: ", refused.Error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_limits_hold_for_paths_that_are_keys()
    {
        var limits = new ScimLimits { MaxFilterTerms = 1 };
        var request = PatchRequest.Parse(PatchCaseFile.Message("add = {\"emails[type eq \\\"a\\\" and value pr].display\":\"x\"}"), limits);
        Assert.Throws<ScimException>(() => PatchEngine.Apply(request, Document()));
    }

    [Fact]
    public void Thousands_of_values_are_added_to_thousands_in_reasonable_time()
    {
        var values = string.Join(',', Enumerable.Range(0, 20_000).Select(i => $$"""{"value":"{{i}}","type":"t"}"""));
        var document = Apply($"add roles = [{values}]").Document;
        var request = PatchRequest.Parse(PatchCaseFile.Message($"add roles = [{values},{{\"value\":\"new\"}}]"), new ScimLimits());
        Assert.Equal(20_001, PatchEngine.Apply(request, document).Document.Root["roles"]!.AsArray().Count);
    }

    /// <summary>Under one value many types, and the other way round: neither alone tells which element is meant.</summary>
    [Theory]
    [InlineData("v", "{0}")]
    [InlineData("{0}", "t")]
    public void Thousands_of_values_are_completed_in_reasonable_time(string value, string type)
    {
        string Roles(string more) => string.Join(',', Enumerable.Range(0, 20_000).Select(i =>
            $$"""{"value":"{{value.Replace("{0}", $"{i}", StringComparison.Ordinal)}}","type":"{{type.Replace("{0}", $"{i}", StringComparison.Ordinal)}}"{{more}}}"""));
        var document = Apply($"add roles = [{Roles("")}]").Document;

        var roles = PatchEngine.Apply(
            PatchRequest.Parse(PatchCaseFile.Message($"add roles = [{Roles(",\"display\":\"D\"")}]"), new ScimLimits()), document).Document.Root["roles"]!.AsArray();

        Assert.Equal(20_000, roles.Count);
        Assert.All(roles, role => Assert.Equal("D", (string?)role!["display"]));
    }

    private static PatchOutcome Apply(string operations) =>
        PatchEngine.Apply(PatchRequest.Parse(PatchCaseFile.Message(operations), new ScimLimits()), Document());

    private static ResourceDocument Document() => new(User, new JsonObject { ["userName"] = "u", ["active"] = true });
}
