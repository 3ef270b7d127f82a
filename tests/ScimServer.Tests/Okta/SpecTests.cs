using System.Diagnostics;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Okta;

/// <summary>Okta's published SCIM 2.0 SPEC test, request by request in its order, with its headers.</summary>
public sealed class SpecTests
{
    private static readonly (string Name, string Value)[] Headers =
        [("Accept", "application/scim+json"), ("Accept-Charset", "utf-8"), ("User-Agent", "Okta SCIM Client 1.0.0"), ("Content-Type", "application/scim+json; charset=utf-8")];

    [SkippableTheory]
    [EachDatabase]
    public async Task OKTA_15_the_published_SPEC_test_passes_in_order(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await scim.CreateUserAsync("first@example.com", """ "name":{"givenName":"First","familyName":"User"},"emails":[{"primary":true,"value":"first@example.com","type":"work"}]""");

        var existing = await ExistingUserAsync(scim);
        await UserByIdAsync(scim, existing);
        await UserThatDoesNotExistAsync(scim);
        var userName = $"Runscope300.{Guid.NewGuid():N}@atko.com";
        var id = await CreateAsync(scim, userName);
        await ReadBackAsync(scim, id, userName);
        (await scim.PostAsync("/Users", Body(userName), Headers)).ExpectError(409, "uniqueness");
        await FilterInCapitalsAsync(scim, id, userName);
        await GroupsAsync(scim);
    }

    private static async Task<string> ExistingUserAsync(ScimClient scim)
    {
        var list = (await GetAsync(scim, "/Users?count=1&startIndex=1")).Expect(200);
        Assert.Equal("application/scim+json", list.ContentType);
        Assert.Contains("urn:ietf:params:scim:api:messages:2.0:ListResponse", list.Object["schemas"]!.AsArray().Select(urn => (string?)urn));
        Assert.True((int)list.Object["totalResults"]! >= 1);
        Assert.Equal(1, (int)list.Object["itemsPerPage"]!);
        Assert.Equal(1, (int)list.Object["startIndex"]!);
        var user = Assert.Single(list.Resources)!.AsObject();
        Assert.NotEmpty((string)user["id"]!);
        Assert.NotEmpty((string)user["name"]!["familyName"]!);
        Assert.NotEmpty((string)user["name"]!["givenName"]!);
        Assert.NotEmpty((string)user["userName"]!);
        Assert.True((bool)user["active"]!);
        Assert.NotEmpty((string)user["emails"]![0]!["value"]!);
        return (string)user["id"]!;
    }

    private static async Task UserByIdAsync(ScimClient scim, string id)
    {
        var user = (await GetAsync(scim, $"/Users/{id}")).Expect(200).Object;
        Assert.Equal(id, (string?)user["id"]);
        Assert.NotNull(user["name"]!["familyName"]);
        Assert.NotNull(user["userName"]);
        Assert.NotNull(user["active"]);
        Assert.NotNull(user["emails"]![0]!["value"]);
    }

    private static async Task UserThatDoesNotExistAsync(ScimClient scim)
    {
        var list = (await GetAsync(scim, "/Users?filter=userName%20eq%20%22UserNameThatDoesNotExist%22")).Expect(200).Object;
        Assert.Equal(0, (int)list["totalResults"]!);
        Assert.Empty(list["Resources"]!.AsArray());

        Assert.NotEmpty((await GetAsync(scim, "/Users/010101001010101011001010101011")).ExpectError(404));
    }

    private static async Task<string> CreateAsync(ScimClient scim, string userName)
    {
        var created = (await scim.PostAsync("/Users", Body(userName), Headers)).Expect(201).Object;
        Assert.True((bool)created["active"]!);
        Assert.NotEmpty((string)created["id"]!);
        Assert.Contains(ScimClient.User, created["schemas"]!.AsArray().Select(urn => (string?)urn));
        JsonAssert.Has($$$"""{"userName":"{{{userName}}}","name":{"familyName":"Runscope300","givenName":"Test"},"emails":[{"primary":true,"value":"{{{userName}}}","type":"work"}]}""", created);
        return (string)created["id"]!;
    }

    private static async Task ReadBackAsync(ScimClient scim, string id, string userName)
    {
        var user = (await GetAsync(scim, $"/Users/{id}")).Expect(200).Object;
        JsonAssert.Has($$$"""{"userName":"{{{userName}}}","name":{"familyName":"Runscope300","givenName":"Test"}}""", user);
    }

    private static async Task FilterInCapitalsAsync(ScimClient scim, string id, string userName)
    {
        var found = (await GetAsync(scim, $"/Users?filter=userName%20eq%20%22{Uri.EscapeDataString(userName.ToUpperInvariant())}%22")).Expect(200);
        Assert.Equal([id], found.Ids);
    }

    private static async Task GroupsAsync(ScimClient scim)
    {
        var watch = Stopwatch.StartNew();
        var groups = (await GetAsync(scim, "/Groups")).Expect(200);
        Assert.True(watch.ElapsedMilliseconds < 600, $"GET /Groups took {watch.ElapsedMilliseconds} ms.");
        Assert.Equal("application/scim+json", groups.ContentType);
    }

    /// <summary>Okta sends Content-Type with requests that have no body, too.</summary>
    private static async Task<ScimResponse> GetAsync(ScimClient scim, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, scim.BaseUrl + path) { Content = new ByteArrayContent([]) };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + scim.Token);
        foreach (var (name, value) in Headers)
        {
            (name == "Content-Type" ? request.Content.Headers : (System.Net.Http.Headers.HttpHeaders)request.Headers).TryAddWithoutValidation(name, value);
        }

        return await scim.SendAsync(request);
    }

    private static string Body(string userName) =>
        $$"""
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"{{userName}}","name":{"familyName":"Runscope300","givenName":"Test"},
        "emails":[{"primary":true,"value":"{{userName}}","type":"work"}],"displayName":"Runscope300 Test","active":true}
        """;
}
