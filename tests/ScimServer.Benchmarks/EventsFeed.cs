using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using Npgsql;

namespace ScimServer.Benchmarks;

/// <summary>How fast all events are read through the feed, against the same rows by Npgsql alone.</summary>
internal sealed class EventsFeed(ServerSetup setup, ServerProcess server, int events)
{
    private const int Limit = 5_000;

    /// <summary>Read beforehand, so that nothing is compiled any more while it is timed.</summary>
    private const int WarmEvents = 6_000_000;

    /// <summary>Pages that have been asked for and wait to be worked on.</summary>
    private const int PagesAhead = 3;

    public async Task RunAsync(int rounds, Dictionary<string, double> figures)
    {
        await EventWriters.TenantAsync(setup, server, "feed");
        var token = await ServerProcess.RunCommandAsync(setup, "tokens", "create", "--tenant", "feed", "--name", "product", "--scopes", "events");
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(setup.Database) { CommandTimeout = 0 });
        await SeedAsync(database);
        using var client = new HttpClient { BaseAddress = new Uri(server.Client.BaseAddress!, "/") };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        for (var warm = 0; warm < WarmEvents; warm += Math.Max(1, await ReadAsync(client)))
        {
        }

        await FloorAsync(database);
        var (memory, peak) = (server.Memory, server.Memory);
        var measured = new List<(double Feed, double Floor, double Cpu)>();
        for (var round = 0; round < rounds; round++)
        {
            var (cpu, started) = (server.Cpu, Stopwatch.GetTimestamp());
            var read = await ReadAsync(client, () => peak = Math.Max(peak, server.Memory));
            var feed = read / Stopwatch.GetElapsedTime(started).TotalSeconds;
            var cost = (server.Cpu - cpu).TotalMicroseconds / read;
            started = Stopwatch.GetTimestamp();
            var rows = await FloorAsync(database);
            measured.Add((feed, rows / Stopwatch.GetElapsedTime(started).TotalSeconds, cost));
            figures["events read through the feed"] = read;
        }

        figures["events/s through the feed"] = Median(measured.Select(round => round.Feed));
        figures["rows/s with Npgsql alone"] = Median(measured.Select(round => round.Floor));
        figures["ratio of the feed, wanted 0.5"] = Median(measured.Select(round => round.Feed / round.Floor));
        figures["CPU of the server for an event of the feed, µs"] = Median(measured.Select(round => round.Cpu));
        figures["memory of the server before reading, MiB"] = memory;
        figures["memory of the server at most while reading, MiB"] = peak;
        figures["memory of the server after reading, MiB"] = server.Memory;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    /// <summary>
    /// Reads the feed from its beginning to its end. The next page is asked for as soon as the cursor of one has arrived, and comes while others
    /// are worked on.
    /// </summary>
    private static async Task<int> ReadAsync(HttpClient client, Action? onPage = null)
    {
        var pages = Channel.CreateBounded<FeedPageReader>(PagesAhead);
        var asking = AskAsync(client, pages.Writer);
        var read = 0;
        await foreach (var page in pages.Reader.ReadAllAsync())
        {
            using (page)
            {
                read += Count((await page.Text).Span);
            }

            onPage?.Invoke();
        }

        await asking;
        return read;
    }

    private static async Task AskAsync(HttpClient client, ChannelWriter<FeedPageReader> pages)
    {
        FeedPageReader? page = null;
        try
        {
            do
            {
                page = await FeedPageReader.BeginAsync(client, new Uri($"events?limit={Limit}{(page is null ? "" : "&after=" + page.Cursor)}", UriKind.Relative));
                await pages.WriteAsync(page);
            }
            while (page.HasMore);
        }
        finally
        {
            pages.Complete();
        }
    }

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

    private async Task SeedAsync(NpgsqlDataSource database)
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
}
