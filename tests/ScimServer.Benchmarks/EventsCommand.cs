using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Npgsql;

namespace ScimServer.Benchmarks;

/// <summary>
/// <c>events</c>: how soon webhooks arrive, what they cost those who write, and how fast the feed is read. Server, database, writers and
/// receivers share the machine.
/// </summary>
internal static class EventsCommand
{
    private const int IdleWrites = 300;
    private const int WarmEvents = 500_000;

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
            await FeedAsync(setup, server, events, figures);
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

    /// <summary>All events through the feed, against the same rows by Npgsql alone.</summary>
    private static async Task FeedAsync(ServerSetup setup, ServerProcess server, int events, Dictionary<string, double> figures)
    {
        await EventWriters.TenantAsync(setup, server, "feed");
        var token = await ServerProcess.RunCommandAsync(setup, "tokens", "create", "--tenant", "feed", "--name", "product", "--scopes", "events");
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(setup.Database) { CommandTimeout = 0 });
        await SeedAsync(database, events);
        using var client = new HttpClient { BaseAddress = new Uri(server.Client.BaseAddress!, "/") };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);

        // Half a million beforehand, so that nothing is compiled while it is timed.
        for (var warm = 0; warm < WarmEvents; warm += Math.Max(1, await ReadAsync(client, WarmEvents - warm)))
        {
        }

        var (memory, cpu, peak) = (server.Memory, server.Cpu, server.Memory);
        var feed = Stopwatch.StartNew();
        var read = await ReadAsync(client, int.MaxValue, () => peak = Math.Max(peak, server.Memory));
        feed.Stop();
        var floor = Stopwatch.StartNew();
        var rows = await FloorAsync(database);
        floor.Stop();
        figures["events read through the feed"] = read;
        figures["events/s through the feed"] = read / feed.Elapsed.TotalSeconds;
        figures["rows/s with Npgsql alone"] = rows / floor.Elapsed.TotalSeconds;
        figures["ratio of the feed, wanted 0.5"] = floor.Elapsed / feed.Elapsed;
        figures["CPU of the server for an event of the feed, µs"] = (server.Cpu - cpu).TotalMicroseconds / read;
        figures["memory of the server before reading, MiB"] = memory;
        figures["memory of the server at most while reading, MiB"] = peak;
        figures["memory of the server after reading, MiB"] = server.Memory;
    }

    /// <summary>
    /// Reads the feed from its beginning to its end, or until so many have been read. The next page is asked for as soon as the cursor of one has
    /// arrived, and comes while that one is read.
    /// </summary>
    private static async Task<int> ReadAsync(HttpClient client, int events, Action? onPage = null)
    {
        var read = 0;
        var coming = FeedPageReader.BeginAsync(client, Page(""));
        while (coming is not null)
        {
            using var page = await coming;
            coming = page.HasMore && read < events ? FeedPageReader.BeginAsync(client, Page("&after=" + page.Cursor)) : null;
            read += Count((await page.ReadAsync()).Span);
            onPage?.Invoke();
        }

        return read;
    }

    private static Uri Page(string after) => new($"events?limit=5000{after}", UriKind.Relative);

    /// <summary>The events of a page; every token is read, as a consumer would.</summary>
    private static int Count(ReadOnlySpan<byte> page)
    {
        var json = new Utf8JsonReader(page);
        var events = 0;
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.StartObject && json.CurrentDepth == 2)
            {
                events++;
                json.Skip();
            }
        }

        return events;
    }

    private static async Task SeedAsync(NpgsqlDataSource database, int events)
    {
        const string Sql =
            """
            INSERT INTO changes (tenant_id, txn, part, parts, resource_type, resource_id, external_id, display, kind, version, actor, at, delta)
            SELECT (SELECT id FROM tenants WHERE name = 'feed'), gen_random_uuid(), 0, 1, 'User', gen_random_uuid(), 'ext-' || n, 'user-' || n || '@example.com', 'patch', 2, 'okta', now(),
                '{"attributes":["active"],"operations":[{"op":"replace","path":"active","value":false,"previous":true}]}'
            FROM generate_series(1, $1) AS n
            """;
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter { Value = events });
        await command.ExecuteNonQueryAsync();

        // As autovacuum has done before long wherever a million rows are.
        await using var analyze = database.CreateCommand("VACUUM ANALYZE changes");
        await analyze.ExecuteNonQueryAsync();
    }

    private static async Task<int> FloorAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            "SELECT txn, resource_type, resource_id, external_id, display, kind, version, actor, at, delta FROM changes WHERE tenant_id = (SELECT id FROM tenants WHERE name = 'feed') ORDER BY seq");
        await using var reader = await command.ExecuteReaderAsync();
        var (rows, values) = (0, new object[10]);
        while (await reader.ReadAsync())
        {
            reader.GetValues(values);
            rows++;
        }

        return rows;
    }

    private static void Add(Dictionary<string, double> figures, string name, List<double> milliseconds)
    {
        milliseconds.Sort();
        figures[$"{name}, p50"] = EventWriters.At(milliseconds, 0.5);
        figures[$"{name}, p99"] = EventWriters.At(milliseconds, 0.99);
    }
}
