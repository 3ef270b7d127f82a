using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Swagger;

/// <summary>What the document shows is what the server does: examples are sent, and answers compared with the examples.</summary>
public sealed class SwaggerExampleTests
{
    private const string UserId = "01a2104e-839d-75c0-97f6-4ed76cd2efbb";
    private const string GroupId = "01a2104e-875c-7a19-86c2-97b8c41e9a74";

    private static readonly string[] ServerSet = ["created", "lastModified"];

    [Theory]
    [EachDatabase("User")]
    [EachDatabase("Group")]
    public async Task Every_example_of_a_request_works(Database database, string type)
    {
        var document = await SwaggerDocument.ReadAsync();
        foreach (var operation in (string[])[$"create{type}", $"replace{type}", $"patch{type}", $"search{type}s"])
        {
            foreach (var (name, example) in Requests(document, operation))
            {
                var world = await World.CreateAsync(database, document);
                var response = await world.SendAsync(operation, world.Localize(example));
                Assert.True(response.Status is 200 or 201 or 204, $"{operation}, {name}: {response.Status} {response.Text}");
                Assert.True(Documented(document, operation).ContainsKey($"{response.Status}"), $"{operation} does not document {response.Status}.");
            }
        }
    }

    [Theory]
    [EachDatabase("User", 1)]
    [EachDatabase("Group", 1)]
    public async Task Every_example_of_a_filter_works(Database database, string type, int expected)
    {
        var document = await SwaggerDocument.ReadAsync();
        var world = await World.CreateAsync(database, document);
        var filters = SwaggerDocument.Operation(document, $"list{type}s").Parameters!.Single(parameter => parameter.Name == "filter").Examples!;
        foreach (var filter in filters.Values.Select(example => world.Localize(example.Value!).GetValue<string>()))
        {
            var query = filter.Length == 0 ? "" : $"?filter={Uri.EscapeDataString(filter)}";
            var response = (await world.Client.GetAsync($"/{type}s{query}")).Expect(200);
            Assert.True(response.Ids.Length == expected, $"{filter}: {response.Text}");
        }
    }

    [Theory]
    [EachDatabase]
    public async Task The_examples_of_a_search_of_all_types_work(Database database)
    {
        var document = await SwaggerDocument.ReadAsync();
        var world = await World.CreateAsync(database, document);

        var search = await world.Client.PostAsync("/.search", Requests(document, "searchAll")["changed"].ToJsonString());

        Assert.Equal(2, search.Expect(200).Ids.Length);
        var filters = SwaggerDocument.Operation(document, "listAll").Parameters!.Single(parameter => parameter.Name == "filter").Examples!;
        Assert.All(filters.Keys, name => Assert.NotNull(filters[name].Summary));
        foreach (var filter in filters.Values.Select(example => example.Value!.GetValue<string>()).Where(filter => filter.Length > 0))
        {
            Assert.Single((await world.Client.FindAsync("/", filter)).Expect(200).Ids);
        }
    }

    [Theory]
    [EachDatabase("team", "201", "201")]
    [EachDatabase("changes", "200", "204")]
    public async Task The_examples_of_a_bulk_work(Database database, string example, string first, string second)
    {
        var document = await SwaggerDocument.ReadAsync();
        var world = await World.CreateAsync(database, document);

        var answer = await world.Client.PostAsync("/Bulk", world.Localize(Requests(document, "bulk")[example]).ToJsonString());

        Assert.Equal([first, second], answer.Expect(200).Object["Operations"]!.AsArray().Select(operation => (string)operation!["status"]!));
    }

