using System.CommandLine;

namespace ScimServer.Benchmarks;

/// <summary>The same work for the server and for the floor, in turn.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Clients">How many do it at once.</param>
/// <param name="OfServer">Does it with the server; gets the number of the client.</param>
/// <param name="OfFloor">Does it with the floor.</param>
internal sealed record Scenario(string Name, int Clients, Func<int, Task> OfServer, Func<int, Task> OfFloor)
{
    /// <summary>The ratio to the floor that is wanted, if one is.</summary>
    public double? Wanted { get; init; }

    /// <summary>How many things one piece of work does, such as users of one bulk.</summary>
    public int Times { get; init; } = 1;

    public List<Throughput> Server { get; } = [];

    public List<Throughput> Floor { get; } = [];

    /// <summary>The median of the ratios of the rounds.</summary>
    public double Ratio => Server.Zip(Floor, (server, floor) => server.PerSecond / floor.PerSecond).Order().ElementAt(Server.Count / 2);

    public object Figures => new { Name, Clients, Times, Server, Floor, Ratio, Wanted };

    /// <summary>Runs all scenarios round by round, each in turn on the server and on the floor.</summary>
    public static async Task RunAsync(IReadOnlyList<Scenario> scenarios, RunPlan plan, ServerProcess server, ServerProcess floor, DatabaseCpu database)
    {
        foreach (var scenario in scenarios)
        {
            await scenario.RoundAsync(plan.WarmUp, server, floor, database);
            scenario.Server.Clear();
            scenario.Floor.Clear();
        }

        for (var round = 1; round <= plan.Rounds; round++)
        {
            await Report.NoteAsync($"round {round}");
            foreach (var scenario in scenarios)
            {
                await scenario.RoundAsync(plan.Duration, server, floor, database);
            }
        }
    }

    /// <summary>The round in the middle.</summary>
    public static Throughput Middle(List<Throughput> rounds) => rounds.OrderBy(round => round.PerSecond).ElementAt(rounds.Count / 2);

    private async Task RoundAsync(TimeSpan duration, ServerProcess server, ServerProcess floor, DatabaseCpu database)
    {
        Server.Add(await LoadRunner.RepeatAsync(Clients, duration, OfServer, server, database));
        Floor.Add(await LoadRunner.RepeatAsync(Clients, duration, OfFloor, floor, database));
    }
}

/// <summary>How long to measure.</summary>
/// <param name="Rounds">Rounds of each scenario.</param>
/// <param name="Duration">The length of a round.</param>
/// <param name="WarmUp">Time for each scenario beforehand.</param>
internal sealed record RunPlan(int Rounds, TimeSpan Duration, TimeSpan WarmUp)
{
    public static RunPlan Of(ParseResult parsed) => new(
        parsed.GetValue(BenchmarkOptions.Rounds),
        TimeSpan.FromSeconds(parsed.GetValue(BenchmarkOptions.Seconds)),
        TimeSpan.FromSeconds(parsed.GetValue(BenchmarkOptions.WarmUp)));
}
