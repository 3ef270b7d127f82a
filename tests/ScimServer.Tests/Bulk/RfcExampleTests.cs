using System.Text.Json.Nodes;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Bulk;

/// <summary>The worked examples of RFC 7644 §3.7, in the files beside this one, with errata 7916 and 5050 applied.</summary>
public sealed class RfcExampleTests
{
    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_7_1_the_circle_of_groups(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var results = await SendAsync(scim, "3.7.1-circular");

        var groups = (await scim.FindAsync("/Groups", "displayName sw \"Group\"")).Resources;
        Assert.Equal(["201", "201"], results.Statuses());
        Assert.Equal(2, groups.Count);
        Assert.Equal([results[1].Id()], await scim.MembersAsync(results[0].Id()));
        Assert.Equal([results[0].Id()], await scim.MembersAsync(results[1].Id()));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_7_2_a_member_that_is_created_with_its_group(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var results = await SendAsync(scim, "3.7.2-member");

        var alice = (await scim.FindAsync("/Users", "userName eq \"Alice\"")).Ids;
        Assert.Equal(["qwerty", "ytrewq"], results.Select(result => (string)result["bulkId"]!));
        Assert.Equal(alice, await scim.MembersAsync(results[1].Id()));
        Assert.Equal((await scim.GetAsync($"/Groups/{results[1].Id()}")).ETag, (string?)results[1]["version"]);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_7_2_a_manager_that_is_created_with_its_report(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var results = await SendAsync(scim, "3.7.2-manager");

        var bob = (await scim.GetAsync($"/Users/{results[1].Id()}")).Object;
        Assert.Equal(results[0].Id(), (string?)bob[ScimClient.Enterprise]!["manager"]!["value"]);
        Assert.Equal("11250", (string?)bob[ScimClient.Enterprise]!["employeeNumber"]);
    }

    /// <summary>The user's schema in the example is one that there is not: the error that the RFC goes on to show is what comes of it.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_7_3_the_first_error_ends_it(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);

        var result = Assert.Single(await SendAsync(scim, "3.7.3-methods"));

        var error = result["response"]!.AsObject();
        Assert.False(string.IsNullOrEmpty((string?)error["detail"]));
        error.Remove("detail");
        JsonAssert.Equal(
            """{"method":"POST","bulkId":"qwerty","status":"400","response":{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"scimType":"invalidSyntax","status":"400"}}""", result);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_7_3_all_operations_succeed(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ids = await scim.CreateUserIdsAsync(3);

        var results = await SendAsync(scim, "3.7.3-methods", text => text
            .Replace("api:messages:2.0:User", "schemas:core:2.0:User", StringComparison.Ordinal)
            .Replace("b7c14771-226c-4d05-8860-134711653041", ids[0], StringComparison.Ordinal)
            .Replace("5d8d29d3-342c-4b5f-8683-a3cb6763ffcc", ids[1], StringComparison.Ordinal)
            .Replace("e9025315-6bea-44e1-899c-1e07454e468b", ids[2], StringComparison.Ordinal)
            .Replace("3694e05e9dff591", "1", StringComparison.Ordinal)
            .Replace("edac3253e2c0ef2", "1", StringComparison.Ordinal)
            .Replace("0ee8add0a938e1a", "1", StringComparison.Ordinal));

        Assert.Equal([("POST", "201"), ("PUT", "200"), ("PATCH", "200"), ("DELETE", "204")], results.Select(result => ((string)result["method"]!, (string)result["status"]!)));
        Assert.Equal(ids, results[1..].Select(BulkClient.Id));
        Assert.Equal(["Alice", "Bob", "Dave"], (await scim.GetAsync("/Users")).Resources.Select(user => (string)user!["userName"]!).Order());
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task RFC7644_3_7_3_all_operations_fail(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var ids = await scim.CreateUserIdsAsync(2);

        var results = await SendAsync(scim, "3.7.3-methods", text => text
            .Replace("\"failOnErrors\": 1,", "", StringComparison.Ordinal)
            .Replace("b7c14771-226c-4d05-8860-134711653041", ids[0], StringComparison.Ordinal)
            .Replace("5d8d29d3-342c-4b5f-8683-a3cb6763ffcc", ids[1], StringComparison.Ordinal));

        Assert.Equal(["400", "412", "412", "404"], results.Statuses());
        Assert.Equal([null, $"{scim.BaseUrl}/Users/{ids[0]}", $"{scim.BaseUrl}/Users/{ids[1]}", $"{scim.BaseUrl}/Users/e9025315-6bea-44e1-899c-1e07454e468b"], results.Select(result => (string?)result["location"]));
    }

    private static async Task<JsonObject[]> SendAsync(ScimClient scim, string example, Func<string, string>? change = null)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(HouseTests.Root, "tests", "ScimServer.Tests", "Bulk", $"rfc7644-{example}.json"));
        var response = await scim.PostAsync("/Bulk", change is null ? text : change(text));
        return [.. response.Expect(200).Object["Operations"]!.AsArray().Select(operation => operation!.AsObject())];
    }
}