    [Theory]
    [EachDatabase("User")]
    [EachDatabase("Group")]
    public async Task The_members_of_a_list_are_those_of_the_example(Database database, string type)
    {
        var document = await SwaggerDocument.ReadAsync();
        var world = await World.CreateAsync(database, document);
        await world.SendAsync($"create{type}", Requests(document, $"create{type}")[type == "User" ? "small" : "empty"]);
        var examples = SwaggerDocument.Examples(Documented(document, $"list{type}s")["200"].Content);

        var byIndex = (await world.Client.GetAsync($"/{type}s")).Expect(200).Object;
        var byCursor = (await world.Client.GetAsync($"/{type}s?cursor=&count=1")).Expect(200).Object;

        Assert.Equal(examples["found"].AsObject().Select(member => member.Key), byIndex.Select(member => member.Key));
        Assert.Equal(examples["cursor"].AsObject().Select(member => member.Key), byCursor.Select(member => member.Key));
    }

    [Theory]
    [EachDatabase("User")]
    [EachDatabase("Group")]
    public async Task The_example_of_a_resource_is_what_the_server_answers(Database database, string type)
    {
        var document = await SwaggerDocument.ReadAsync();
        var world = await World.CreateAsync(database, document);

        var answer = (await world.Client.GetAsync($"/{type}s/{world.IdOf(type)}")).Expect(200).Object;

        answer.Remove("groups");
        var example = world.Localize(SwaggerDocument.Examples(SwaggerDocument.Operation(document, $"get{type}").Responses!["200"].Content).Values.Single());
        Assert.Equal(Comparable(example), Comparable(answer));
    }

    [Fact]
    public async Task The_examples_of_errors_are_what_the_server_answers()
    {
        var document = await SwaggerDocument.ReadAsync();
        var world = await World.CreateAsync(Database.Sqlite, document);
        var client = world.Client;
        var user = "/Users/" + world.UserId;
        (string Operation, string Example, Func<Task<ScimResponse>> Send)[] cases =
        [
            ("listUsers", "invalidFilter", () => client.FindAsync("/Users", "userName eq")),
            ("listUsers", "invalidValue", () => client.GetAsync("/Users?count=ten")),
            ("listUsers", "invalidPath", () => client.GetAsync("/Users?sortBy=shoeSize")),
            ("listUsers", "invalidCursor", () => client.GetAsync("/Users?cursor=x")),
            ("listAll", "invalidPath", () => client.GetAsync("/?sortBy=shoeSize")),
            ("listUsers", "both", () => client.GetAsync("/Users?attributes=userName&excludedAttributes=meta")),
            ("listUsers", "missing", () => client.WithToken(null).GetAsync("/Users")),
            ("listUsers", "invalid", () => client.WithToken("scim_no").GetAsync("/Users")),
            ("getUser", "notFound", () => client.GetAsync("/Users/" + UserId)),
            ("getGroup", "notFound", () => client.GetAsync("/Groups/" + GroupId)),
            ("createUser", "invalidValue", () => client.PostAsync("/Users", $$"""{"schemas":["{{ScimClient.User}}"]}""")),
            ("createUser", "invalidSyntax", () => client.PostAsync("/Users", $$"""{"schemas":["{{ScimClient.User}}"],"userName":""")),
            ("createUser", "uniqueness", () => client.PostAsync("/Users", """{"userName":"ada@example.com"}""")),
            ("createUser", "mediaType", () => client.PostAsync("/Users", "x", ("Content-Type", "text/plain"))),
            ("createUser", "body", () => client.PostAsync("/Users", new string(' ', (16 * 1024 * 1024) + 1))),
            ("createGroup", "noMember", () => client.PostAsync("/Groups", $$"""{"displayName":"x","members":[{"value":"{{UserId}}"}]}""")),
            ("createGroup", "uniqueness", () => client.PostAsync("/Groups", """{"displayName":"Analysts"}""")),
            ("replaceUser", "version", () => client.PutAsync(user, """{"userName":"ada@example.com"}""", ("If-Match", "W/\"9\""))),
            ("patchUser", "invalidPath", () => client.PatchAsync(user, """{"op":"replace","path":"shoeSize","value":1}""")),
            ("patchUser", "mutability", () => client.PatchAsync(user, """{"op":"replace","path":"id","value":"1"}""")),
            ("patchUser", "noTarget", () => client.PatchAsync(user, """{"op":"remove"}""")),
            ("listSchemas", "filter", () => client.GetAsync("/Schemas?filter=x")),
            ("getSchema", "notFound", () => client.GetAsync("/Schemas/urn:example:Device")),
        ];
        foreach (var (operation, example, send) in cases)
        {
            var response = await send();
            var shown = SwaggerDocument.Examples(Documented(document, operation)[$"{response.Status}"].Content)[example];
            Assert.Equal(shown.ToJsonString(), response.Object.ToJsonString().Replace(response.Header("X-Correlation-Id")!, "7K2M9QX4ABCDEFGH", StringComparison.Ordinal));
        }
    }

