using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace ScimServer.Benchmarks;

/// <summary><c>queries</c>: every kind of query in a small and in a large tenant.</summary>
internal static class QueriesCommand
{
    private const int Requests = 200;

    private static readonly DataSize Small = new(1_000, 20);
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(12);

    public static Command Create()
    {
        var command = new Command("queries", "Times every kind of query over HTTP in a tenant of 1,000 users and in a large one.")
        {
            BenchmarkOptions.Postgres, BenchmarkOptions.Json, BenchmarkOptions.Users, BenchmarkOptions.Groups,
        };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetValue(BenchmarkOptions.Postgres),
            new DataSize(parsed.GetValue(BenchmarkOptions.Users), parsed.GetValue(BenchmarkOptions.Groups)),
            parsed.GetValue(BenchmarkOptions.Json)));
        return command;
    }

    private static async Task<int> RunAsync(string? given, DataSize large, string? json)
    {
        await using var postgres = await PostgreSql.OpenAsync(given);
        await using var ofSmall = await ServerProcess.StartScimServerAsync(new ServerSetup(await BenchmarkDatabase.OpenAsync(postgres, Small)));
        await using var ofLarge = await ServerProcess.StartScimServerAsync(new ServerSetup(await BenchmarkDatabase.OpenAsync(postgres, large)));
        await GetAsync(ofSmall, "Users?count=1");
        await GetAsync(ofLarge, "Users?count=1");
        var memory = (Small: ofSmall.Memory, Large: ofLarge.Memory);

        var figures = new List<Figure>();
        foreach (var shape in QueryShapes.All)
        {
            await Report.NoteAsync(shape.Name);
            figures.Add(await MeasureAsync(shape, ofSmall, ofLarge, large));
        }

        var walks = new List<Figure>();
        foreach (var (name, path) in QueryShapes.Walks)
        {
            await Report.NoteAsync($"walk, {name}");
            walks.AddRange(await WalkAsync(name, path, ofSmall, ofLarge));
        }

        await PrintAsync([.. figures, .. walks], large);
        await Report.TableAsync(
            ["server's working set", "1,000 users", $"{Report.Number(large.Users)} users"],
            [["before, MiB", Report.Number(memory.Small), Report.Number(memory.Large)], ["after, MiB", Report.Number(ofSmall.Memory), Report.Number(ofLarge.Memory)]]);
        await Report.JsonAsync(json, figures.Concat(walks));
        return 0;
    }

    private static async Task<Figure> MeasureAsync(QueryShape shape, ServerProcess ofSmall, ServerProcess ofLarge, DataSize large)
    {
        var random = new Random(1);
        var (small, big) = await LoadRunner.AlternateAsync(
            () => GetAsync(ofSmall, shape.Path(random.Next(Small.Users), Small)),
            () => GetAsync(ofLarge, shape.Path(random.Next(large.Users), large)),
            Requests,
            Budget);
        var answer = await GetAsync(ofLarge, shape.Path(large.Users / 2, large));
        return new Figure(shape.Name, Matches(answer), small, big, shape.Wanted);
    }

    /// <summary>
    /// Walks through the large tenant once, and through the small one again and again meanwhile; the figures are the pages of the
    /// first, the middle and the last tenth.
    /// </summary>
    private static async Task<IEnumerable<Figure>> WalkAsync(string name, string path, ServerProcess ofSmall, ServerProcess ofLarge)
    {
        var (small, large) = (new List<double>(), new List<double>());
        var (smallCursor, largeCursor, found) = ("", (string?)"", 0);
        while (largeCursor is not null)
        {
            var page = await TurnAsync(ofLarge, $"{path}&cursor={largeCursor}", large);
            found += page["Resources"]?.AsArray().Count ?? 0;
            largeCursor = (string?)page["nextCursor"];
            if (large.Count % 5 == 1 || large.Count < 50)
            {
                page = await TurnAsync(ofSmall, $"{path}&cursor={smallCursor}", small);
                smallCursor = (string?)page["nextCursor"] ?? "";
            }
        }

        var tenth = Math.Max(1, large.Count / 10);
        var all = new Latencies(small);
        return new[] { ("first", 0), ("middle", (large.Count - tenth) / 2), ("last", large.Count - tenth) }.Select(part => new Figure(
            $"walk by cursor, {name}: {part.Item1} tenth of {Report.Number(large.Count)} pages of 200", Report.Number(found), all, new Latencies(large.Skip(part.Item2).Take(tenth)), 2));
    }

    private static async Task<JsonNode> TurnAsync(ServerProcess server, string path, List<double> times)
    {
        byte[] answer = [];
        times.Add(await LoadRunner.TimeAsync(async () => answer = await GetAsync(server, path)));
        return Parse(answer);
    }

    private static Task PrintAsync(IReadOnlyList<Figure> figures, DataSize large) => Report.TableAsync(
        ["query", "matches", "1,000 users: p50, p95 (ms)", $"{Report.Number(large.Users)} users: p50, p95 (ms)", "ratio of p50", "wanted"],
        figures.Select(figure => (string[])[figure.Name, figure.Matches, Times(figure.Small), Times(figure.Large), Report.Ratio(figure.Ratio), Verdict(figure)]));

    private static string Times(Latencies times) => $"{Report.Milliseconds(times.P50)}, {Report.Milliseconds(times.P95)}";

    private static string Verdict(Figure figure) => figure.Wanted is not { } wanted
        ? ""
        : $"≤ {wanted.ToString(CultureInfo.InvariantCulture)}{(figure.Ratio <= wanted ? "" : " **missed**")}";

    private static string Matches(byte[] answer) => (string?)Parse(answer)["totalResults"]?.ToString() ?? "";

    private static JsonNode Parse(byte[] answer) => JsonNode.Parse(answer)!;

    private static Task<byte[]> GetAsync(ServerProcess server, string path) => server.Client.GetByteArrayAsync(new Uri(path, UriKind.Relative));

    private sealed record Figure(string Name, string Matches, Latencies Small, Latencies Large, double? Wanted)
    {
        public double Ratio => Large.P50 / Small.P50;
    }
}
