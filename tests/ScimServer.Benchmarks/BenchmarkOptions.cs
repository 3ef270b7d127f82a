using System.CommandLine;

namespace ScimServer.Benchmarks;

/// <summary>The options that the commands share.</summary>
internal static class BenchmarkOptions
{
    public static Option<string?> Postgres { get; } = new("--postgres")
    {
        Description = "A connection string to a PostgreSQL whose user may create databases. Without it a private one is started, which needs an installed PostgreSQL.",
    };

    public static Option<string?> Json { get; } = new("--json") { Description = "A file that takes the figures as JSON." };

    public static Option<int> Rounds { get; } = new("--rounds") { Description = "Rounds of each scenario; the server and the floor take turns.", DefaultValueFactory = _ => 5 };

    public static Option<int> Seconds { get; } = new("--seconds") { Description = "Seconds of each round.", DefaultValueFactory = _ => 3 };

    public static Option<int> WarmUp { get; } = new("--warm-up") { Description = "Seconds for each scenario beforehand, so that nothing is compiled or prepared while it is timed.", DefaultValueFactory = _ => 10 };

    public static Option<int> Users { get; } = new("--users") { Description = "Users of the large tenant.", DefaultValueFactory = _ => 1_000_000 };

    public static Option<int> Groups { get; } = new("--groups") { Description = "Groups of the large tenant.", DefaultValueFactory = _ => 20_000 };
}
