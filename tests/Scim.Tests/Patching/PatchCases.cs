using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Patching;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Tests.Patching;

/// <summary>The tables of what a PATCH does, by operation, target, and whether the target is there.</summary>
public sealed class PatchCases
{
    private static readonly ScimLimits Limits = new();
    private static readonly SchemaRegistry Registry = SchemaRegistry.Create(new SchemaOptions());
    private static readonly ResourceType User = Registry.FindResourceType("User")!;
    private static readonly ResourceType Group = Registry.FindResourceType("Group")!;

    private static readonly Dictionary<string, string> Starts = new()
    {
        ["empty"] = "{}",
        ["title"] = """{"title":"T"}""",
        ["name"] = """{"name":{"familyName":"F","givenName":"G"}}""",
        ["inactive"] = """{"active":false}""",
        ["mails"] = """{"emails":[{"value":"w@x.y","type":"work","primary":true},{"value":"h@x.y","type":"home"}]}""",
        ["twins"] = """{"emails":[{"value":"a@x.y","type":"work","display":"D"},{"value":"a@x.y","type":"work","display":"E"}]}""",
        ["address"] = """{"addresses":[{"type":"work","primary":true,"formatted":"A","locality":"L"}]}""",
        ["ent"] = """{"ENT":{"department":"D","costCenter":"C"}}""",
        ["manager"] = """{"ENT":{"manager":{"value":"m","$ref":"../Users/m"}}}""",
    };

    public static TheoryData<string, string, string> Documents => PatchCaseFile.Read("patch.cases");

    public static TheoryData<string, string> Members
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Patching", "members.cases")))
            {
                if (line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal))
                {
                    var parts = line.Split('⇶', 2);
                    data.Add(parts[0].Trim(), parts[1].Trim());
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Documents))]
    public void A_patch_leads_to_the_document_or_the_error(string start, string operations, string expected)
    {
        var current = new ResourceDocument(User, Complete(Starts[start]));
        var before = current.Root.ToJsonString();
        AssertOutcome(expected, () =>
        {
            var outcome = PatchEngine.Apply(PatchRequest.Parse(PatchCaseFile.Message(operations), Limits), current);
            var wanted = Complete(expected == "same" ? Starts[start] : expected);
            Assert.True(JsonNode.DeepEquals(wanted, outcome.Document.Root), PatchCaseFile.Shrink(outcome.Document.Root.ToJsonString()));
            Assert.Equal(expected != "same", outcome.DocumentChanged);
            Assert.Equal(outcome.DocumentChanged, outcome.ChangedPaths.Count > 0);
            return expected;
        });
        Assert.Equal(before, current.Root.ToJsonString());
    }

    [Theory, MemberData(nameof(Members))]
    public void Operations_on_members_become_steps(string operations, string expected)
    {
        var current = new ResourceDocument(Group, new JsonObject { ["displayName"] = "g" });
        AssertOutcome(expected, () =>
        {
            var outcome = PatchEngine.Apply(PatchRequest.Parse(PatchCaseFile.Message(operations), Limits), current);
            Assert.False(outcome.DocumentChanged);
            Assert.Empty(outcome.ChangedPaths);
            return outcome.Members.Count == 0 ? "-" : string.Join(' ', outcome.Members.Select(Print));
        });
    }

    private static void AssertOutcome(string expected, Func<string> patch)
    {
        string seen;
        try
        {
            seen = patch();
        }
        catch (ScimException refused)
        {
            Assert.Equal(400, refused.Error.Status);
            seen = $"! {refused.Error.Type} {PatchCaseFile.Shrink(refused.Error.Detail)}";
        }

        if (expected.EndsWith('*'))
        {
            Assert.StartsWith(expected.TrimEnd('*'), seen, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(expected, seen);
        }
    }

    private static JsonObject Complete(string json)
    {
        var document = JsonNode.Parse(PatchCaseFile.Expand(json))!.AsObject();
        document.TryAdd("userName", "u");
        document.TryAdd("active", true);
        return document;
    }

    internal static string Print(MembershipStep step) => step switch
    {
        MembershipStep.Add add => $"Add({string.Join(',', add.Ids)})",
        MembershipStep.Remove remove => $"Remove({string.Join(',', remove.Ids)})",
        MembershipStep.RemoveMatching => "RemoveMatching(*)",
        MembershipStep.ReplaceMatching { Ids: null } => "ReplaceMatching(* !)",
        MembershipStep.ReplaceMatching replace => $"ReplaceMatching(* {string.Join(',', replace.Ids)})",
        MembershipStep.Clear => "Clear",
        MembershipStep.Replace replace => $"Replace({string.Join(',', replace.Ids)})",
        _ => throw new InvalidOperationException(),
    };
}
