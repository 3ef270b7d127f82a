using System.Diagnostics;
using System.Net.Http.Headers;
using System.Threading.Channels;

namespace ScimServer.Benchmarks;

/// <summary>
/// What deliveries cost those who write. Writers of a tenant with no endpoint, with ten and with a dead one take turns, and writers with no
/// endpoint while this process posts, by HttpClient and nothing else, as much to the same receivers as ten endpoints would get: on a machine
/// that servers and receivers share no server can do better than that. Each turn ends when everything is delivered.
/// </summary>
internal sealed class EventsThroughput(ServerSetup setup, ServerProcess server, DatabaseCpu database)
{
    private const int Endpoints = 10;
    private const int PostsAtOnce = 8;

    /// <summary>The bytes of the event of a created user.</summary>
    private const int BodyBytes = 750;

    public async Task RunAsync(int rounds, int seconds, Dictionary<string, double> figures)
    {
        await using var receivers = await ReceiverProcess.StartAsync(Endpoints);
        await using var dead = await Receiver.StartAsync(isDead: true);
        var (none, ten, one) = (await EventWriters.TenantAsync(setup, server, "none"), await EventWriters.TenantAsync(setup, server, "ten"), await EventWriters.TenantAsync(setup, server, "dead"));
        await EventWriters.AddAsync(setup, "ten", [.. receivers.Addresses]);
        await EventWriters.AddAsync(setup, "dead", dead.Address);
        var time = TimeSpan.FromSeconds(seconds);
        var (withNone, withTen, withPosts, withDead, sent) = (new List<Turn>(), new List<Turn>(), new List<Turn>(), new List<Turn>(), 0L);

        // The first round compiles what is timed in the others.
        for (var round = 0; round <= rounds; round++)
        {
            withNone.Add(await TurnAsync(receivers, () => EventWriters.WriteAsync(none, time)));
            withTen.Add(await TurnAsync(receivers, () => EventWriters.WriteAsync(ten, time), written => receivers.UntilAsync(sent += written.Writes)));
            withPosts.Add(await TurnAsync(receivers, () => PostAsync(receivers, onWrite => EventWriters.WriteAsync(none, time, onWrite))));
            sent += withPosts[^1].Written.Writes;
            withDead.Add(await TurnAsync(receivers, () => EventWriters.WriteAsync(one, time)));
        }

        foreach (var turns in new[] { withNone, withTen, withPosts, withDead })
        {
            turns.RemoveAt(0);
        }

        var writes = Middle(withNone, turn => turn.Written.Writes);
        figures["writes/s with no endpoint"] = writes / seconds;
        figures[$"writes/s with {Endpoints} endpoints"] = Middle(withTen, turn => turn.Written.Writes) / seconds;
        figures[$"writes/s beside {Endpoints} bare posts for each"] = Middle(withPosts, turn => turn.Written.Writes) / seconds;
        figures["ratio, wanted 0.95"] = Ratio(withTen, withNone);
        figures["ratio beside bare posts"] = Ratio(withPosts, withNone);
        figures["write p99 with no endpoint, ms"] = Middle(withNone, turn => turn.Written.P99);
        figures[$"write p99 with {Endpoints} endpoints, ms"] = Middle(withTen, turn => turn.Written.P99);
        figures["write p99 with a dead endpoint, ms"] = Middle(withDead, turn => turn.Written.P99);
        figures["delivered so long after the last write, s"] = Middle(withTen, turn => turn.Behind);
        foreach (var part in Enum.GetValues<Part>())
        {
            figures[$"CPU of a write without endpoint, {part}, µs"] = Middle(withNone, turn => turn.Cpu[part]);
            figures[$"CPU of a delivery, {part}, µs"] = (Middle(withTen, turn => turn.Cpu[part]) - Middle(withNone, turn => turn.Cpu[part])) / Endpoints;
            figures[$"CPU of a bare post, {part}, µs"] = (Middle(withPosts, turn => turn.Cpu[part]) - Middle(withNone, turn => turn.Cpu[part])) / Endpoints;
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

    private enum Part
    {
        Server,
        Database,
        Receivers,
        Clients,
    }
}
