using Scim.Errors;
using Scim.Queries;

namespace Scim.Tests.Queries;

public sealed class SortTests
{
    private const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    [Theory]
    [InlineData("userName", "userName")]
    [InlineData(" USERNAME ", "userName")]
    [InlineData("name.familyName", "name.familyName")]
    [InlineData("NAME.FAMILYNAME", "name.familyName")]
    [InlineData("urn:ietf:params:scim:schemas:core:2.0:User:userName", "userName")]
    [InlineData(Enterprise + ":department", Enterprise + ":department")]
    [InlineData("department", Enterprise + ":department")]
    [InlineData("manager", Enterprise + ":manager.value")]
    [InlineData("emails", "emails.value")]
    [InlineData("emails.type", "emails.type")]
    [InlineData("meta.lastModified", "meta.lastModified")]
    [InlineData("id", "id")]
    [InlineData("externalId", "externalId")]
    [InlineData("active", "active")]
    public void An_attribute_is_found_as_in_a_filter(string sortBy, string expected) =>
        Assert.Equal(expected, Parse(sortBy, null)!.Paths[TestTypes.User].ToString());

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("ascending", false)]
    [InlineData("Ascending", false)]
    [InlineData("descending", true)]
    [InlineData("DESCENDING", true)]
    public void The_order_is_ascending_unless_it_says_descending(string? sortOrder, bool descending) =>
        Assert.Equal(descending, Parse("userName", sortOrder)!.Descending);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void Without_an_attribute_there_is_no_order(string? sortBy) => Assert.Null(Parse(sortBy, "descending"));

    [Theory]
    [InlineData("nope", "\"nope\", which a User does not have")]
    [InlineData("userName.nope", "userName.nope")]
    [InlineData("'; drop table users --", "drop table")]
    [InlineData("password", "never returned")]
    [InlineData("groups", "cannot be sorted by groups")]
    [InlineData("groups.value", "cannot be sorted by groups.value")]
    [InlineData("name", "name.formatted")]
    [InlineData("meta", "meta.resourceType")]
    [InlineData(Enterprise, "name an attribute of it")]
    public void What_has_no_order_is_refused_with_the_reason(string sortBy, string reason)
    {
        var error = Assert.Throws<ScimException>(() => Parse(sortBy, null)).Error;
        Assert.Equal(ScimErrorType.InvalidPath, error.Type);
        Assert.Contains(reason, error.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("userName")]
    [InlineData(null)]
    public void Another_word_for_the_order_is_refused(string? sortBy)
    {
        var error = Assert.Throws<ScimException>(() => Parse(sortBy, "sideways")).Error;
        Assert.Equal((400, ScimErrorType.InvalidValue), (error.Status, error.Type));
    }

    [Fact]
    public void Several_types_are_sorted_by_an_attribute_that_one_of_them_has()
    {
        var sort = Sort.Parse([TestTypes.User, TestTypes.Group], "userName", null)!;
        Assert.Equal([TestTypes.User], sort.Paths.Keys);
        Assert.Equal(2, Sort.Parse([TestTypes.User, TestTypes.Group], "displayName", null)!.Paths.Count);
        Assert.Throws<ScimException>(() => Sort.Parse([TestTypes.User, TestTypes.Group], "nope", null));
    }

    private static Sort? Parse(string? sortBy, string? sortOrder) => Sort.Parse([TestTypes.User], sortBy, sortOrder);
}
