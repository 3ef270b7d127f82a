using System.CommandLine;
using System.Diagnostics;
using Npgsql;

namespace ScimServer.Benchmarks;

/// <summary>
/// <c>events</c>: how soon webhooks arrive, what they cost those who write, and how fast the feed is read. Server, database, writers and
/// receivers share the machine.
/// </summary>
internal static class EventsCommand
{
    private const int IdleWrites = 300;

    private static readonly Option<string[]> Parts = new("--parts") { Description = "latency, throughput, feed; default all.", DefaultValueFactory = _ => ["latency", "throughput", "feed"], AllowMultipleArgumentsPerToken = true };

    private static readonly Option<int> Events = new("--events") { Description = "Events that are read through the feed.", DefaultValueFactory = _ => 1_000_000 };

    public static Command Create()
    {
        var command = new Command("events", "Measures webhooks and the feed.") { BenchmarkOptions.Postgres, BenchmarkOptions.Json, BenchmarkOptions.Rounds, BenchmarkOptions.Seconds, Events, Parts };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetValue(BenchmarkOptions.Postgres),
            parsed.GetValue(BenchmarkOptions.Rounds),
            parsed.GetValue(BenchmarkOptions.Seconds),
            parsed.GetValue(Events),
            parsed.GetValue(Parts)!,
            parsed.GetValue(BenchmarkOptions.Json)));
        return command;
    }

    private static async Task<int> RunAsync(string? given, int rounds, int seconds, int events, string[] parts, string? json)
    {
        await using var postgres = await PostgreSql.OpenAsync(given);
        var settings = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Database = "scim_benchmark_events" };
        await DropAsync(postgres, settings.Database);
        ServerSetup setup = new(settings.ConnectionString, ("Outbound__AllowHttp", "true"), ("Outbound__AllowedNetworks__0", "127.0.0.1/32"));
        await using var server = await ServerProcess.StartScimServerAsync(setup);
        var figures = new Dictionary<string, double>();
        await EventWriters.WriteAsync(await EventWriters.TenantAsync(setup, server, "warm-up"), TimeSpan.FromSeconds(seconds));
        if (parts.Contains("latency"))
        {
            await LatencyAsync(setup, server, seconds, figures);
        }

        if (parts.Contains("throughput"))
        {
            await new EventsThroughput(setup, server, await DatabaseCpu.OpenAsync(setup.Database)).RunAsync(rounds, seconds, figures);
        }

        if (parts.Contains("feed"))
        {
            await new EventsFeed(setup, server, events).RunAsync(rounds, figures);
        }

        await Report.TableAsync(["events", "figure"], figures.Select(figure => (string[])[figure.Key, Report.Milliseconds(figure.Value)]));
        await Report.JsonAsync(json, figures);
        return 0;
    }

    private static async Task DropAsync(PostgreSql postgres, string name)
    {
        await using var database = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var command = database.CreateCommand($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>From the answer to a write to the arrival of its event, alone and beside others.</summary>
    private static async Task LatencyAsync(ServerSetup setup, ServerProcess server, int seconds, Dictionary<string, double> figures)
    {
        await using var receiver = await Receiver.StartAsync();
        var tenant = await EventWriters.TenantAsync(setup, server, "latency");
        await EventWriters.AddAsync(setup, "latency", receiver.Address);
        var idle = new List<double>();
        for (var i = 0; i < IdleWrites; i++)
        {
            var resource = await EventWriters.CreateAsync(tenant);
            var answered = Stopwatch.GetTimestamp();
            idle.Add(EventWriters.Since(answered, await receiver.ArrivalAsync(resource)));
            await Task.Delay(10);
        }

        var written = await EventWriters.WriteAsync(tenant, TimeSpan.FromSeconds(seconds));
        var loaded = new List<double>();
        foreach (var (resource, answered) in written.Created)
        {
            loaded.Add(EventWriters.Since(answered, await receiver.ArrivalAsync(resource)));
        }

        Add(figures, "idle, answer to arrival, ms", idle);
        Add(figures, $"{EventWriters.Clients} clients, answer to arrival, ms", loaded);
    }

    private static void Add(Dictionary<string, double> figures, string name, List<double> milliseconds)
    {
        milliseconds.Sort();
        figures[$"{name}, p50"] = EventWriters.At(milliseconds, 0.5);
        figures[$"{name}, p99"] = EventWriters.At(milliseconds, 0.99);
    }
}
