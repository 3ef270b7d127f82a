using ScimServer.Tests.Infrastructure;
using static ScimServer.Tests.Bulk.BulkClient;

namespace ScimServer.Tests.Bulk;

/// <summary>RFC 7644 §3.7: the path of an operation is "the resource's relative path to the SCIM service provider's root".</summary>
public sealed class BulkPathTests
{
    /// <summary>§3.7.3: the status "that would have been returned if a single HTTP request would have been used".</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_7_3_an_operation_has_the_status_of_the_single_request_whatever_its_path(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var (user, group) = (await scim.CreateUserIdAsync("name"), await scim.CreateGroupIdAsync("G"));
        string[] ofUser = [$"/Users/{user}/", $"//Users//{user}", $"users/{user}", $"/Users/{user.Replace("-", "%2D", StringComparison.Ordinal)}", $"/%55sers/{user}", $"/Users/{user}?attributes=title", $"/Users/{user}/?attributes=title#x", $"/Users/{user}?attributes=title&excludedAttributes=name", $"/Users/{user}/emails"];
        string[] others = ["", "/", "/Me", "/me/", "/Me/x", "/Bulk/x", "/Schemas", "/Schemas/x", "/Schemas/x/y", "/ResourceTypes/User", "/ServiceProviderConfig", "/ServiceProviderConfig/x", "/Nope", "/Nope/x", "/Users/a%20b", "/Users/a%2Fb", "/Users/%00"];

        foreach (var path in (string[])[.. ofUser, .. others, "/Users", "/Bulk", "/.search", "/Users/.search"])
        {
            await SameAsync(scim, "PATCH", path, _ => PatchBody("""{"op":"replace","path":"title","value":"T"}"""));
            await SameAsync(scim, "PUT", path, _ => """{"userName":"name"}""");
        }

        foreach (var path in (string[])["/Users", "/Users/", "/users", "/Users?attributes=id", "/Users?attributes=id&excludedAttributes=id", .. ofUser, .. others])
        {
            await SameAsync(scim, "POST", path, i => $$"""{"userName":"{{path.GetHashCode(StringComparison.Ordinal)}}-{{i}}"}""");
        }

        foreach (var path in (string[])[.. others, "/Users", "/Bulk", "/.search", "/Users/.search", $"/Users/{user}/emails"])
        {
            await SameAsync(scim, "DELETE", path, _ => null);
        }

        await SameAsync(scim, "PATCH", $"/Groups/{group}/", _ => PatchBody("""{"op":"replace","path":"displayName","value":"H"}"""));
        await SameAsync(scim, "PATCH", $"/Groups/{group}?attributes=displayName", _ => PatchBody("""{"op":"replace","path":"displayName","value":"I"}"""));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_7_3_the_location_is_encoded_once(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync();

        var results = await scim.BulkAsync(
            Patch($"/users/{user.Replace("-", "%2d", StringComparison.Ordinal)}/?attributes=id", """{"op":"replace","path":"title","value":"T"}"""),
            Delete("/Users/%75%20v"));

        Assert.Equal(["200", "404"], results.Statuses());
        Assert.Equal([$"{scim.BaseUrl}/Users/{user}", $"{scim.BaseUrl}/Users/u%20v"], results.Select(result => (string?)result["location"]));
        Assert.Equal("There is no User with the id \"u v\".", results[1].Detail());
    }

    /// <summary>§3.7: an operation works on "a resource endpoint": queries and further bulks have none.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task What_is_no_resource_type_cannot_be_posted_to(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        string[] paths = ["/Bulk", "/.search", "/Users/.search"];

        var results = await scim.BulkAsync([.. paths.Select((path, i) => Operation("POST", path, "{}", i))]);

        Assert.Equal(["405", "405", "405"], results.Statuses());
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_7_2_a_bulkId_in_a_path_may_be_written_as_it_is_or_as_in_a_URL(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        const string Title = """{"op":"replace","path":"title","value":"T"}""";

        var results = await scim.BulkAsync(
            PostUser("a b/c", "u"),
            Patch("/Users/bulkId:a b/c", Title),
            Patch("/Users/bulkId:a%20b%2Fc/", Title),
            Patch("/Users/bulkId%3Aa%20b%2Fc?attributes=title", Title),
            Patch("/Users/bulkId:a/b", Title));

        Assert.Equal(["201", "200", "200", "200", "400"], results.Statuses());
        Assert.Equal(results[0].Id(), Assert.Single(results[1..4].Select(result => result.Id()).Distinct()));
    }

    private static async Task SameAsync(ScimClient scim, string method, string path, Func<int, string?> body)
    {
        var single = await scim.SendAsync(new HttpMethod(method), path.StartsWith('/') || path.Length == 0 ? path : "/" + path, body(0));
        var results = await scim.BulkAsync(Operation(method, path, body(1), 0));

        Assert.True(single.Status.ToString(System.Globalization.CultureInfo.InvariantCulture) == results.Statuses()[0], $"{method} {path}: single {single.Status}, bulk {results[0].ToJsonString()}");
        if (single.Status >= 400 && single.Text.Length > 0)
        {
            // The web server itself refuses U+0000, without a body.
            Assert.Equal((string?)single.Object["scimType"], (string?)results[0]["response"]?["scimType"]);
        }
    }

    private static string Operation(string method, string path, string? data, int bulkId) =>
        $$"""{"method":"{{method}}","path":"{{path}}","bulkId":"{{bulkId}}"{{(data is null ? "" : ",\"data\":" + data)}}}""";

    private static string PatchBody(string operation) => $$"""{"schemas":["{{ScimClient.PatchOp}}"],"Operations":[{{operation}}]}""";
}
