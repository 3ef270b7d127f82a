using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ScimServer.Benchmarks;

/// <summary>A program of this build that runs beside the benchmark: the server, or the floor that it is measured against.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>The token of the tenant that the first start creates.</summary>
    public const string Token = "token-of-the-benchmarks";

    private readonly Process? process;
    private readonly CpuShare? share;

    private ServerProcess(HttpClient client, Process? process = null, CpuShare? share = null)
    {
        Client = client;
        this.process = process;
        this.share = share;
    }

    /// <summary>Asks the server, with the token.</summary>
    public HttpClient Client { get; }

    /// <summary>The working set in MiB.</summary>
    public long Memory
    {
        get
        {
            process?.Refresh();
            return (process?.WorkingSet64 ?? 0) >> 20;
        }
    }

    /// <summary>The largest working set so far in MiB.</summary>
    public long PeakMemory
    {
        get
        {
            process?.Refresh();
            return (process?.PeakWorkingSet64 ?? 0) >> 20;
        }
    }

    /// <summary>The processor time that the process has used.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process?.Refresh();
            return process?.TotalProcessorTime ?? TimeSpan.Zero;
        }
    }

    /// <summary>ScimServer as it ships, but for the log, which goes nowhere.</summary>
    public static Task<ServerProcess> StartScimServerAsync(ServerSetup setup) => StartAsync([setup.Program ?? InThisBuild("ScimServer.dll")], setup, "scim/v2/", "/health/ready");

    /// <summary>ScimServer inside of this program; see <see cref="ServeCommand"/>.</summary>
    public static Task<ServerProcess> StartMeasuredAsync(ServerSetup setup) => StartAsync([InThisBuild("ScimServer.Benchmarks.dll"), "serve"], setup, "scim/v2/", "/health/ready");

    /// <summary>The floor.</summary>
    public static Task<ServerProcess> StartFloorAsync(string connectionString) =>
        StartAsync([InThisBuild("ScimServer.Benchmarks.dll"), "floor", "--postgres", connectionString], new ServerSetup(connectionString), "", "/");

    /// <summary>A server that somebody else runs.</summary>
    public static ServerProcess At(Uri url, string token) => new(CreateClient(url.ToString().TrimEnd('/') + "/", token));

    /// <summary>A command of the server's command line; gives what it prints.</summary>
    public static async Task<string> RunCommandAsync(ServerSetup setup, params string[] arguments)
    {
        using var process = Process.Start(Describe([InThisBuild("ScimServer.dll"), .. arguments], setup))!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}: {output}");
        }

        return output.Trim();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            share?.Dispose();
        }
    }

    private static string InThisBuild(string program) => Path.Combine(AppContext.BaseDirectory, program);

    private static async Task<ServerProcess> StartAsync(string[] command, ServerSetup setup, string path, string ready)
    {
        var address = $"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}";
        var start = Describe(command, setup);
        start.Environment["ASPNETCORE_URLS"] = address;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var client = CreateClient($"{address}/{path}", setup.Token);
        await WaitAsync(process, client, ready);
        return new ServerProcess(client, process, setup.Cores > 0 ? CpuShare.Limit(process, setup.Cores) : null);
    }

    private static ProcessStartInfo Describe(string[] command, ServerSetup setup)
    {
        var start = new ProcessStartInfo("dotnet", command) { WorkingDirectory = Path.GetDirectoryName(command[0]), RedirectStandardOutput = true };
        start.Environment["Database__Provider"] = "PostgreSql";
        start.Environment["ConnectionStrings__ScimServer"] = setup.Database;
        start.Environment["Scim__BootstrapToken"] = Token;
        start.Environment["Access__RequestsPerSecond"] = "0";
        foreach (var (name, value) in setup.Settings)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static HttpClient CreateClient(string url, string token)
    {
        var client = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromMinutes(10) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    private static async Task WaitAsync(Process process, HttpClient client, string ready)
    {
        while (!process.HasExited)
        {
            try
            {
                using var response = await client.GetAsync(new Uri(ready, UriKind.Relative));
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(20);
        }

        throw new InvalidOperationException($"{process.StartInfo.ArgumentList[0]} ended with {process.ExitCode}.");
    }
}

/// <summary>How a server is started.</summary>
/// <param name="Database">The connection string.</param>
/// <param name="Settings">Environment variables beyond those that every server of the benchmarks gets.</param>
internal sealed record ServerSetup(string Database, params IReadOnlyList<(string Name, string Value)> Settings)
{
    /// <summary>The credential of the client.</summary>
    public string Token { get; init; } = ServerProcess.Token;

    /// <summary>The path of another ScimServer.dll; null for the one of this build.</summary>
    public string? Program { get; init; }

    /// <summary>The part of a core that it may use; 0 for all that it can get.</summary>
    public double Cores { get; init; }
}
