using Scim.Bulk;
using Scim.Errors;
using Scim.Schemas;

namespace Scim.Tests.Bulk;

/// <summary>RFC 7644 §3.7: the path of an operation is that of a single request's URL.</summary>
public sealed class BulkTargetTests
{
    private static readonly SchemaRegistry Schemas = SchemaRegistry.Create(new SchemaOptions());

    private static readonly string[] BulkIds = ["a", "a b", "a/b", "50%41?", "x/"];

    [Theory]
    [InlineData("/Users", "User", null, "")]
    [InlineData("users/", "User", null, "")]
    [InlineData("//Users//1//", "User", "1", "")]
    [InlineData("/%55sers/a%2Db%20c", "User", "a-b c", "")]
    [InlineData("/Users/a%2Fb", "User", "a/b", "")]
    [InlineData("/Users/100%", "User", "100%", "")]
    [InlineData("/Users?attributes=id", "User", null, "?attributes=id")]
    [InlineData("/Groups/1/?a=b/c?d#e?f", "Group", "1", "?a=b/c?d")]
    [InlineData("/Groups/1#?a=b", "Group", "1", "")]
    [InlineData("/Users/bulkId:a", "User", "bulkId:a", "")]
    [InlineData("/Users/bulkId:a/", "User", "bulkId:a", "")]
    [InlineData("/Users/bulkId:a?x=y", "User", "bulkId:a", "?x=y")]
    [InlineData("/Users/bulkId%3Aa", "User", "bulkId:a", "")]
    [InlineData("/Users/bulkId:a%20b", "User", "bulkId:a b", "")]
    [InlineData("/Users/bulkId:a%2Fb", "User", "bulkId:a/b", "")]
    [InlineData("/Users/bulkId:a/b", "User", "bulkId:a/b", "")]
    [InlineData("/Users/bulkId:50%41?", "User", "bulkId:50%41?", "")]
    [InlineData("/Users/bulkId:x/", "User", "bulkId:x/", "")]
    [InlineData("/Users/bulkId:nobody/%41?", "User", "bulkId:nobody/%41?", "")]
    public void A_path_is_read_as_a_URL_and_a_bulkId_also_as_it_stands(string path, string type, string? id, string query)
    {
        var target = BulkTarget.Parse(path, Schemas, BulkIds.Contains);

        Assert.Equal((type, id, query), (target.Type.Name, target.Id, target.Query));
    }

    [Theory]
    [InlineData("", 405)]
    [InlineData("/?a=b", 405)]
    [InlineData("/Schemas", 405)]
    [InlineData("/schemas/x/", 405)]
    [InlineData("/Schemas/x/y", 404)]
    [InlineData("/ResourceTypes/User", 405)]
    [InlineData("/ServiceProviderConfig", 405)]
    [InlineData("/ServiceProviderConfig/x", 404)]
    [InlineData("/Bulk", 405)]
    [InlineData("/Bulk/x", 404)]
    [InlineData("/.search", 405)]
    [InlineData("/Me", 501)]
    [InlineData("/me/?a", 501)]
    [InlineData("/Me/x", 404)]
    [InlineData("/Nope", 404)]
    [InlineData("/Users%2F1", 404)]
    [InlineData("/Users/1/emails", 404)]
    [InlineData("/Users/x/bulkId:a", 404)]
    [InlineData("/scim/v2/Users", 404)]
    [InlineData("/Users/%00", 400)]
    public void A_path_that_names_no_resource_type_is_refused_as_the_single_request(string path, int status) =>
        Assert.Equal(status, Assert.Throws<ScimException>(() => BulkTarget.Parse(path, Schemas, BulkIds.Contains)).Error.Status);
}
