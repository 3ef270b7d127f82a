using System.Net;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ScimServer.Tests.Infrastructure;
using ScimServer.Tests.OAuth;

namespace ScimServer.Tests.Swagger;

/// <summary>The token endpoint (RFC 6749 §4.4) in the document of SCIM: its examples are what is sent and answered.</summary>
public sealed class SwaggerTokenTests
{
    [SkippableTheory, EachDatabase]
    public async Task The_example_of_a_request_for_a_token_works_and_is_answered_as_the_example_says(Database database)
    {
        var (client, operation) = (await TokenClient.NewAsync(database), await ReadAsync());
        var own = new Dictionary<string, string> { ["client_id"] = $"{client.Id}", ["client_secret"] = client.Secret };
        var form = Example(operation.RequestBody!.Content!, "application/x-www-form-urlencoded");
        var fields = form.Select(field => (field.Key, own.GetValueOrDefault(field.Key) ?? (string)field.Value!)).ToArray();

        var (status, answer) = await TokenClient.PostAsync(client.Server, authorization: null, fields);

        Assert.Equal(HttpStatusCode.OK, status);
        var expected = Example(operation.Responses!["200"].Content!, "application/json");
        Assert.Equal(expected.Select(member => member.Key).Order(StringComparer.Ordinal), answer.Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.Equal(((string?)expected["token_type"], (string?)expected["scope"]), ((string?)answer["token_type"], (string?)answer["scope"]));
    }

    [SkippableTheory, EachDatabase]
    public async Task The_examples_of_refusals_are_what_the_token_endpoint_answers(Database database)
    {
        var (client, operation) = (await TokenClient.NewAsync(database), await ReadAsync());
        var wrong = TokenClient.Basic($"{client.Id}", "wrong");

        foreach (var (expected, authorization, grant) in new[] { ("400", null, "password"), ("401", wrong, "client_credentials") })
        {
            var (status, answer) = await TokenClient.PostAsync(client.Server, authorization, [("grant_type", grant)]);
            Assert.Equal(expected, $"{(int)status}");
            JsonAssert.Equal(Example(operation.Responses![expected].Content!, "application/json").ToJsonString(), answer);
        }
    }

    [Fact]
    public async Task It_stands_beside_the_base_path_of_SCIM_and_takes_the_credentials_of_a_client()
    {
        var document = await SwaggerDocument.ReadAsync();
        var path = document.Paths["/oauth/token"];

        Assert.Equal("https://any.example/prefix/", new Uri(new Uri("https://any.example/prefix" + SwaggerDocument.Path), path.Servers![0].Url).ToString());
        var scheme = Assert.Single(Assert.Single(SwaggerDocument.Operation(document, "getToken").Security!)).Key;
        Assert.Equal((SecuritySchemeType.Http, "basic"), (scheme.Type, scheme.Scheme));
    }

    private static async Task<OpenApiOperation> ReadAsync() => SwaggerDocument.Operation(await SwaggerDocument.ReadAsync(), "getToken");

    private static JsonObject Example(IDictionary<string, OpenApiMediaType> content, string mediaType) =>
        Assert.Single(content[mediaType].Examples!).Value.Value!.AsObject();
}
