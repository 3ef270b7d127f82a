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

    private readonly Process process;

    private ServerProcess(Process process, HttpClient client)
    {
        this.process = process;
        Client = client;
    }

    /// <summary>Asks the server, with the token.</summary>
    public HttpClient Client { get; }

    /// <summary>The working set in MiB.</summary>
    public long Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 >> 20;
        }
    }

    /// <summary>The largest working set so far in MiB.</summary>
    public long PeakMemory
    {
        get
        {
            process.Refresh();
            return process.PeakWorkingSet64 >> 20;
        }
    }

    /// <summary>The processor time that the process has used.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>ScimServer as it ships, but for the log, which goes nowhere.</summary>
    public static Task<ServerProcess> StartScimServerAsync(string connectionString) => StartAsync("ScimServer.dll", [], connectionString, "scim/v2/", "/health/ready");

    /// <summary>The floor.</summary>
    public static Task<ServerProcess> StartFloorAsync(string connectionString) =>
        StartAsync("ScimServer.Benchmarks.dll", ["floor", "--postgres", connectionString], connectionString, "", "/");

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<ServerProcess> StartAsync(string program, string[] arguments, string connectionString, string path, string ready)
    {
        var address = $"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}";
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. arguments])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
        };
        start.Environment["ASPNETCORE_URLS"] = address;
        start.Environment["Database__Provider"] = "PostgreSql";
        start.Environment["ConnectionStrings__ScimServer"] = connectionString;
        start.Environment["Scim__BootstrapToken"] = Token;
        start.Environment["Access__RequestsPerSecond"] = "0";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var client = new HttpClient { BaseAddress = new Uri($"{address}/{path}"), Timeout = TimeSpan.FromMinutes(10) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        await WaitAsync(process, client, ready);
        return new ServerProcess(process, client);
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

            await Task.Delay(100);
        }

        throw new InvalidOperationException($"{process.StartInfo.ArgumentList[0]} ended with {process.ExitCode}.");
    }
}
