using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace ScimServer.Benchmarks;

/// <summary>What <c>load</c> measures: the same question to the server and to the floor.</summary>
internal sealed class LoadScenarios
{
    private const int Page = 100;
    private const int UsersOfBulk = 1000;
    private const int MembersOfGroup = 100_000;

    private readonly DataSize size;
    private readonly ServerProcess server;
    private readonly ServerProcess floor;
    private readonly string?[] cursors;
    private readonly List<string> members = [];

    // The ids of the seeded users at a server that gave them itself; null where the rows were written with the ids of People.
    private string[]? ids;

    // Far behind the seeded users, and elsewhere in each run.
    private int created = Random.Shared.Next(10_000_000, 900_000_000);

    private LoadScenarios(DataSize size, ServerProcess server, ServerProcess floor, int clients)
    {
        this.size = size;
        this.server = server;
        this.floor = floor;
        cursors = new string?[clients];
    }

    /// <summary>Creates a user for each client to put into a group and out of it.</summary>
    public static async Task<LoadScenarios> CreateAsync(DataSize size, ServerProcess server, ServerProcess floor, int clients)
    {
        var scenarios = new LoadScenarios(size, server, floor, clients);
        for (var client = 0; client < clients; client++)
        {
            scenarios.members.Add(await scenarios.CreateUserAsync());
        }

        return scenarios;
    }

