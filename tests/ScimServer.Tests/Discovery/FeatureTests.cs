using System.Text.Json.Nodes;
using ScimServer.Tests.Bulk;
using ScimServer.Tests.Infrastructure;
using ScimServer.Tests.SecurityEvents;

namespace ScimServer.Tests.Discovery;

/// <summary>
/// /ServiceProviderConfig cannot lie: each feature that it announces is used, and one that is announced without a use here
/// fails the test (RFC 7643 §5, RFC 9865 §4).
/// </summary>
public sealed class FeatureTests
{
    /// <summary>What is no feature.</summary>
    private static readonly string[] Descriptions = ["schemas", "documentationUri", "meta"];

    private static readonly Dictionary<string, Func<ScimClient, JsonNode, Task>> Uses = new()
    {
        ["patch"] = PatchAsync,
        ["bulk"] = BulkAsync,
        ["filter"] = FilterAsync,
        ["changePassword"] = ChangePasswordAsync,
        ["sort"] = SortAsync,
        ["etag"] = ETagAsync,
        ["pagination"] = PaginationAsync,
        ["securityEvents"] = SecurityEventsAsync,
        ["authenticationSchemes"] = AuthenticateAsync,
    };

    [SkippableTheory]
    [EachDatabase]
    public async Task Each_feature_that_is_announced_is_there_with_the_limits_that_are_announced(Database database)
    {
        // Small bounds, so that they can be reached.
        var config = (await (await SmallServer.NewTenantAsync(database)).WithToken(null).GetAsync("/ServiceProviderConfig")).Expect(200).Object;
        var features = config.Where(member => !Descriptions.Contains(member.Key)).ToArray();

        Assert.Equal(Uses.Keys.Order(), features.Select(feature => feature.Key).Order());
        foreach (var (name, feature) in features)
        {
            Assert.True(feature is JsonArray || name is "pagination" or "securityEvents" || (bool)feature!["supported"]!, $"{name} is there but not announced.");
            await Uses[name](await SmallServer.NewTenantAsync(database), feature!);
        }
    }

    private static async Task PatchAsync(ScimClient scim, JsonNode feature) => Assert.Equal("T", (string?)(await scim.PatchAsync(
        $"/Users/{await scim.CreateUserIdAsync()}", """{"op":"add","path":"title","value":"T"}""")).Expect(200).Object["title"]);

    private static async Task BulkAsync(ScimClient scim, JsonNode feature)
    {
        var max = (int)feature["maxOperations"]!;
        Assert.Equal(max, (await scim.BulkAsync(Posts(max))).Count(result => (string?)result["status"] == "201"));
        Assert.Contains($"({max})", (await scim.SendBulkAsync(string.Join(',', Posts(max + 1)))).ExpectError(413), StringComparison.Ordinal);
        var bytes = (int)feature["maxPayloadSize"]!;
        Assert.Contains($"({bytes} bytes)", (await scim.SendBulkAsync(Posts(1)[0] + new string(' ', bytes))).ExpectError(413), StringComparison.Ordinal);
    }

    private static string[] Posts(int count) =>
        [.. Enumerable.Range(0, count).Select(i => $$$"""{"method":"POST","path":"/Users","bulkId":"{{{i}}}","data":{"userName":"bulk-{{{i}}}"}}""")];

    private static async Task FilterAsync(ScimClient scim, JsonNode feature)
    {
        var max = (int)feature["maxResults"]!;
        await scim.CreateUserIdsAsync(max + 1);
        Assert.Equal(max, (await scim.FindAsync("/Users", "userName pr", $"&count={max + 1}")).Expect(200).Resources.Count);
        Assert.Empty((await scim.FindAsync("/Users", "userName eq \"nobody\"")).Expect(200).Resources);
    }

