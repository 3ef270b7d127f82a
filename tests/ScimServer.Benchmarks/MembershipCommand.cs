using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace ScimServer.Benchmarks;

/// <summary><c>membership</c>: changes of members and of users, and the reading of a large group, against the floor.</summary>
internal static class MembershipCommand
{
    private const int MostClients = 16;
    private const int LargeGroup = 100_000;

    public static Command Create()
    {
        var command = new Command("membership", "Measures PATCH of members and users and GET of a large group over HTTP, against bare Kestrel with raw Npgsql.")
        {
            BenchmarkOptions.Postgres, BenchmarkOptions.Json, BenchmarkOptions.Users, BenchmarkOptions.Groups, BenchmarkOptions.Rounds, BenchmarkOptions.Seconds, BenchmarkOptions.WarmUp,
        };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetValue(BenchmarkOptions.Postgres),
            new DataSize(parsed.GetValue(BenchmarkOptions.Users), parsed.GetValue(BenchmarkOptions.Groups)),
            RunPlan.Of(parsed),
            parsed.GetValue(BenchmarkOptions.Json)));
        return command;
    }

    private static async Task<int> RunAsync(string? given, DataSize size, RunPlan plan, string? json)
    {
        await using var postgres = await PostgreSql.OpenAsync(given);
        var database = await BenchmarkDatabase.OpenAsync(postgres, size);
        await using var server = await ServerProcess.StartScimServerAsync(new ServerSetup(database));
        await using var floor = await ServerProcess.StartFloorAsync(database);
        var users = await CreateUsersAsync(server);
        var scenarios = Scenarios(size, users, server, floor).ToList();
        await Scenario.RunAsync(scenarios, plan, server, floor, await DatabaseCpu.OpenAsync(database));
        await PrintAsync(scenarios);
        var reading = await ReadGroupAsync(size, server, floor);
        foreach (var user in users)
        {
            await Requests.SendAsync(server, HttpMethod.Delete, $"Users/{user}");
        }

        await Report.JsonAsync(json, new { scenarios = scenarios.Select(scenario => scenario.Figures), reading });
        return 0;
    }

    /// <summary>Users who are in no group, one for each client to add and remove.</summary>
    private static async Task<List<string>> CreateUsersAsync(ServerProcess server)
    {
        var users = new List<string>();
        for (var i = 0; i < MostClients; i++)
        {
            using var content = Requests.Body(new JsonObject { ["userName"] = $"member-{i}-{Guid.NewGuid():N}" });
            using var response = await server.Client.PostAsync(new Uri("Users", UriKind.Relative), content);
            users.Add((string)(await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>())!["id"]!);
        }

        return users;
    }

    private static IEnumerable<Scenario> Scenarios(DataSize size, List<string> users, ServerProcess server, ServerProcess floor)
    {
        foreach (var clients in (int[])[1, MostClients])
        {
            foreach (var members in size.LargeGroups.Where(members => members != LargeGroup))
            {
                var group = People.GroupId(size.GroupOf(members));
                yield return new Scenario(
                    $"add and remove a member of {Report.Number(members)}",
                    clients,
                    client => PatchMemberAsync(server, group, users[client]),
                    client => PatchMemberOfFloorAsync(floor, group, users[client]));
            }

            yield return new Scenario("PATCH `active`, twice", clients, _ => PatchActiveAsync(server, size), _ => PatchActiveOfFloorAsync(floor, size));
        }
    }

    private static async Task PatchMemberAsync(ServerProcess server, Guid group, string user)
    {
        await Requests.PatchAsync(server, $"Groups/{group}", new JsonObject { ["op"] = "add", ["path"] = "members", ["value"] = new JsonArray(new JsonObject { ["value"] = user }) });
        await Requests.PatchAsync(server, $"Groups/{group}", new JsonObject { ["op"] = "remove", ["path"] = $"members[value eq \"{user}\"]" });
    }

    private static async Task PatchMemberOfFloorAsync(ServerProcess floor, Guid group, string user)
    {
        await Requests.SendAsync(floor, HttpMethod.Post, $"groups/{group}/members/{user}");
        await Requests.SendAsync(floor, HttpMethod.Delete, $"groups/{group}/members/{user}");
    }

    private static async Task PatchActiveAsync(ServerProcess server, DataSize size)
    {
        var i = Random.Shared.Next(size.Users);
        foreach (var active in (bool[])[!People.IsActive(i), People.IsActive(i)])
        {
            await Requests.PatchAsync(server, $"Users/{People.UserId(i)}", new JsonObject { ["op"] = "replace", ["path"] = "active", ["value"] = active });
        }
    }

    private static async Task PatchActiveOfFloorAsync(ServerProcess floor, DataSize size)
    {
        var i = Random.Shared.Next(size.Users);
        foreach (var active in (bool[])[!People.IsActive(i), People.IsActive(i)])
        {
            await Requests.SendAsync(floor, HttpMethod.Post, $"users/{People.UserId(i)}/active/{active}");
        }
    }

    private static async Task PrintAsync(IReadOnlyList<Scenario> scenarios)
    {
        await Report.TableAsync(
            ["scenario", "clients", "server: requests/s (p50, p95 of a pair in ms)", "floor", "ratio to the floor"],
            scenarios.Select(scenario => (string[])
            [
                scenario.Name, Report.Number(scenario.Clients), Text(scenario.Server), Text(scenario.Floor), Report.Ratio(scenario.Ratio),
            ]));
        var byMembers = scenarios.Where(scenario => scenario.Name.Contains("member", StringComparison.Ordinal)).GroupBy(scenario => scenario.Clients);
        await Report.TableAsync(
            ["clients", "largest group to smallest, server", "floor"],
            byMembers.Select(group => (string[])
            [
                Report.Number(group.Key), Report.Ratio(Scenario.Middle(group.Last().Server).PerSecond / Scenario.Middle(group.First().Server).PerSecond),
                Report.Ratio(Scenario.Middle(group.Last().Floor).PerSecond / Scenario.Middle(group.First().Floor).PerSecond),
            ]));
    }

    private static string Text(List<Throughput> rounds)
    {
        // Each pair is two requests.
        var middle = Scenario.Middle(rounds);
        return $"{Report.Number(2 * middle.PerSecond)} ({Report.Milliseconds(middle.Latencies.P50)}, {Report.Milliseconds(middle.Latencies.P95)})";
    }

    /// <summary>Reads a large group in turn from both, then the largest once, with the server's memory before and after.</summary>
    private static async Task<object?> ReadGroupAsync(DataSize size, ServerProcess server, ServerProcess floor)
    {
        if (size.GroupOf(LargeGroup) < 0)
        {
            return null;
        }

        var group = People.GroupId(size.GroupOf(LargeGroup));
        var (ofServer, ofFloor) = await LoadRunner.AlternateAsync(
            () => Requests.ReadAsync(server, $"Groups/{group}"), () => Requests.ReadAsync(floor, $"groups/{group}"), 15, TimeSpan.FromSeconds(60));
        await Report.TableAsync(
            ["GET of a group with 100,000 members", "p50 (ms)", "bytes"],
            [
                ["server", Report.Milliseconds(ofServer.P50), Report.Number(await Requests.ReadAsync(server, $"Groups/{group}"))],
                ["floor", Report.Milliseconds(ofFloor.P50), Report.Number(await Requests.ReadAsync(floor, $"groups/{group}"))],
                ["ratio to the floor", Report.Ratio(ofFloor.P50 / ofServer.P50), ""],
            ]);
        var before = server.Memory;
        var largest = await Requests.ReadAsync(server, $"Groups/{People.GroupId(size.LargeGroups.Count - 1)}");
        await Report.TableAsync(
            ["GET of the largest group", "bytes", "working set before, MiB", "highest ever, MiB"],
            [[Report.Number(size.LargeGroups[^1]), Report.Number(largest), Report.Number(before), Report.Number(server.PeakMemory)]]);
        return new { ofServer, ofFloor };
    }
}
