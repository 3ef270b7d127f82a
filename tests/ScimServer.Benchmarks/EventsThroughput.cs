using System.Diagnostics;
using System.Net.Http.Headers;
using System.Threading.Channels;

namespace ScimServer.Benchmarks;

/// <summary>
/// What deliveries cost those who write. Writers of a tenant with no endpoint, with ten and with a dead one take turns, and writers with no
/// endpoint while this process posts, by HttpClient and nothing else, as much to the same receivers as ten endpoints would get: what deliveries cost
/// that keep up, on a machine that servers and receivers share. In two more turns the writers leave the machine room, as identity providers
/// do. Each turn ends when everything is delivered.
/// </summary>
internal sealed class EventsThroughput(ServerSetup setup, ServerProcess server, DatabaseCpu database)
{
    private const int Endpoints = 10;
    private const int PostsAtOnce = 8;

    /// <summary>How often a writer that leaves room creates and changes a user: 800 writes a second by all of them.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2.0 * EventWriters.Clients / 800);

    /// <summary>The bytes of the event of a created user.</summary>
    private const int BodyBytes = 750;

    private static readonly Dictionary<Writers, string> Names = new()
    {
        [Writers.None] = "no endpoint",
        [Writers.Ten] = "ten endpoints",
        [Writers.Posts] = "ten bare posts",
        [Writers.Dead] = "a dead endpoint",
        [Writers.NoneWithRoom] = "no endpoint, with room",
        [Writers.TenWithRoom] = "ten endpoints, with room",
    };

    public async Task RunAsync(int rounds, int seconds, Dictionary<string, double> figures)
    {
        await using var receivers = await ReceiverProcess.StartAsync(Endpoints);
        await using var dead = await Receiver.StartAsync(isDead: true);
        var (none, ten, one) = (await EventWriters.TenantAsync(setup, server, "none"), await EventWriters.TenantAsync(setup, server, "ten"), await EventWriters.TenantAsync(setup, server, "dead"));
        await EventWriters.AddAsync(setup, "ten", [.. receivers.Addresses]);
        await EventWriters.AddAsync(setup, "dead", dead.Address);
        var time = TimeSpan.FromSeconds(seconds);
        var turns = Enum.GetValues<Writers>().ToDictionary(writers => writers, _ => new List<Turn>());
        var sent = 0L;

        // The first round compiles what is timed in the others.
        for (var round = 0; round <= rounds; round++)
        {
            turns[Writers.None].Add(await TurnAsync(receivers, () => EventWriters.WriteAsync(none, time)));
            turns[Writers.Ten].Add(await TurnAsync(receivers, () => EventWriters.WriteAsync(ten, time), written => receivers.UntilAsync(sent += written.Writes)));
            turns[Writers.Posts].Add(await TurnAsync(receivers, () => PostAsync(receivers, onWrite => EventWriters.WriteAsync(none, time, onWrite))));
            sent += turns[Writers.Posts][^1].Written.Writes;
            turns[Writers.Dead].Add(await TurnAsync(receivers, () => EventWriters.WriteAsync(one, time)));
            turns[Writers.NoneWithRoom].Add(await TurnAsync(receivers, () => EventWriters.WriteAsync(none, time, every: Every)));
            turns[Writers.TenWithRoom].Add(await TurnAsync(receivers, () => EventWriters.WriteAsync(ten, time, every: Every), written => receivers.UntilAsync(sent += written.Writes)));
        }

        foreach (var of in turns.Values)
        {
            of.RemoveAt(0);
        }

        AddFigures(turns, seconds, figures);
    }

