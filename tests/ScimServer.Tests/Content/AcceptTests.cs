using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Content;

/// <summary>In which media type answers come (RFC 7644 §3.8, RFC 9110 §12.5.1).</summary>
public sealed class AcceptTests
{
    private const string Scim = ScimClient.MediaType;
    private const string Json = "application/json";

    [SkippableTheory]
    [EachDatabase("application/scim+json", Scim)]
    [EachDatabase("APPLICATION/SCIM+JSON; charset=utf-8", Scim)]
    [EachDatabase("application/json", Json)]
    [EachDatabase("application/json; charset=UTF-8", Json)]
    [EachDatabase("application/json, application/scim+json", Scim)]
    [EachDatabase("application/scim+json;q=0.5, application/json", Json)]
    [EachDatabase("application/scim+json, application/json;q=0.5", Scim)]
    [EachDatabase("application/json;q=0.2, */*;q=0.1", Json)]
    [EachDatabase("application/scim+json;q=0, */*", Json)]
    [EachDatabase("*/*", Scim)]
    [EachDatabase("application/*", Scim)]
    [EachDatabase("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", Scim)]
    [EachDatabase("text/plain, application/*;q=0.1", Scim)]
    [EachDatabase("", Scim)]
    [EachDatabase("garbage", Scim)]
    public async Task The_client_chooses_between_the_two(Database database, string accept, string expected)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var id = await scim.CreateUserIdAsync();

        foreach (var path in new[] { "/Users", $"/Users/{id}", "/ServiceProviderConfig" })
        {
            var answer = (await scim.GetAsync(path, ("Accept", accept))).Expect(200);
            Assert.Equal(expected, answer.ContentType);
            Assert.Equal("Accept, Accept-Encoding", answer.Header("Vary"));
        }

        Assert.Equal(expected, (await scim.GetAsync("/Users/none", ("Accept", accept))).Expect(404).ContentType);
        Assert.Equal(expected, (await scim.PostAsync("/Users", """{"userName":"a"}""", ("Accept", accept))).Expect(201).ContentType);
    }

    [SkippableTheory]
    [EachDatabase("text/html")]
    [EachDatabase("application/xml, text/*")]
    [EachDatabase("application/scim+json;q=0, application/json;q=0.0")]
    [EachDatabase("*/*;q=0")]
    [EachDatabase("text/html, application/*;q=0")]
    public async Task A_client_that_accepts_neither_is_406_before_anything_is_done(Database database, string accept)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var user = await scim.CreateUserIdAsync("a");

        (await scim.GetAsync("/Users", ("Accept", accept))).ExpectError(406);
        (await scim.PostAsync("/Users", """{"userName":"b"}""", ("Accept", accept))).ExpectError(406);
        (await scim.PutAsync($"/Users/{user}", """{"userName":"b"}""", ("Accept", accept))).ExpectError(406);
        (await scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"title","value":"T"}""", ("Accept", accept))).ExpectError(406);
        (await scim.PostAsync("/Users/.search", "{}", ("Accept", accept))).ExpectError(406);
        (await scim.PostAsync("/Bulk", "{}", ("Accept", accept))).ExpectError(406);
        (await scim.GetAsync("/Schemas", ("Accept", accept))).ExpectError(406);

        var users = (await scim.GetAsync("/Users")).Resources;
        Assert.Equal("W/\"1\"", (string?)Assert.Single(users)!["meta"]!["version"]);
        (await scim.DeleteAsync($"/Users/{user}", ("Accept", accept))).Expect(204);
    }

    [SkippableTheory]
    [EachDatabase("")]
    [EachDatabase("application/json")]
    [EachDatabase("application/scim+json")]
    [EachDatabase("Application/Scim+JSON;Charset=UTF-8")]
    [EachDatabase("application/json; charset=\"utf-8\"; version=2")]
    [EachDatabase("application/scim+json; charset=utf8")]
    [EachDatabase("application/scim+json;charset=utf-8;")]
    [EachDatabase("application/json; ;charset=utf-8")]
    public async Task A_body_is_JSON_in_UTF8_whatever_else_its_type_says_and_also_without_one(Database database, string contentType)
    {
        var scim = await TestServers.NewTenantAsync(database);
        using var request = new HttpRequestMessage(HttpMethod.Post, scim.BaseUrl + "/Users");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + scim.Token);
        request.Content = new ByteArrayContent([.. System.Text.Encoding.UTF8.Preamble, .. """{"userName":"Zoë"}"""u8]);
        if (contentType.Length > 0)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        Assert.Equal("Zoë", (string?)(await scim.SendAsync(request)).Expect(201).Object["userName"]);
    }
}
