using System.Buffers.Text;
using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ScimServer.Benchmarks;

/// <summary>
/// <c>receive</c>: receivers of webhooks in a process of their own, so that what they cost can be told apart. Each takes requests from
/// sockets and answers 204, which is about as little as a receiver can do. GET tells how many posts a receiver has taken.
/// </summary>
internal static class ReceiveCommand
{
    private const int MaxRequest = 256 * 1024;

    private static readonly byte[] Taken = Encoding.ASCII.GetBytes("HTTP/1.1 204 No Content\r\n\r\n");

    private static readonly Option<int> Count = new("--count") { Required = true };

    public static Command Create()
    {
        var command = new Command("receive", "Receivers, started by the other commands.") { Count };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(Count), cancellationToken));
        return command;
    }

    private static async Task RunAsync(int count, CancellationToken cancellationToken)
    {
        var receivers = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        var running = receivers.Select(receiver => ListenAsync(receiver, cancellationToken)).ToList();
        foreach (var receiver in receivers)
        {
            await Console.Out.WriteLineAsync($"http://{receiver.LocalEndpoint}/");
        }

        await Task.WhenAll(running);
    }

    private static async Task ListenAsync(TcpListener listener, CancellationToken cancellationToken)
    {
        listener.Start();
        var taken = new Counter();
        while (true)
        {
            var client = await listener.AcceptSocketAsync(cancellationToken);
            client.NoDelay = true;
            _ = ServeAsync(client, taken, cancellationToken);
        }
    }

    private static async Task ServeAsync(Socket client, Counter taken, CancellationToken cancellationToken)
    {
        using var connection = client;
        var buffer = new byte[MaxRequest];
        var length = 0;
        while (true)
        {
            var read = await connection.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                return;
            }

            length += read;
            while (RequestLength(buffer.AsSpan(0, length)) is var request and > 0)
            {
                var answer = buffer[0] == 'G' ? Number(taken.Value) : Taken;
                if (answer == Taken)
                {
                    taken.Add();
                }

                buffer.AsSpan(request, length - request).CopyTo(buffer);
                length -= request;
                await connection.SendAsync(answer, cancellationToken);
            }
        }
    }

    private static byte[] Number(long taken)
    {
        var text = taken.ToString(CultureInfo.InvariantCulture);
        return Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {text.Length}\r\n\r\n{text}");
    }

    /// <summary>The bytes of the first request; 0 while it is not there as a whole.</summary>
    private static int RequestLength(ReadOnlySpan<byte> bytes)
    {
        var head = bytes.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return 0;
        }

        var field = "Content-Length: "u8;
        var at = bytes[..head].IndexOf(field);
        var body = at >= 0 && Utf8Parser.TryParse(bytes[(at + field.Length)..head], out int given, out _) ? given : 0;
        return head + 4 + body <= bytes.Length ? head + 4 + body : 0;
    }

    private sealed class Counter
    {
        private long value;

        public long Value => Interlocked.Read(ref value);

        public void Add() => Interlocked.Increment(ref value);
    }
}