    private static void AddFigures(Dictionary<Writers, List<Turn>> turns, int seconds, Dictionary<string, double> figures)
    {
        foreach (var (writers, of) in turns)
        {
            figures[$"{Names[writers]}: writes/s"] = Middle(of, turn => turn.Written.Writes) / seconds;
            figures[$"{Names[writers]}: p50 of a write, ms"] = Middle(of, turn => turn.Written.P50);
            figures[$"{Names[writers]}: p99 of a write, ms"] = Middle(of, turn => turn.Written.P99);
        }

        var (none, ten, posts) = (turns[Writers.None], turns[Writers.Ten], turns[Writers.Posts]);
        figures["ratio of the writes with ten, wanted 0.95"] = Ratio(ten, none);
        figures["ratio beside bare posts"] = Ratio(posts, none);
        figures["ratio with ten, with room"] = Ratio(turns[Writers.TenWithRoom], turns[Writers.NoneWithRoom]);
        figures["delivered so long after the last write, s"] = Middle(ten, turn => turn.Behind);
        foreach (var part in Enum.GetValues<Part>())
        {
            figures[$"CPU of a write without endpoint, {part}, µs"] = Middle(none, turn => turn.Cpu[part]);
            figures[$"CPU of a delivery, {part}, µs"] = (Middle(ten, turn => turn.Cpu[part]) - Middle(none, turn => turn.Cpu[part])) / Endpoints;
            figures[$"CPU of a bare post, {part}, µs"] = (Middle(posts, turn => turn.Cpu[part]) - Middle(none, turn => turn.Cpu[part])) / Endpoints;
        }
    }

    /// <summary>For each write a post to each receiver, without anything that a delivery is.</summary>
    private static async Task<Written> PostAsync(ReceiverProcess receivers, Func<Action, Task<Written>> write)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false });
        var queues = receivers.Addresses.Select(address => (Address: address, Posts: Channel.CreateUnbounded<bool>())).ToList();
        var posting = queues.SelectMany(queue => Enumerable.Range(0, PostsAtOnce).Select(_ => PostAllAsync(client, queue.Address, queue.Posts.Reader))).ToList();
        var written = await write(() => queues.ForEach(queue => queue.Posts.Writer.TryWrite(true)));
        queues.ForEach(queue => queue.Posts.Writer.Complete());
        await Task.WhenAll(posting);
        return written;
    }

    private static async Task PostAllAsync(HttpClient client, Uri address, ChannelReader<bool> posts)
    {
        var (body, json) = (new byte[BodyBytes], new MediaTypeHeaderValue("application/json"));
        await foreach (var _ in posts.ReadAllAsync())
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = json;
            using var response = (await client.SendAsync(request)).EnsureSuccessStatusCode();
        }
    }

    private async Task<Turn> TurnAsync(ReceiverProcess receivers, Func<Task<Written>> write, Func<Written, Task>? until = null)
    {
        var before = Times(receivers);
        var written = await write();
        var watch = Stopwatch.StartNew();
        await (until?.Invoke(written) ?? Task.CompletedTask);
        var after = Times(receivers);
        return new Turn(written, watch.Elapsed.TotalSeconds, after.ToDictionary(part => part.Key, part => (part.Value - before[part.Key]).TotalMicroseconds / written.Writes));
    }

    private Dictionary<Part, TimeSpan> Times(ReceiverProcess receivers) => new()
    {
        [Part.Server] = server.Cpu,
        [Part.Database] = database.Total,
        [Part.Receivers] = receivers.Cpu,
        [Part.Clients] = Environment.CpuUsage.TotalTime,
    };

    private static double Ratio(List<Turn> some, List<Turn> others) =>
        EventWriters.At([.. some.Zip(others, (one, other) => (double)one.Written.Writes / other.Written.Writes).Order()], 0.5);

    private static double Middle(List<Turn> turns, Func<Turn, double> figure) => EventWriters.At([.. turns.Select(figure).Order()], 0.5);

    /// <param name="Written">What was written.</param>
    /// <param name="Behind">Seconds until the last was delivered.</param>
    /// <param name="Cpu">Microseconds for each write.</param>
    private sealed record Turn(Written Written, double Behind, IReadOnlyDictionary<Part, double> Cpu);

    private enum Writers
    {
        None,
        Ten,
        Posts,
        Dead,
        NoneWithRoom,
        TenWithRoom,
    }

    private enum Part
    {
        Server,
        Database,
        Receivers,
        Clients,
    }
}