    private static OpenApiResponses Documented(OpenApiDocument document, string operation) => SwaggerDocument.Operation(document, operation).Responses!;

    private static Dictionary<string, JsonNode> Requests(OpenApiDocument document, string operation) =>
        SwaggerDocument.Examples(SwaggerDocument.Operation(document, operation).RequestBody!.Content);

    /// <summary>Without what differs with every run.</summary>
    private static string Comparable(JsonNode resource)
    {
        var copy = resource.DeepClone();
        foreach (var name in ServerSet)
        {
            copy["meta"]![name] = "";
        }

        return copy.ToJsonString();
    }

    /// <summary>A tenant with the user and the group of the examples.</summary>
    private sealed record World(ScimClient Client, string UserId, string GroupId)
    {
        public static async Task<World> CreateAsync(Database database, OpenApiDocument document)
        {
            var client = await TestServers.NewTenantAsync(database);
            var world = new World(client, "", "");
            var user = await world.SendAsync("createUser", Requests(document, "createUser")["enterprise"]);
            world = world with { UserId = (string)user.Expect(201).Object["id"]! };
            var group = await world.SendAsync("createGroup", world.Localize(Requests(document, "createGroup")["members"]));
            return world with { GroupId = (string)group.Expect(201).Object["id"]! };
        }

        public string IdOf(string type) => type == "User" ? UserId : GroupId;

        /// <summary>The example with the ids of this tenant and the address of its server.</summary>
        public JsonNode Localize(JsonNode example) => JsonNode.Parse(example.ToJsonString()
            .Replace(SwaggerExampleTests.UserId, UserId, StringComparison.Ordinal)
            .Replace(SwaggerExampleTests.GroupId, GroupId, StringComparison.Ordinal)
            .Replace("https://scim.example.com/scim/v2", Client.BaseUrl, StringComparison.Ordinal))!;

        public async Task<ScimResponse> SendAsync(string operation, JsonNode body)
        {
            var type = operation.Contains("User", StringComparison.Ordinal) ? "User" : "Group";
            var resource = $"/{type}s/{IdOf(type)}";
            var text = body.ToJsonString();
            if (operation.StartsWith("create", StringComparison.Ordinal))
            {
                await FreeAsync(type);
                return await Client.PostAsync($"/{type}s", text);
            }

            return operation.StartsWith("search", StringComparison.Ordinal)
                ? await Client.PostAsync($"/{type}s/.search", text)
                : await Client.SendAsync(operation.StartsWith("replace", StringComparison.Ordinal) ? HttpMethod.Put : HttpMethod.Patch, resource, text);
        }

        /// <summary>The examples of creation would meet the resources that they made before.</summary>
        private async Task FreeAsync(string type)
        {
            if (IdOf(type).Length > 0)
            {
                (await Client.PatchAsync($"/{type}s/{IdOf(type)}", $$"""{"op":"replace","path":"{{(type == "User" ? "userName" : "displayName")}}","value":"renamed"}""")).Expect(200, 204);
            }
        }
    }
}
