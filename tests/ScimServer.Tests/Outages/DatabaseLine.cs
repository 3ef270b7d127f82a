using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Outages;

/// <summary>The line between a server and its PostgreSQL, which can be cut, or lose or hold back the answer to a COMMIT.</summary>
internal sealed class DatabaseLine : IAsyncDisposable
{
    private static readonly byte[] Commit = Encoding.ASCII.GetBytes("COMMIT");
    private static readonly byte[] CancelRequest = [0x04, 0xD2, 0x16, 0x2E];

    private readonly Lock gate = new();
    private readonly HashSet<TcpClient> open = [];
    private readonly NpgsqlConnectionStringBuilder database;
    private readonly int port = PostgreSqlServer.FreePort();
    private TcpListener? listener;
    private byte[]? marked;
    private TaskCompletionSource committing = new();
    private TcpClient? caughtOn;

    private DatabaseLine(string connectionString)
    {
        database = new NpgsqlConnectionStringBuilder(connectionString);

        // A COMMIT that is prepared is sent without its text, by which it is known here.
        var near = new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = port, Timeout = 5, SslMode = SslMode.Disable };
        ConnectionString = near.ConnectionString + ";Max Auto Prepare=0";
        Mend();
    }

    /// <summary>The database at this end of the line.</summary>
    public string ConnectionString { get; }

    /// <summary>How often the server has asked PostgreSQL to cancel something.</summary>
    public int Cancels { get; private set; }

    /// <summary>Ends when a COMMIT whose answer is caught has been carried out.</summary>
    public Task Committed => committing.Task;

    /// <summary>The line of a new database.</summary>
    public static async Task<DatabaseLine> NewAsync(string? connectionString = null) => new(connectionString ?? await PreparedDatabase.CreateAsync());

    /// <summary>Breaks every connection, and refuses new ones.</summary>
    public void Cut()
    {
        listener?.Stop();
        listener = null;
        lock (gate)
        {
            foreach (var client in open)
            {
                client.Close();
            }

            open.Clear();
        }
    }

    public void Mend()
    {
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        _ = AcceptAsync(listener);
    }

    /// <summary>Of the transaction that sends this text, the answer to the COMMIT does not arrive; the connection stays.</summary>
    public void CatchCommitOf(string text)
    {
        committing = new(TaskCreationOptions.RunContinuationsAsynchronously);
        marked = Encoding.UTF8.GetBytes(text);
    }

    /// <summary>Breaks the connection whose COMMIT is not answered, and no other.</summary>
    public void CutCaught() => caughtOn!.Close();

    public ValueTask DisposeAsync()
    {
        Cut();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync(TcpListener listening)
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listening.AcceptTcpClientAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }
    }

    private async Task ServeAsync(TcpClient near)
    {
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(database.Host!, database.Port);
            lock (gate)
            {
                open.UnionWith([near, far]);
            }

            var caught = new Caught();
            await Task.WhenAny(SendAsync(near.GetStream(), far.GetStream(), caught), AnswerAsync(far.GetStream(), near, caught));
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or one of the ends has gone.
        }
        finally
        {
            near.Close();
        }
    }

    private async Task SendAsync(NetworkStream near, NetworkStream far, Caught caught)
    {
        var buffer = new byte[64 * 1024];
        for (int read; (read = await near.ReadAsync(buffer)) > 0;)
        {
            Look(buffer.AsSpan(0, read), caught);
            await far.WriteAsync(buffer.AsMemory(0, read));
        }
    }

    private void Look(ReadOnlySpan<byte> sent, Caught caught)
    {
        if (sent.Length <= 24 && sent.IndexOf(CancelRequest) >= 0)
        {
            Cancels++;
        }

        caught.IsMarked |= marked is not null && sent.IndexOf(marked) >= 0;
        if (caught.IsMarked && sent.IndexOf(Commit) >= 0)
        {
            caught.IsCommit = true;
            marked = null;
        }
    }

    private async Task AnswerAsync(NetworkStream far, TcpClient near, Caught caught)
    {
        var buffer = new byte[64 * 1024];
        for (int read; (read = await far.ReadAsync(buffer)) > 0;)
        {
            if (caught.IsCommit)
            {
                caughtOn = near;
                committing.TrySetResult();
            }
            else
            {
                await near.GetStream().WriteAsync(buffer.AsMemory(0, read));
            }
        }
    }

    private sealed class Caught
    {
        public bool IsMarked { get; set; }

        public volatile bool IsCommit;
    }
}
