using System.CommandLine;

namespace ScimServer.Benchmarks;

/// <summary><c>load</c>: every hot path at 1, 16 and 64 clients, against the floor.</summary>
internal static class LoadCommand
{
    private static readonly Option<int> Users = new("--users") { Description = "Users of the tenant.", DefaultValueFactory = _ => 100_000 };

    private static readonly Option<int[]> Clients = new("--clients") { Description = "How many clients ask at once.", DefaultValueFactory = _ => [1, 16, 64], AllowMultipleArgumentsPerToken = true };

    private static readonly Option<string?> Only = new("--only") { Description = "Only scenarios whose name contains this." };

    private static readonly Option<Uri?> Url = new("--url") { CustomParser = argument => new Uri(argument.Tokens[0].Value.TrimEnd('/') + "/"), Description = "The SCIM base URL of another server that is measured instead, with the same work. It is given users by POST and keeps what it is sent." };

    private static readonly Option<string> Token = new("--token") { Description = "The bearer token for --url.", DefaultValueFactory = _ => "" };

    public static Command Create()
    {
        var command = new Command("load", "Measures reads and writes over HTTP, against bare Kestrel with raw Npgsql.")
        {
            BenchmarkOptions.Postgres, BenchmarkOptions.Json, Users, BenchmarkOptions.Groups, BenchmarkOptions.Rounds, BenchmarkOptions.Seconds, BenchmarkOptions.WarmUp, Clients, Only, Url, Token,
        };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetValue(BenchmarkOptions.Postgres),
            new DataSize(parsed.GetValue(Users), parsed.GetValue(BenchmarkOptions.Groups)),
            RunPlan.Of(parsed),
            (parsed.GetValue(Clients)!, parsed.GetValue(Only)),
            parsed.GetValue(Url) is { } url ? ServerProcess.At(url, parsed.GetValue(Token)!) : null,
            parsed.GetValue(BenchmarkOptions.Json)));
        return command;
    }

    private static async Task<int> RunAsync(
        string? given, DataSize size, RunPlan plan, (int[] Clients, string? Name) only, ServerProcess? other, string? json)
    {
        await using var postgres = await PostgreSql.OpenAsync(given);
        var database = await BenchmarkDatabase.OpenAsync(postgres, size);
        await using var server = other ?? await ServerProcess.StartScimServerAsync(new ServerSetup(database));
        await using var floor = await ServerProcess.StartFloorAsync(database);
        var work = await (other is null ? LoadScenarios.CreateAsync(size, server, floor, only.Clients.Max()) : LoadScenarios.SeedAsync(size, server, floor, only.Clients.Max()));
        var scenarios = only.Clients.SelectMany(work.For).Where(scenario => only.Name is null || scenario.Name.Contains(only.Name, StringComparison.OrdinalIgnoreCase)).ToList();
        await Scenario.RunAsync(scenarios, plan, server, floor, await DatabaseCpu.OpenAsync(database));
        await Report.TableAsync(
            ["scenario", "clients", "server/s", "p50, p95, p99 (ms)", "p99 ÷ p50", "floor/s", "p50, p95, p99 (ms)", "ratio", "wanted", "CPU (ms): server, its database", "floor, its database"],
            scenarios.Select(Row));
        await Report.NoteAsync($"working set of the server: {server.Memory} MiB, highest {server.PeakMemory} MiB");
        await BenchmarkDatabase.RemoveCreatedAsync(database);
        await Report.JsonAsync(json, scenarios.Select(scenario => scenario.Figures));
        return 0;
    }

    private static string[] Row(Scenario scenario)
    {
        var (server, floor) = (Scenario.Middle(scenario.Server), Scenario.Middle(scenario.Floor));
        return
        [
            scenario.Name, Report.Number(scenario.Clients),
            Report.Number(server.PerSecond * scenario.Times), Times(server.Latencies), Report.Ratio(server.Latencies.P99 / server.Latencies.P50),
            Report.Number(floor.PerSecond * scenario.Times), Times(floor.Latencies),
            Report.Ratio(scenario.Ratio), scenario.Wanted is { } wanted ? Report.Ratio(wanted) : "",
            $"{Report.Milliseconds(server.Cpu)}, {Report.Milliseconds(server.DatabaseCpu)}", $"{Report.Milliseconds(floor.Cpu)}, {Report.Milliseconds(floor.DatabaseCpu)}",
        ];
    }

    private static string Times(Latencies times) => $"{Report.Milliseconds(times.P50)}, {Report.Milliseconds(times.P95)}, {Report.Milliseconds(times.P99)}";
}
