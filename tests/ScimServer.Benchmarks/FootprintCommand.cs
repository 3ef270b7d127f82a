using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace ScimServer.Benchmarks;

/// <summary><c>footprint</c>: how long a start takes, what a request allocates, and the memory after many requests.</summary>
internal static class FootprintCommand
{
    private const int Starts = 5;
    private const int Counted = 3_000;

    private static readonly Option<int> Mixed = new("--requests") { Description = "Mixed requests, at 16 clients, after which the memory is read.", DefaultValueFactory = _ => 1_000_000 };

    private static readonly Option<string?> Program = new("--program") { Description = "The ScimServer.dll whose start is timed, such as a published one. Default: the one of this build." };

    public static Command Create()
    {
        var command = new Command("footprint", "Measures the start, allocations for a request, and the memory after many requests.") { BenchmarkOptions.Postgres, BenchmarkOptions.Json, Mixed, Program };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(BenchmarkOptions.Postgres), parsed.GetValue(Mixed), parsed.GetValue(Program), parsed.GetValue(BenchmarkOptions.Json)));
        return command;
    }

    private static async Task<int> RunAsync(string? given, int requests, string? program, string? json)
    {
        await using var postgres = await PostgreSql.OpenAsync(given);
        var size = new DataSize(100_000, 20_000);
        var database = await BenchmarkDatabase.OpenAsync(postgres, size);
        var starts = await StartsAsync(new(database) { Program = program });
        var allocated = await AllocationsAsync(database, size);
        var memory = await MemoryAsync(database, size, requests);
        await BenchmarkDatabase.RemoveCreatedAsync(database);
        await Report.JsonAsync(json, new { starts, allocated, memory });
        return 0;
    }

    /// <summary>From the start of the process to the first answer out of the database.</summary>
    private static async Task<List<double>> StartsAsync(ServerSetup setup)
    {
        var times = new List<double>();
        for (var i = 0; i < Starts; i++)
        {
            var watch = Stopwatch.StartNew();
            await using var server = await ServerProcess.StartScimServerAsync(setup);
            await Requests.ReadAsync(server, "Users?count=1");
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        times.Sort();
        await Report.TableAsync(["start to first answer (ms)", "median", "longest"], [[$"{Starts} starts", Report.Number(times[Starts / 2]), Report.Number(times[^1])]]);
        return times;
    }

    private static async Task<Dictionary<string, double>> AllocationsAsync(string database, DataSize size)
    {
        await using var server = await ServerProcess.StartMeasuredAsync(new(database));
        var work = await LoadScenarios.CreateAsync(size, server, server, clients: 1);
        var result = new Dictionary<string, double>();
        foreach (var scenario in work.For(clients: 1).Where(scenario => scenario.Times == 1))
        {
            await RepeatAsync(scenario, Counted / 3);
            var before = await AllocatedAsync(server);
            await RepeatAsync(scenario, Counted);
            result[scenario.Name] = (await AllocatedAsync(server) - before) / Counted;
        }

        await Report.TableAsync(["one request", "allocates (KiB)"], result.Select(pair => (string[])[pair.Key, Report.Number(pair.Value / 1024)]));
        return result;
    }

    private static async Task RepeatAsync(Scenario scenario, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await scenario.OfServer(0);
        }
    }

    private static async Task<double> AllocatedAsync(ServerProcess server) =>
        double.Parse(await server.Client.GetStringAsync(new Uri(ServeCommand.Allocated, UriKind.Relative)), CultureInfo.InvariantCulture);

    /// <summary>Of ten requests six read a user, two look for one, one changes one, and one creates or replaces one.</summary>
    private static async Task<Dictionary<int, long>> MemoryAsync(string database, DataSize size, int requests)
    {
        const int Clients = 16;
        await using var server = await ServerProcess.StartScimServerAsync(new(database));
        var work = await LoadScenarios.CreateAsync(size, server, server, Clients);
        var scenarios = work.For(Clients).ToDictionary(scenario => scenario.Name.Split('[')[0], scenario => scenario.OfServer);
        string[] read = ["GET /Users/{id}"], find = ["GET ?filter=userName eq", "GET ?filter=emails"], change = ["PATCH active"], write = ["POST /Users", "PUT /Users/{id}"];
        string[][] mix = [read, read, read, find, read, change, read, find, read, write];
        var memory = new Dictionary<int, long>();
        var done = 0;
        foreach (var stop in (int[])[requests / 100, requests / 10, requests])
        {
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
            {
                for (var i = Interlocked.Increment(ref done); i <= stop; i = Interlocked.Increment(ref done))
                {
                    var kinds = mix[i % mix.Length];
                    await scenarios[kinds[i / mix.Length % kinds.Length]](client);
                }
            })));
            done = stop;
            memory[stop] = server.Memory;
        }

        await Report.TableAsync(["after mixed requests", "working set, MiB"], memory.Select(pair => (string[])[Report.Number(pair.Key), Report.Number(pair.Value)]));
        return memory;
    }
}