    private static async Task ChangePasswordAsync(ScimClient scim, JsonNode feature)
    {
        var id = await scim.CreateUserIdAsync("a", """ "password":"one" """);
        Assert.Equal("W/\"2\"", (await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"password","value":"two"}""")).Expect(200).ETag);
    }

    private static async Task SortAsync(ScimClient scim, JsonNode feature)
    {
        foreach (var name in new[] { "b", "c", "a" })
        {
            await scim.CreateUserAsync(name);
        }

        var users = (await scim.GetAsync("/Users?sortBy=userName&sortOrder=descending&count=3")).Expect(200).Resources;
        Assert.Equal(["c", "b", "a"], users.Select(user => (string)user!["userName"]!));
    }

    private static async Task ETagAsync(ScimClient scim, JsonNode feature)
    {
        var path = $"/Users/{await scim.CreateUserIdAsync()}";
        var tag = (await scim.GetAsync(path)).ETag!;
        (await scim.GetAsync(path, ("If-None-Match", tag))).Expect(304);
        (await scim.DeleteAsync(path, ("If-Match", "W/\"0\""))).ExpectError(412);
        (await scim.DeleteAsync(path, ("If-Match", tag))).Expect(204);
    }

    private static async Task PaginationAsync(ScimClient scim, JsonNode feature)
    {
        Assert.Equal(
            ["cursor", "defaultPageSize", "defaultPaginationMethod", "index", "maxPageSize"],
            feature.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.True((bool)feature["cursor"]! && (bool)feature["index"]!);
        var (size, max) = ((int)feature["defaultPageSize"]!, (int)feature["maxPageSize"]!);
        await scim.CreateUserIdsAsync(max + 1);

        var first = (await scim.GetAsync("/Users?cursor")).Expect(200);
        var second = (await scim.GetAsync($"/Users?cursor={Uri.EscapeDataString((string)first.Object["nextCursor"]!)}")).Expect(200);
        Assert.Equal((size, 2 * size), (first.Ids.Length, first.Ids.Union(second.Ids).Count()));
        Assert.Equal("index", (string?)feature["defaultPaginationMethod"]);
        var page = (await scim.GetAsync("/Users")).Expect(200).Object;
        Assert.Equal((1, size), ((int)page["startIndex"]!, (int)page["itemsPerPage"]!));
        Assert.False(page.ContainsKey("nextCursor"));
        Assert.Equal(max, (await scim.GetAsync($"/Users?count={max + 1}")).Expect(200).Ids.Length);
        Assert.Single((await scim.GetAsync($"/Users?startIndex={max + 1}")).Expect(200).Ids);
    }

    /// <summary>RFC 9967 §4, EVT-41: each event that is announced is sent, and no other.</summary>
    private static async Task SecurityEventsAsync(ScimClient scim, JsonNode feature)
    {
        Assert.Equal("none", (string?)feature["asyncRequest"]);
        var receiver = await StreamsClient.OfAsync(scim);
        string[] streams =
        [
            await receiver.CreateIdAsync(),
            await receiver.CreateIdAsync("""{"events_requested":["urn:ietf:params:scim:event:prov:create:full","urn:ietf:params:scim:event:prov:patch:full"]}"""),
        ];
        var user = await scim.CreateUserIdAsync("a");
        (await scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"active","value":false}""")).Expect(200);
        (await scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"active","value":true}""")).Expect(200);
        (await scim.PutAsync($"/Users/{user}", """{"userName":"b"}""")).Expect(200);
        (await scim.DeleteAsync($"/Users/{user}")).Expect(204);

        var seen = new HashSet<string>();
        foreach (var stream in streams)
        {
            seen.UnionWith((await receiver.TakeAsync(stream)).SelectMany(set => set.Claims["events"]!.AsObject().Select(found => found.Key)));
        }

        Assert.Equal(feature["eventUris"]!.AsArray().Select(uri => (string)uri!).Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    private static async Task AuthenticateAsync(ScimClient scim, JsonNode feature)
    {
        var scheme = Assert.Single(feature.AsArray())!;
        Assert.Equal("oauthbearertoken", (string?)scheme["type"]);
        (await scim.GetAsync("/Users")).Expect(200);
        var refused = await scim.WithToken(null).GetAsync("/Users");
        refused.ExpectError(401);
        Assert.StartsWith("Bearer", refused.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }
}
