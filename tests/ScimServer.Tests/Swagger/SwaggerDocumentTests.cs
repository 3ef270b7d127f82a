using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using ScimServer.Tests.Infrastructure;
using ScimServer.Tests.SecurityEvents;

namespace ScimServer.Tests.Swagger;

public sealed class SwaggerDocumentTests
{
    [Fact]
    public async Task The_document_is_valid()
    {
        var text = await SwaggerDocument.ReadTextAsync(await TestServers.GetAsync(Database.Sqlite));

        var diagnostic = OpenApiDocument.Parse(text, "json").Diagnostic!;

        Assert.Empty(diagnostic.Errors);
        Assert.Empty(diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_0, diagnostic.SpecificationVersion);
    }

    [Fact]
    public async Task Every_route_of_a_controller_is_described_unless_it_is_not_supported()
    {
        var server = await TestServers.GetAsync(Database.Sqlite);
        var routes =
            from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            let action = endpoint.Metadata.GetMetadata<ControllerActionDescriptor>()
            where action is not null && endpoint.RoutePattern.RawText!.StartsWith("scim/v2", StringComparison.Ordinal) && !endpoint.Metadata.OfType<ApiExplorerSettingsAttribute>().Any(settings => settings.IgnoreApi)
            from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
            where method != "HEAD"
            select $"{method} /{endpoint.RoutePattern.RawText!["scim/v2".Length..].TrimStart('/')}";

        var described = SwaggerDocument.Operations(await SwaggerDocument.ReadAsync()).Select(found => $"{found.Method} {found.Path}").Except(["POST /oauth/token"]);

        Assert.Equal(routes.Distinct().Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_admin_api_has_a_document_of_its_own_that_says_what_its_operations_do()
    {
        var server = await TestServers.GetAsync(Database.Sqlite);
        using var http = new HttpClient();
        var read = OpenApiDocument.Parse(await http.GetStringAsync(new Uri(server.Address, "/swagger/admin/swagger.json")), "json");

        Assert.Empty(read.Diagnostic!.Errors);
        var operations = SwaggerDocument.Operations(read.Document!).ToList();
        Assert.All(operations, found => Assert.StartsWith("/admin/", found.Path, StringComparison.Ordinal));
        Assert.All(operations, found => Assert.False(string.IsNullOrEmpty(found.Operation.Summary), $"{found.Method} {found.Path}"));
        Assert.Contains(operations, found => found.Path == "/admin/tenants/{tenantId}/tokens" && found.Method == HttpMethod.Post && found.Operation.RequestBody is not null);
        Assert.All(operations.SelectMany(found => found.Operation.Parameters ?? []), parameter => Assert.False(string.IsNullOrWhiteSpace(parameter.Description), parameter.Name));
        Assert.All(operations, found => Assert.Superset(new HashSet<string> { "401", "403" }, found.Operation.Responses!.Keys.ToHashSet()));
        foreach (var body in operations.Select(found => found.Operation.RequestBody).OfType<IOpenApiRequestBody>())
        {
            Assert.All(body.Content!.Values, content => Assert.NotNull(content.Schema!.Example));
        }

        Assert.Equal(["name"], read.Document!.Components!.Schemas!["CreateTokenRequest"].Required!);
        Assert.Equal(["expiresAt"], read.Document.Components.Schemas["ExpireTokenRequest"].Required!);
    }

    [Fact]
    public async Task The_feed_and_the_streams_have_a_document_of_their_own_that_says_what_their_operations_do()
    {
        using var http = new HttpClient();
        var server = await TestServers.GetAsync(Database.Sqlite);
        var read = OpenApiDocument.Parse(await http.GetStringAsync(new Uri(server.Address, "/swagger/events/swagger.json")), "json");

        Assert.Empty(read.Diagnostic!.Errors);
        var operations = SwaggerDocument.Operations(read.Document!).ToList();
        Assert.Equal(["/events", "/ssf/status", "/ssf/streams", "/ssf/streams/{id}/poll", "/ssf/verify"], operations.Select(found => found.Path).Distinct().Order(StringComparer.Ordinal));
        Assert.All(operations, found => Assert.False(string.IsNullOrEmpty(found.Operation.Summary), found.Path));
        Assert.All(operations, found => Assert.NotEmpty(found.Operation.Security!));
    }

    /// <summary>SSF 1.0 §8.1.1.1.</summary>
    [SkippableTheory, EachDatabase]
    public async Task The_example_of_a_new_stream_is_what_the_server_answers_to_the_example_of_the_request(Database database)
    {
        var receiver = await StreamsClient.OfAsync(await TestServers.NewTenantAsync(database));
        using var http = new HttpClient();
        var read = OpenApiDocument.Parse(await http.GetStringAsync(new Uri(receiver.Server.Address, "/swagger/events/swagger.json")), "json");
        var create = SwaggerDocument.Operations(read.Document!).Single(found => found.Path == "/ssf/streams" && found.Method == HttpMethod.Post).Operation;
        var expected = create.Responses!["201"].Content!["application/json"].Example!.AsObject();

        var answer = await receiver.CreateAsync(create.RequestBody!.Content!["application/json"].Example!.ToJsonString());
        (await receiver.SendAsync(HttpMethod.Delete, $"/ssf/streams?stream_id={answer["stream_id"]}")).Expect(204);

        foreach (var own in (string[])["stream_id", "iss", "aud"])
        {
            Assert.Equal(expected[own]!.GetValueKind(), answer[own]!.GetValueKind());
            expected[own] = answer[own]!.DeepClone();
        }

        JsonAssert.Equal(expected.ToJsonString(), answer);
    }

    [Fact]
    public async Task Every_operation_has_words_and_examples()
    {
        var document = await SwaggerDocument.ReadAsync();

        Assert.All(SwaggerDocument.Operations(document), found =>
        {
            var (_, _, operation) = found;
            Assert.False(string.IsNullOrWhiteSpace(operation.Summary));
            Assert.False(string.IsNullOrWhiteSpace(operation.Description));
            Assert.All(operation.Parameters ?? [], parameter => Assert.False(string.IsNullOrWhiteSpace(parameter.Description)));
            Assert.Contains(operation.Responses!, response => response.Key[0] == '2');
            Assert.All(Bodies(operation).Where(_ => found.Path != "/oauth/token"), body =>
            {
                Assert.Equal("application/scim+json", Assert.Single(body).Key);
                Assert.NotEmpty(SwaggerDocument.Examples(body));
            });
        });
        var ids = SwaggerDocument.Operations(document).Select(found => found.Operation.OperationId).ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public async Task Every_operation_but_discovery_needs_the_token()
    {
        var document = await SwaggerDocument.ReadAsync();

        Assert.Equal(SecuritySchemeType.Http, document.Components!.SecuritySchemes!["bearer"].Type);
        Assert.All(SwaggerDocument.Operations(document), found =>
        {
            var isDiscovery = found.Operation.Tags!.Single().Name == "Discovery";
            Assert.Equal(isDiscovery ? 0 : 1, found.Operation.Security?.Count ?? 0);
            Assert.Equal(!isDiscovery, found.Operation.Responses!.ContainsKey("401"));
        });
    }

    [Fact]
    public async Task Discovery_needs_the_token_where_the_server_says_so()
    {
        await using var server = await ScimServerFactory.StartAsync(Database.Sqlite, ("Scim:DiscoveryRequiresToken", "true"));

        var document = OpenApiDocument.Parse(await SwaggerDocument.ReadTextAsync(server), "json").Document!;

        Assert.Single(SwaggerDocument.Operation(document, "listSchemas").Security!);
    }

    [Theory]
    [InlineData("User", ScimClient.User)]
    [InlineData("Group", ScimClient.Group)]
    [InlineData("EnterpriseUser", ScimClient.Enterprise)]
    public async Task A_resource_has_the_attributes_that_the_schemas_endpoint_lists(string component, string urn)
    {
        var document = await SwaggerDocument.ReadAsync();
        var client = await TestServers.NewTenantAsync(Database.Sqlite);
        var schema = (await client.GetAsync("/Schemas/" + urn)).Expect(200).Object;

        var properties = document.Components!.Schemas![component].Properties!;

        Assert.All(schema["attributes"]!.AsArray(), attribute =>
        {
            var property = properties[(string)attribute!["name"]!];
            Assert.Equal((string?)attribute["mutability"] == "readOnly", property.ReadOnly);
            Assert.Equal((bool?)attribute["multiValued"] == true, property.Type == JsonSchemaType.Array);
            var names = (attribute["subAttributes"]?.AsArray() ?? []).Select(sub => (string)sub!["name"]!);
            Assert.Equal(names, (property.Items ?? property).Properties?.Keys ?? []);
        });
    }

    [Fact]
    public async Task The_user_carries_its_extension()
    {
        var document = await SwaggerDocument.ReadAsync();

        var extension = Assert.IsType<OpenApiSchemaReference>(document.Components!.Schemas!["User"].Properties![ScimClient.Enterprise]);

        Assert.Equal("EnterpriseUser", extension.Reference.Id);
    }

    [Fact]
    public async Task Requests_go_to_where_the_document_came_from()
    {
        var text = await SwaggerDocument.ReadTextAsync(await TestServers.GetAsync(Database.Sqlite));

        var server = (string)JsonNode.Parse(text)!["servers"]![0]!["url"]!;

        Assert.Equal("https://any.example/prefix/scim/v2", new Uri(new Uri("https://any.example/prefix" + SwaggerDocument.Path), server).ToString());
    }

    private static IEnumerable<IDictionary<string, OpenApiMediaType>> Bodies(OpenApiOperation operation) =>
        operation.Responses!.Values.Select(response => response.Content).Prepend(operation.RequestBody?.Content).Where(content => content?.Count > 0)!;
}
