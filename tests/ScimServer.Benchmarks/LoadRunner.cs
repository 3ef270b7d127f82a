using System.Diagnostics;

namespace ScimServer.Benchmarks;

/// <summary>Times requests.</summary>
internal static class LoadRunner
{
    /// <summary>Asks both in turn, so that what else the machine does hits both alike, until there are enough requests or the time is over.</summary>
    public static async Task<(Latencies First, Latencies Second)> AlternateAsync(Func<Task> first, Func<Task> second, int requests, TimeSpan budget)
    {
        await WarmUpAsync(first, second, budget / 4);
        var (ofFirst, ofSecond) = (new List<double>(), new List<double>());
        for (var watch = Stopwatch.StartNew(); ofFirst.Count < requests && (watch.Elapsed < budget || ofFirst.Count < 3);)
        {
            ofFirst.Add(await TimeAsync(first));
            ofSecond.Add(await TimeAsync(second));
        }

        return (new Latencies(ofFirst), new Latencies(ofSecond));
    }

    /// <summary>Lets so many clients repeat a request for a time; the request gets the number of its client.</summary>
    public static async Task<Throughput> RepeatAsync(int clients, TimeSpan duration, Func<int, Task> request, ServerProcess server, DatabaseCpu database)
    {
        var (cpu, ofDatabase) = (server.Cpu, database.Total);
        var watch = Stopwatch.StartNew();
        var times = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var ofClient = new List<double>();
            while (watch.Elapsed < duration)
            {
                ofClient.Add(await TimeAsync(() => request(client)));
            }

            return ofClient;
        })));
        var all = times.SelectMany(time => time).ToList();
        return new Throughput(all.Count / watch.Elapsed.TotalSeconds, new Latencies(all), (server.Cpu - cpu).TotalMilliseconds / all.Count, (database.Total - ofDatabase).TotalMilliseconds / all.Count);
    }

    public static async Task<double> TimeAsync(Func<Task> request)
    {
        var start = Stopwatch.GetTimestamp();
        await request();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task WarmUpAsync(Func<Task> first, Func<Task> second, TimeSpan budget)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 20 && watch.Elapsed < budget; i++)
        {
            await first();
            await second();
        }
    }
}

/// <summary>Times of requests in milliseconds.</summary>
internal sealed class Latencies(IEnumerable<double> times)
{
    private readonly double[] sorted = [.. times.Order()];

    public int Count => sorted.Length;

    public double P50 => At(0.50);

    public double P95 => At(0.95);

    public double P99 => At(0.99);

    private double At(double part) => sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * part))];
}

/// <summary>What clients together got through in a round.</summary>
/// <param name="PerSecond">Pieces of work in a second.</param>
/// <param name="Latencies">How long one took.</param>
/// <param name="Cpu">Milliseconds of processor time that one took of the server's process.</param>
/// <param name="DatabaseCpu">Milliseconds of processor time that one took of the database.</param>
internal sealed record Throughput(double PerSecond, Latencies Latencies, double Cpu, double DatabaseCpu);
