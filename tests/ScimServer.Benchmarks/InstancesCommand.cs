using System.CommandLine;

namespace ScimServer.Benchmarks;

/// <summary>
/// <c>instances</c>: two servers behind one PostgreSQL against one. Where there are fewer cores than that needs, each server gets a share of
/// one, so that the servers and not the machine are what is used up.
/// </summary>
internal static class InstancesCommand
{
    private const int Clients = 16;

    private static readonly Option<double> Share = new("--share") { Description = "Of a core that each server may use; needs Linux, cgroups and root. 0: all it can get.", DefaultValueFactory = _ => 0.3 };

    public static Command Create()
    {
        var command = new Command("instances", "Measures two servers behind one PostgreSQL against one.")
        {
            BenchmarkOptions.Postgres, BenchmarkOptions.Json, BenchmarkOptions.Rounds, BenchmarkOptions.Seconds, BenchmarkOptions.WarmUp, Share,
        };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(BenchmarkOptions.Postgres), RunPlan.Of(parsed), parsed.GetValue(Share), parsed.GetValue(BenchmarkOptions.Json)));
        return command;
    }

    private static async Task<int> RunAsync(string? given, RunPlan plan, double share, string? json)
    {
        await using var postgres = await PostgreSql.OpenAsync(given);
        var size = new DataSize(100_000, 20_000);
        var database = await BenchmarkDatabase.OpenAsync(postgres, size);
        ServerSetup setup = new(database) { Cores = share };
        await using var first = await ServerProcess.StartScimServerAsync(setup);
        await using var second = await ServerProcess.StartScimServerAsync(setup);
        var (ofFirst, ofSecond) = (await WorkAsync(size, first), await WorkAsync(size, second));
        var scenarios = ofFirst.Zip(ofSecond, (one, other) => one with { OfServer = client => (client % 2 == 0 ? one : other).OfServer(client), OfFloor = one.OfServer }).ToList();
        await Scenario.RunAsync(scenarios, plan, first, first, await DatabaseCpu.OpenAsync(database));
        await Report.TableAsync(
            ["two servers against one", "clients", "two/s", "one/s", "ratio", "wanted"],
            scenarios.Select(scenario => (string[])
            [
                scenario.Name, Report.Number(scenario.Clients), Report.Number(Scenario.Middle(scenario.Server).PerSecond), Report.Number(Scenario.Middle(scenario.Floor).PerSecond), Report.Ratio(scenario.Ratio), "1.50",
            ]));
        await BenchmarkDatabase.RemoveCreatedAsync(database);
        await Report.JsonAsync(json, scenarios.Select(scenario => scenario.Figures));
        return 0;
    }

    private static async Task<List<Scenario>> WorkAsync(DataSize size, ServerProcess server)
    {
        string[] measured = ["GET /Users/{id}", "POST /Users", "PATCH active"];
        var work = await LoadScenarios.CreateAsync(size, server, server, Clients);
        return [.. work.For(Clients).Where(scenario => measured.Contains(scenario.Name))];
    }
}
