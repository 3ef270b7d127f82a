using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Filters;
using Scim.Schemas;

namespace Scim.Tests.Filters;

public sealed class FilterCases
{
    private static readonly ScimLimits Limits = new();
    private static readonly ResourceType User = SchemaRegistry.Create(new SchemaOptions()).FindResourceType("User")!;

    private static readonly Dictionary<string, JsonObject> People = new()
    {
        ["a"] = Parse("""
            {"userName":"alice","externalId":"EXT-A","title":"Engineer","active":true,"name":{"givenName":"Alice"},
             "emails":[{"value":"a@work.com","type":"work","primary":true},{"value":"a@home.org","type":"home"}],
             "x509Certificates":[{"value":"TUlJRA=="}],
             "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"100","manager":{"value":"m1"}}}
            """),
        ["b"] = Parse("""
            {"userName":"bob","title":"Manager","active":false,"name":{"givenName":"Bob"},"nickName":"🙂",
             "emails":[{"value":"b@work.com","type":"WORK"}]}
            """),
        ["c"] = Parse("""{"userName":"carol"}"""),
    };

    public static TheoryData<string, string> Print => CaseFile.Read("print.cases");

    public static TheoryData<string, string> ParseErrors => CaseFile.Read("parse-errors.cases");

    public static TheoryData<string, string> Paths => CaseFile.Read("patch-path.cases");

    public static TheoryData<string, string> Bind => CaseFile.Read("bind.cases");

    public static TheoryData<string, string> Evaluate => CaseFile.Read("evaluate.cases");

    [Theory, MemberData(nameof(Print))]
    public void A_filter_prints_itself(string text, string printed)
    {
        var filter = Filter.Parse(text, Limits);
        Assert.Equal(printed, filter.ToString());
        Assert.Equal(filter, Filter.Parse(printed, Limits));
    }

    [Theory, MemberData(nameof(ParseErrors))]
    public void A_malformed_filter_is_refused_with_position_and_expectation(string text, string detail)
    {
        Assert.False(Filter.TryParse(text, Limits, out var filter, out var problem));
        Assert.Null(filter);
        Assert.Equal(detail, problem);
    }

    [Theory, MemberData(nameof(Paths))]
    public void A_patch_path_is_cut_in_three(string text, string expected) =>
        Assert.Equal(expected, Outcome(() =>
        {
            var path = PatchPath.Parse(text, Limits);
            Assert.Equal(path, PatchPath.Parse(path.ToString(), Limits));
            return $"{path.Attribute} | {path.ValueFilter} | {path.SubAttribute}".Replace("  ", " ", StringComparison.Ordinal).TrimEnd();
        }, error => $"{error.Type}: {error.Detail}"));

    [Theory, MemberData(nameof(Bind))]
    public void Binding_resolves_checks_and_folds(string text, string expected) =>
        Assert.Equal(expected, Outcome(() => Filter.Parse(text, Limits).Bind(User).ToString(), error =>
        {
            Assert.Equal((400, ScimErrorType.InvalidFilter), (error.Status, error.Type));
            return "! " + error.Detail;
        }));

    [Theory, MemberData(nameof(Evaluate))]
    public void The_evaluator_decides_on_documents(string text, string expected)
    {
        var filter = Filter.Parse(text, Limits).Bind(User);
        var met = People.Where(person => FilterEvaluator.Matches(filter, person.Value)).Select(person => person.Key).ToList();
        Assert.Equal(expected, met.Count == 0 ? "-" : string.Join(' ', met));
    }

    private static string Outcome(Func<string> work, Func<ScimError, string> refused)
    {
        try
        {
            return work();
        }
        catch (ScimException exception)
        {
            return refused(exception.Error);
        }
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
