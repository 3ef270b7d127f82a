using Scim.Errors;
using Scim.Filters;
using Scim.Schemas;

namespace Scim.Tests.Filters;

public sealed class TypesBinderTests
{
    private const string All = "all";
    private const string None = "none";

    /// <summary>An attribute that a type does not have is one without a value (RFC 7644 §3.4.2.1).</summary>
    [Theory]
    [InlineData("displayName eq \"X\"", "displayName eq \"x\"", "displayName eq \"x\"")]
    [InlineData("userName eq \"X\"", "userName eq \"x\"", None)]
    [InlineData("userName ne \"X\"", "userName ne \"x\"", All)]
    [InlineData("userName pr", "userName pr", None)]
    [InlineData("not (userName pr)", "not (userName pr)", All)]
    [InlineData("userName eq null", "not (userName pr)", All)]
    [InlineData("userName ne null", "userName pr", None)]
    [InlineData("userName eq \"x\" or displayName eq \"y\"", "userName eq \"x\" or displayName eq \"y\"", "displayName eq \"y\"")]
    [InlineData("userName eq \"x\" and displayName eq \"y\"", "userName eq \"x\" and displayName eq \"y\"", None)]
    [InlineData("userName ne \"x\" and displayName eq \"y\"", "userName ne \"x\" and displayName eq \"y\"", "displayName eq \"y\"")]
    [InlineData("userName ne \"x\" or displayName eq \"y\"", "userName ne \"x\" or displayName eq \"y\"", All)]
    [InlineData("emails[type eq \"work\"]", "emails[type eq \"work\"]", None)]
    [InlineData("nope eq \"x\"", None, None)]
    [InlineData("not (nope pr)", All, All)]
    [InlineData("userName eq \"x\" or nope pr", "userName eq \"x\"", None)]
    [InlineData("emails[nope eq \"x\"]", None, None)]
    [InlineData("urn:unknown:thing eq \"x\"", None, None)]
    [InlineData("members pr", None, "members pr")]
    [InlineData("not (userName eq \"x\" or members pr)", "not (userName eq \"x\")", "not (members pr)")]
    public void What_a_type_does_not_have_is_folded_away(string filter, string users, string groups)
    {
        var bound = Bind(filter);
        Assert.Equal(users, Text(bound, TestTypes.User));
        Assert.Equal(groups, Text(bound, TestTypes.Group));
    }

    [Theory]
    [InlineData("password eq \"x\"")]
    [InlineData("active gt true")]
    [InlineData("userName[a eq 1]")]
    public void What_one_type_would_refuse_is_refused(string filter) =>
        Assert.Equal(ScimErrorType.InvalidFilter, Assert.Throws<ScimException>(() => Bind(filter)).Error.Type);

    private static IReadOnlyList<TypeFilter> Bind(string filter) => Filter.Parse(filter, new ScimLimits()).Bind([TestTypes.User, TestTypes.Group]);

    private static string Text(IReadOnlyList<TypeFilter> bound, ResourceType type) =>
        bound.FirstOrDefault(match => match.Type == type) is { } match ? match.Filter?.ToString() ?? All : None;
}
