using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Npgsql;

namespace ScimServer.Benchmarks;

/// <summary>
/// <c>events</c>: how soon webhooks arrive, what they cost those who write, and how fast the feed is read. Server, database, writers and
/// receivers share the machine.
/// </summary>
internal static class EventsCommand
{
    private const int Clients = 16;
    private const int Endpoints = 10;
    private const int IdleWrites = 300;

    private static readonly Option<int> Events = new("--events") { Description = "Events that are read through the feed.", DefaultValueFactory = _ => 1_000_000 };

    public static Command Create()
    {
        var command = new Command("events", "Measures webhooks and the feed.") { BenchmarkOptions.Postgres, BenchmarkOptions.Json, BenchmarkOptions.Rounds, BenchmarkOptions.Seconds, Events };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetValue(BenchmarkOptions.Postgres), parsed.GetValue(BenchmarkOptions.Rounds), parsed.GetValue(BenchmarkOptions.Seconds), parsed.GetValue(Events), parsed.GetValue(BenchmarkOptions.Json)));
        return command;
    }

    private static async Task<int> RunAsync(string? given, int rounds, int seconds, int events, string? json)
    {
        await using var postgres = await PostgreSql.OpenAsync(given);
        var settings = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Database = "scim_benchmark_events" };
        ServerSetup setup = new(settings.ConnectionString, ("Outbound__AllowHttp", "true"), ("Outbound__AllowedNetworks__0", "127.0.0.1/32"));
        await using var server = await ServerProcess.StartScimServerAsync(setup);
        var figures = new Dictionary<string, double>();
        await WriteAsync(await TenantAsync(setup, server, "warm-up"), TimeSpan.FromSeconds(seconds));
        await LatencyAsync(setup, server, seconds, figures);
        await ThroughputAsync(setup, server, rounds, seconds, figures);
        await FeedAsync(setup, server, events, figures);
        await Report.TableAsync(["events", "figure"], figures.Select(figure => (string[])[figure.Key, Report.Milliseconds(figure.Value)]));
        await Report.JsonAsync(json, figures);
        return 0;
    }

    /// <summary>From the answer to a write to the arrival of its event, alone and beside others.</summary>
    private static async Task LatencyAsync(ServerSetup setup, ServerProcess server, int seconds, Dictionary<string, double> figures)
    {
        await using var receiver = await Receiver.StartAsync();
        var tenant = await TenantAsync(setup, server, "latency");
        await AddAsync(setup, "latency", receiver);
        var idle = new List<double>();
        for (var i = 0; i < IdleWrites; i++)
        {
            var resource = await CreateAsync(tenant);
            var answered = Stopwatch.GetTimestamp();
            idle.Add(Since(answered, await receiver.ArrivalAsync(resource)));
            await Task.Delay(10);
        }

        var written = await WriteAsync(tenant, TimeSpan.FromSeconds(seconds));
        var loaded = new List<double>();
        foreach (var (resource, answered) in written.Created)
        {
            loaded.Add(Since(answered, await receiver.ArrivalAsync(resource)));
        }

        Add(figures, "idle, answer to arrival, ms", idle);
        Add(figures, $"{Clients} clients, answer to arrival, ms", loaded);
    }

    /// <summary>Writers of a tenant with none, with ten and with one dead endpoint take turns; between two turns everything is delivered.</summary>
    private static async Task ThroughputAsync(ServerSetup setup, ServerProcess server, int rounds, int seconds, Dictionary<string, double> figures)
    {
        var receivers = await Task.WhenAll(Enumerable.Range(0, Endpoints).Select(_ => Receiver.StartAsync()));
        await using var dead = await Receiver.StartAsync(isDead: true);
        var (none, ten, one) = (await TenantAsync(setup, server, "none"), await TenantAsync(setup, server, "ten"), await TenantAsync(setup, server, "dead"));
        foreach (var receiver in receivers)
        {
            await AddAsync(setup, "ten", receiver);
        }

        await AddAsync(setup, "dead", dead);
        var (withNone, withTen, withDead, sent) = (new List<Written>(), new List<Written>(), new List<Written>(), 0L);
        for (var round = 0; round < rounds; round++)
        {
            withNone.Add(await WriteAsync(none, TimeSpan.FromSeconds(seconds)));
            withTen.Add(await WriteAsync(ten, TimeSpan.FromSeconds(seconds)));
            sent += withTen[^1].Writes;
            while (receivers.Any(receiver => receiver.Count < sent))
            {
                await Task.Delay(20);
            }

            withDead.Add(await WriteAsync(one, TimeSpan.FromSeconds(seconds)));
        }

        figures["writes/s with no endpoint"] = Middle(withNone, written => written.Writes) / seconds;
        figures[$"writes/s with {Endpoints} endpoints"] = Middle(withTen, written => written.Writes) / seconds;
        figures["ratio, wanted 0.95"] = Middle(withTen, written => written.Writes) / Middle(withNone, written => written.Writes);
        figures["write p99 with no endpoint, ms"] = Middle(withNone, written => written.P99);
        figures["write p99 with a dead endpoint, ms"] = Middle(withDead, written => written.P99);
        foreach (var receiver in receivers)
        {
            await receiver.DisposeAsync();
        }
    }

    /// <summary>All events through the feed, against the same rows by Npgsql alone.</summary>
    private static async Task FeedAsync(ServerSetup setup, ServerProcess server, int events, Dictionary<string, double> figures)
    {
        await TenantAsync(setup, server, "feed");
        var token = await ServerProcess.RunCommandAsync(setup, "tokens", "create", "--tenant", "feed", "--name", "product", "--scopes", "events");
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(setup.Database) { CommandTimeout = 0 });
        await SeedAsync(database, events);
        var before = server.Memory;
        using var client = new HttpClient { BaseAddress = new Uri(server.Client.BaseAddress!, "/") };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var feed = Stopwatch.StartNew();
        var (read, cursor, hasMore) = (0, "", true);
        while (hasMore)
        {
            using var page = System.Text.Json.JsonDocument.Parse(await client.GetByteArrayAsync(new Uri($"events?limit=1000{cursor}", UriKind.Relative)));
            read += page.RootElement.GetProperty("events").GetArrayLength();
            cursor = "&after=" + page.RootElement.GetProperty("cursor").GetString();
            hasMore = page.RootElement.GetProperty("hasMore").GetBoolean();
        }

        feed.Stop();
        var memory = server.Memory;
        var floor = Stopwatch.StartNew();
        var rows = await FloorAsync(database);
        floor.Stop();
        figures["events read through the feed"] = read;
        figures["events/s through the feed"] = read / feed.Elapsed.TotalSeconds;
        figures["rows/s with Npgsql alone"] = rows / floor.Elapsed.TotalSeconds;
        figures["ratio of the feed, wanted 0.5"] = floor.Elapsed / feed.Elapsed;
        figures["memory of the server before reading, MiB"] = before;
        figures["memory of the server after reading, MiB"] = memory;
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

    private static async Task<HttpClient> TenantAsync(ServerSetup setup, ServerProcess server, string name)
    {
        await ServerProcess.RunCommandAsync(setup, "tenants", "create", name);
        var client = new HttpClient { BaseAddress = server.Client.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new("Bearer", await ServerProcess.RunCommandAsync(setup, "tokens", "create", "--tenant", name, "--name", "idp"));
        return client;
    }

    private static async Task AddAsync(ServerSetup setup, string tenant, Receiver receiver)
    {
        await ServerProcess.RunCommandAsync(setup, "webhooks", "add", "--tenant", tenant, "--url", receiver.Address.ToString());
        await Task.Delay(1_500); // Seen by the server within a second.
    }

    /// <summary>Clients that create and PATCH users in turn.</summary>
    private static async Task<Written> WriteAsync(HttpClient tenant, TimeSpan time)
    {
        var (created, durations, watch) = (new ConcurrentBag<(string, long)>(), new ConcurrentBag<double>(), Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            while (watch.Elapsed < time)
            {
                var began = Stopwatch.GetTimestamp();
                var id = await CreateAsync(tenant);
                var answered = Stopwatch.GetTimestamp();
                created.Add((id, answered));
                durations.Add(Since(began, answered));
                await PatchAsync(tenant, id);
                durations.Add(Since(answered, Stopwatch.GetTimestamp()));
            }
        })));
        return new Written([.. created], [.. durations.Order()]);
    }

    /// <returns>The id of the user, without hyphens.</returns>
    private static async Task<string> CreateAsync(HttpClient tenant)
    {
        using var content = Requests.Body(new JsonObject { ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:User"), ["userName"] = $"{Guid.NewGuid():N}@example.com" });
        using var response = (await tenant.PostAsync(new Uri("Users", UriKind.Relative), content)).EnsureSuccessStatusCode();
        return Guid.Parse((string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["id"]!).ToString("N");
    }

    private static async Task PatchAsync(HttpClient tenant, string id)
    {
        using var content = Requests.Body(new JsonObject
        {
            ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:PatchOp"),
            ["Operations"] = new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = "active", ["value"] = false }),
        });
        using var response = (await tenant.PatchAsync(new Uri($"Users/{Guid.Parse(id)}", UriKind.Relative), content)).EnsureSuccessStatusCode();
    }

    private static void Add(Dictionary<string, double> figures, string name, List<double> milliseconds)
    {
        milliseconds.Sort();
        figures[$"{name}, p50"] = At(milliseconds, 0.5);
        figures[$"{name}, p99"] = At(milliseconds, 0.99);
    }

    private static double At(List<double> sorted, double part) => sorted[(int)((sorted.Count - 1) * part)];

    /// <summary>An event may arrive before the answer does.</summary>
    private static double Since(long from, long to) => Math.Max(0, Stopwatch.GetElapsedTime(from, to).TotalMilliseconds);

    private static double Middle(List<Written> rounds, Func<Written, double> figure) => At([.. rounds.Select(figure).Order()], 0.5);

    private sealed record Written(IReadOnlyList<(string Id, long Answered)> Created, List<double> Durations)
    {
        public int Writes => Durations.Count;

        public double P99 => At(Durations, 0.99);
    }
}