    /// <summary>Creates the users at the server, by POST and sixteen at a time: a server of somebody else has no rows that we could write.</summary>
    public static async Task<LoadScenarios> SeedAsync(DataSize size, ServerProcess server, ServerProcess floor, int clients)
    {
        var scenarios = new LoadScenarios(size, server, floor, clients);
        var ids = new string[size.Users];
        await Parallel.ForAsync(0, size.Users, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            ids[i] = await scenarios.CreateUserAsync(People.User(i));
        });
        scenarios.ids = ids;
        return scenarios;
    }

    public IEnumerable<Scenario> For(int clients)
    {
        yield return new("GET /Users/{id}", clients, _ => ReadAsync(server, $"Users/{IdOf(Any())}"), _ => ReadAsync(floor, $"users/{AnyId()}")) { Wanted = 0.65 };
        yield return new("GET ?filter=userName eq", clients, _ => FilterAsync($"userName eq \"{People.UserName(Any())}\""), _ => ReadAsync(floor, $"users/by-name/{Folded(People.UserName(Any()))}")) { Wanted = 0.60 };
        yield return new(
            "GET ?filter=emails[type eq \"work\" and value eq …]",
            clients,
            _ => FilterAsync($"emails[type eq \"work\" and value eq \"{People.Email(Any())}\"]"),
            _ => ReadAsync(floor, $"users/by-email/{Folded(People.Email(Any()))}"))
        { Wanted = 0.50 };
        yield return new("page of 100 by startIndex", clients, _ => ReadAsync(server, $"Users?startIndex={AnyStart()}&count={Page}"), _ => ReadAsync(floor, $"users/from/{AnyStart()}/{Page}")) { Wanted = 0.60 };
        yield return new("page of 100 by cursor", clients, WalkAsync, _ => ReadAsync(floor, $"users/behind/{AnyId()}/{Page}")) { Wanted = 0.60 };
        yield return new("POST /Users", clients, _ => CreateUserAsync(), _ => CreateOnFloorAsync()) { Wanted = 0.50 };
        yield return new("PATCH active", clients, _ => PatchActiveAsync(), _ => PatchActiveOnFloorAsync()) { Wanted = 0.50 };
        yield return new("PUT /Users/{id}", clients, _ => ReplaceAsync(server, "Users"), _ => ReplaceAsync(floor, "users")) { Wanted = 0.50 };
        if (ids is null && size.GroupOf(MembersOfGroup) is var group and >= 0)
        {
            var id = People.GroupId(group);
            yield return new($"add and remove a member, group of {Report.Number(MembersOfGroup)}", clients, client => MemberAsync(id, members[client]), client => MemberOnFloorAsync(id, members[client])) { Wanted = 0.50, Times = 2 };
        }

        yield return new($"POST /Bulk, {UsersOfBulk} creates", clients, _ => BulkAsync(server, "Bulk"), _ => BulkAsync(floor, "bulk")) { Wanted = 0.40, Times = UsersOfBulk };
    }

    private int Any() => Random.Shared.Next(size.Users);

    private string IdOf(int i) => ids is null ? People.UserId(i).ToString() : ids[i];

    private Guid AnyId() => People.UserId(Any());

    private string AnyStart() => Random.Shared.Next(1, Math.Max(2, Math.Min(10_000, size.Users - Page))).ToString(CultureInfo.InvariantCulture);

    /// <summary>ASCII, so lower case is what the server folds to.</summary>
    private static string Folded(string value) => Uri.EscapeDataString(value.ToLowerInvariant());

    private static Task<double> ReadAsync(ServerProcess server, string path) => Requests.ReadAsync(server, path);

    private Task<double> FilterAsync(string filter) => ReadAsync(server, $"Users?filter={Uri.EscapeDataString(filter)}");

    private async Task WalkAsync(int client)
    {
        var page = await server.Client.GetFromJsonAsync<JsonNode>(new Uri($"Users?count={Page}&cursor={cursors[client]}", UriKind.Relative));
        cursors[client] = Uri.EscapeDataString((string?)page!["nextCursor"] ?? "");
    }

    private JsonObject NewUser() => People.User(Interlocked.Increment(ref created));

    private Task<string> CreateUserAsync() => CreateUserAsync(NewUser());

    private async Task<string> CreateUserAsync(JsonObject user)
    {
        using var content = Requests.Body(user);
        using var response = await server.Client.PostAsync(new Uri("Users", UriKind.Relative), content);
        return response.EnsureSuccessStatusCode().Headers.Location!.Segments[^1];
    }

    private async Task CreateOnFloorAsync()
    {
        var user = NewUser();
        using var content = Requests.Body(user);
        await Requests.SendAsync(floor, HttpMethod.Post, $"users/{Folded((string)user["userName"]!)}", content);
    }

    private Task PatchActiveAsync() => Requests.PatchAsync(
        server, $"Users/{IdOf(Any())}", new JsonObject { ["op"] = "replace", ["path"] = "active", ["value"] = Random.Shared.Next(2) == 0 });

    private Task PatchActiveOnFloorAsync() => Requests.SendAsync(floor, HttpMethod.Post, $"users/{AnyId()}/active/{Random.Shared.Next(2) == 0}");

    private async Task ReplaceAsync(ServerProcess process, string path)
    {
        var i = Any();
        var user = People.User(i);
        user["title"] = $"Title {Random.Shared.Next()}";
        using var content = Requests.Body(user);
        await Requests.SendAsync(process, HttpMethod.Put, $"{path}/{(process == server ? IdOf(i) : People.UserId(i).ToString())}", content);
    }

    private async Task MemberAsync(Guid group, string user)
    {
        await Requests.PatchAsync(server, $"Groups/{group}", new JsonObject { ["op"] = "add", ["path"] = "members", ["value"] = new JsonArray(new JsonObject { ["value"] = user }) });
        await Requests.PatchAsync(server, $"Groups/{group}", new JsonObject { ["op"] = "remove", ["path"] = $"members[value eq \"{user}\"]" });
    }

    private async Task MemberOnFloorAsync(Guid group, string user)
    {
        await Requests.SendAsync(floor, HttpMethod.Post, $"groups/{group}/members/{user}");
        await Requests.SendAsync(floor, HttpMethod.Delete, $"groups/{group}/members/{user}");
    }

    private async Task BulkAsync(ServerProcess process, string path)
    {
        var operations = Enumerable.Range(0, UsersOfBulk).Select(i => new JsonObject
        {
            ["method"] = "POST",
            ["path"] = "/Users",
            ["bulkId"] = i.ToString(CultureInfo.InvariantCulture),
            ["data"] = NewUser(),
        });
        using var content = Requests.Body(new JsonObject
        {
            ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:BulkRequest"),
            ["Operations"] = new JsonArray([.. operations]),
        });
        await Requests.SendAsync(process, HttpMethod.Post, path, content);
    }
}
