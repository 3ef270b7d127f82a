using ScimServer.Tests.Startup;

namespace ScimServer.Tests.Webhooks;

/// <summary>Three processes of the server on one database, and what is done with them all the while. All of it ends with the test.</summary>
internal sealed class Instances(ProcessFolder folder, (string Name, string Value)[] environment) : IAsyncDisposable
{
    private readonly ServerProcess?[] servers = new ServerProcess?[3];
    private readonly List<Task> running = [];
    private readonly CancellationTokenSource ending = new();

    /// <summary>They take turns: 3 is the first again.</summary>
    public ServerProcess this[int number] => servers[number % servers.Length]!;

    /// <summary>What they warned of.</summary>
    public string Warnings => string.Join('\n', servers.SelectMany(server => server!.Output.Split('\n')).Where(line => line.Contains(" WRN ", StringComparison.Ordinal)));

    /// <summary>Starts one, also in the place of one that was killed.</summary>
    public async Task StartAsync(int number) => servers[number % servers.Length] = await ServerProcess.StartAsync(folder, environment);

    /// <summary>Does something beside the test.</summary>
    public void Run(Func<CancellationToken, Task> work) => running.Add(Task.Run(() => work(ending.Token)));

    /// <summary>Ends what is done beside the test; it fails if that failed.</summary>
    public async Task EndAsync()
    {
        await ending.CancelAsync();
        await Task.WhenAll(running);
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.Dispose();
        foreach (var server in servers.OfType<ServerProcess>())
        {
            await server.DisposeAsync();
        }
    }
}
