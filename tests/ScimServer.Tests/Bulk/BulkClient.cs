using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Bulk;

/// <summary>Sends bulks, and finds the results by bulkId.</summary>
internal static partial class BulkClient
{
    public const string RequestUrn = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
    public const string ResponseUrn = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

    /// <summary>Sends operations, given as the JSON of the array's elements; gives what became of them.</summary>
    public static async Task<JsonObject[]> BulkAsync(this ScimClient scim, string operations, int? failOnErrors)
    {
        var response = await scim.SendBulkAsync(operations, failOnErrors);
        var body = response.Expect(200).Object;
        Assert.Equal($"""["{ResponseUrn}"]""", body["schemas"]!.ToJsonString());
        return [.. body["Operations"]!.AsArray().Select(operation => operation!.AsObject())];
    }

    public static Task<ScimResponse> SendBulkAsync(this ScimClient scim, string operations, int? failOnErrors = null) => scim.PostAsync(
        "/Bulk", $$"""{"schemas":["{{RequestUrn}}"]{{(failOnErrors is { } number ? $",\"failOnErrors\":{number}" : "")}},"Operations":[{{operations}}]}""");

    public static string PostUser(string bulkId, string userName, string more = "") =>
        $$$"""{"method":"POST","path":"/Users","bulkId":"{{{bulkId}}}","data":{"schemas":["{{{ScimClient.User}}}"],"userName":"{{{userName}}}"{{{more}}}}}""";

    public static string PostGroup(string bulkId, string displayName, params string[] members)
    {
        var values = string.Join(',', members.Select(member => $$"""{"value":"{{member}}"}"""));
        return $$$"""{"method":"POST","path":"/Groups","bulkId":"{{{bulkId}}}","data":{"schemas":["{{{ScimClient.Group}}}"],"displayName":"{{{displayName}}}","members":[{{{values}}}]}}""";
    }

    public static string Patch(string path, string operations, string more = "") =>
        $$$"""{"method":"PATCH","path":"{{{path}}}"{{{more}}},"data":{"schemas":["{{{ScimClient.PatchOp}}}"],"Operations":[{{{operations}}}]}}""";

    public static string Put(string path, string data, string more = "") => $$$"""{"method":"PUT","path":"{{{path}}}"{{{more}}},"data":{{{data}}}}""";

    public static string Delete(string path, string more = "") => $$"""{"method":"DELETE","path":"{{path}}"{{more}}}""";

    /// <summary>A part of a user's JSON that makes another its manager.</summary>
    public static string Manager(string id) => $",\"{ScimClient.Enterprise}\":{{\"manager\":{{\"value\":\"{id}\"}}}}";

    /// <summary>An operation of a PATCH that adds a member.</summary>
    public static string AddMember(string id) => $$"""{"op":"add","path":"members","value":[{"value":"{{id}}"}]}""";

    public static Task<JsonObject[]> BulkAsync(this ScimClient scim, params string[] operations) => scim.BulkAsync(string.Join(',', operations), failOnErrors: null);

    public static string[] Statuses(this IEnumerable<JsonObject> results) => [.. results.Select(result => (string)result["status"]!)];

    public static string Id(this JsonObject result) => ((string)result["location"]!).Split('/')[^1];

    /// <summary>The detail of an operation's error, without the reference that has to be at its end.</summary>
    public static string Detail(this JsonObject result)
    {
        var match = Reference().Match((string)result["response"]!["detail"]!);
        Assert.True(match.Success, result.ToJsonString());
        return match.Groups[1].Value;
    }

    [GeneratedRegex(@"^(.*) \(ref [0-9A-Z]{16}:\d+\)$", RegexOptions.Singleline)]
    private static partial Regex Reference();
}
