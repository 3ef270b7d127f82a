using System.Text;
using ScimServer.Tests.Infrastructure;
using static ScimServer.Tests.Bulk.BulkClient;

namespace ScimServer.Tests.Bulk;

/// <summary>RFC 7644 §3.7: "continue performing as many changes as possible and disregard partial failures", also of what no body may hold.</summary>
public sealed class IllFormedOperationTests
{
    [SkippableTheory]
    [EachDatabase(""" "title":"a\u0000b" """)]
    [EachDatabase(""" "a\u0000b":1 """)]
    [EachDatabase(""" "title":"\ud800" """)]
    [EachDatabase(""" "\udc00":1 """)]
    [EachDatabase(""" "title":"a","Title":"b" """)]
    [EachDatabase(""" "name":{"givenName":"a","givenName":"b"} """)]
    [EachDatabase("deep", 32)]
    [EachDatabase("deep", 100_000)]
    public async Task Data_that_is_no_body_fails_alone_and_as_the_single_request(Database database, string data, int depth = 0)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var wrong = depth == 0 ? data : $"\"x\":{new string('[', depth)}{new string(']', depth)}";

        var results = await scim.BulkAsync(
            PostUser("a", "a"), PostUser("b", "b", "," + wrong), PostUser("c", "c"), PostGroup("g", "G", "bulkId:a"), PostGroup("h", "H", "bulkId:b"));
        var single = await scim.PostAsync("/Users", $$"""{"userName":"b",{{wrong}}}""");

        single.ExpectError(400, "invalidSyntax");
        Assert.Equal(["201", "400", "201", "201", "409"], results.Statuses());
        Assert.Equal(("POST", "b", "invalidSyntax"), ((string?)results[1]["method"], (string?)results[1]["bulkId"], (string?)results[1]["response"]!["scimType"]));
        Assert.StartsWith("Operations[1]: ", results[1].Detail(), StringComparison.Ordinal);
        Assert.Equal("\"bulkId:b\" stands for no resource: its POST, Operations[1], failed with 400.", results[4].Detail());
        Assert.Equal(2, (int)(await scim.GetAsync("/Users")).Object["totalResults"]!);
    }

    [SkippableTheory]
    [EachDatabase("""{"method":"DELETE","Method":"DELETE","path":"/Users/ID"}""")]
    [EachDatabase("""{"method":"DELETE","path":"/Users/ID","x":"\ud800"}""")]
    [EachDatabase("""{"\ud800":1,"method":"DELETE","path":"/Users/ID"}""")]
    [EachDatabase("""{"method":"DEL\u0000","path":"/Users/ID"}""")]
    [EachDatabase("""{"method":"DELETE","path":"/Users/ID\u0000"}""")]
    [EachDatabase("""{"method":"DELETE","path":"/Users/\ud800"}""")]
    [EachDatabase("""{"method":"DELETE","bulkId":"\ud800","path":"/Users/ID"}""")]
    [EachDatabase("""{"method":"POST","bulkId":"u\u0000","path":"/Users","data":{"userName":"u"}}""")]
    [EachDatabase("""{"method":"\ud800","path":"/Users/ID"}""")]
    [EachDatabase("""{"method":"DELETE","path":"/Users/bulkId:\ud800","bulkId":"d"}""")]
    [EachDatabase(""" "\ud800" """)]
    [EachDatabase("""["\u0000",{"a":1,"a":1}]""")]
    public async Task An_operation_that_is_ill_formed_itself_fails_alone(Database database, string operation)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync("kept");

        var results = await scim.BulkAsync(
            PostUser("a", "a"), operation.Replace("ID", user, StringComparison.Ordinal), Patch("/Users/bulkId:a%20", """{"op":"remove","path":"title"}"""), PostUser("a ", "c"));

        Assert.Equal(["201", "400", "200", "201"], results.Statuses());
        Assert.Equal("invalidSyntax", (string?)results[1]["response"]!["scimType"]);
        Assert.StartsWith("Operations[1]: ", results[1].Detail(), StringComparison.Ordinal);
        (await scim.GetAsync($"/Users/{user}")).Expect(200);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task All_operations_may_be_ill_formed_in_any_number_of_ways(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var names = string.Join(',', Enumerable.Range(0, 200).Select(i => $"\"a{i}\":1"));
        var wrong = $$$"""{"userName":"a",{{{names}}},"deep":{{{string.Concat(Enumerable.Repeat("{\"a\":[", 500))}}}"\ud800"{{{string.Concat(Enumerable.Repeat("]}", 500))}}},"a0":"\u0000"}""";

        var results = await scim.BulkAsync([.. Enumerable.Range(0, 500).Select(i => $$"""{"method":"POST","path":"/Users","bulkId":"{{i}}","data":{{wrong}}}"""), PostUser("ok", "ok")]);

        Assert.Equal([.. Enumerable.Repeat("400", 500), "201"], results.Statuses());
    }

    [SkippableTheory]
    [EachDatabase("""{"schemas":["URN"],"Operations":[{"method":"DELETE","path":"/Users/a"},{"x":1]}""")]
    [EachDatabase("""{"schemas":["URN"],"Operations":[{"a":"\ud800","b":[}]}""")]
    [EachDatabase("""{"schemas":["URN","\ud800"],"Operations":[{"method":"DELETE","path":"/Users/a"}]}""")]
    [EachDatabase("""{"schemas":["URN"],"x":{"Operations":["\u0000"]},"Operations":[{"method":"DELETE","path":"/Users/a"}]}""")]
    [EachDatabase("""{"schemas":["URN"],"Operations":[{"method":"DELETE","path":"/Users/a"}],"operations":[{"a":1,"a":1}]}""")]
    [EachDatabase("""{"schemas":["URN"],"Operations":{"a":{"a":1,"a":1}}}""")]
    [EachDatabase("{\"schemas\":[\"URN\"],\"Operations\":[{\"a\":\"\\ud800\"},{\"a\":\"\u00ff\"}]}")]
    public async Task What_is_no_JSON_and_what_is_wrong_outside_of_the_operations_refuses_the_bulk(Database database, string body)
    {
        var scim = await TestServers.NewTenantAsync(database);
        using var request = new HttpRequestMessage(HttpMethod.Post, scim.BaseUrl + "/Bulk");
        request.Headers.Authorization = new("Bearer", scim.Token);
        request.Content = new ByteArrayContent(Encoding.Latin1.GetBytes(body.Replace("URN", RequestUrn, StringComparison.Ordinal)));
        request.Content.Headers.ContentType = new(ScimClient.MediaType);

        (await scim.SendAsync(request)).ExpectError(400, "invalidSyntax");
    }
}
