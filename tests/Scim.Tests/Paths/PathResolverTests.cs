using Scim.Paths;

namespace Scim.Tests.Paths;

public sealed class PathResolverTests
{
    private const string Ent = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    private const string Core = "urn:ietf:params:scim:schemas:core:2.0:User";

    /// <summary>RFC 7644 §3.10, RFC 7643 §2.1; ENTRA-28: the URN holds dots and colons itself.</summary>
    [Theory]
    [InlineData("userName", "userName")]
    [InlineData("USERNAME", "userName")]
    [InlineData("name.FAMILYname", "name.familyName")]
    [InlineData("emails.$ref", null)]
    [InlineData("meta.lastModified", "meta.lastModified")]
    [InlineData(Core + ":name.givenName", "name.givenName")]
    [InlineData(Core, Core)]
    [InlineData(Ent, Ent)]
    [InlineData(Ent + ":department", Ent + ":department")]
    [InlineData("URN:IETF:params:scim:schemas:extension:ENTERPRISE:2.0:user:manager.VALUE", Ent + ":manager.value")]
    [InlineData(Ent + ":userName", null)]
    [InlineData(Ent + ":", null)]
    [InlineData("urn:example:other:2.0:User:x", null)]
    [InlineData("nope", null)]
    [InlineData("name.nope", null)]
    [InlineData("name..x", null)]
    [InlineData("name.givenName.x", null)]
    [InlineData("", null)]
    public void Paths_are_found_in_any_case_and_printed_in_schema_case(string path, string? canonical) =>
        Assert.Equal(canonical, PathResolver.Resolve(TestTypes.User, path)?.ToString());

    [Theory]
    [InlineData("manager", Ent + ":manager")]
    [InlineData("manager.value", Ent + ":manager.value")]
    [InlineData("department", Ent + ":department")]
    public void Entra36_an_unqualified_name_that_core_lacks_is_found_in_an_extension(string path, string canonical) =>
        Assert.Equal(canonical, PathResolver.Resolve(TestTypes.User, path)?.ToString());
}
