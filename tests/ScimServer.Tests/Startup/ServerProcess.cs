using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Startup;

/// <summary>The server's executable, started as an operator starts it, with a folder of its own.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process process;
    private readonly ConcurrentQueue<string> output = new();
    private readonly ConcurrentQueue<string> errors = new();
    private string baseUrl = "";
    private bool isDisposed;

    private ServerProcess(ProcessFolder folder, string[] arguments, (string Name, string Value)[] environment, string[]? prefix = null)
    {
        string[] command = [.. prefix ?? [], "dotnet", Path.Combine(AppContext.BaseDirectory, "ScimServer.dll"), .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["ConnectionStrings__ScimServer"] = folder.ConnectionString;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Add(output, line.Data);
        process.ErrorDataReceived += (_, line) => Add(errors, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', output);

    public string Errors => string.Join('\n', errors);

    /// <summary>Where the server says how it is reached: beside the log when that is text, else on standard error.</summary>
    private string Announcement => Output + '\n' + Errors;

    /// <summary>The base URL as the server prints it.</summary>
    public string BaseUrl => baseUrl.Length > 0 ? baseUrl : baseUrl = BaseUrlLine().Match(Announcement).Groups[1].Value;

    /// <summary>The token as the server prints it; empty when it does not.</summary>
    public string Token => TokenText().Match(Announcement).Value;

    public Uri Address => new(new Uri(BaseUrl), "/");

    /// <summary>Starts the server and waits until it says that it runs.</summary>
    public static async Task<ServerProcess> StartAsync(ProcessFolder folder, params (string Name, string Value)[] environment)
    {
        var server = Start(folder, environment);
        await server.WaitForAsync(() => server.Announcement.Contains("Database  ", StringComparison.Ordinal), "the announcement");
        return server;
    }

    /// <summary>Starts the server without waiting for anything.</summary>
    public static ServerProcess Start(ProcessFolder folder, params (string Name, string Value)[] environment) => new(folder, [], environment);

    /// <summary>Starts the server through another command, and waits until it says that it runs.</summary>
    public static async Task<ServerProcess> StartThroughAsync(ProcessFolder folder, string[] prefix, params (string Name, string Value)[] environment)
    {
        var server = new ServerProcess(folder, [], environment, prefix);
        await server.WaitForAsync(() => server.Announcement.Contains("Database  ", StringComparison.Ordinal), "the announcement");
        return server;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        ProcessFolder folder, string[] arguments, params (string Name, string Value)[] environment)
    {
        await using var command = new ServerProcess(folder, arguments, environment);
        return (await command.WaitForExitAsync(), command.Output, command.Errors);
    }

    /// <summary>Waits until something holds; fails with everything that the process wrote.</summary>
    public async Task WaitForAsync(Func<bool> holds, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(clock.Elapsed < Patience && !process.HasExited, $"Waited in vain for {what}. Output: {Output}\nErrors: {Errors}");
            await Task.Delay(50);
        }
    }

    /// <summary>Asks the server to stop, as a container platform does, and gives its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("/bin/sh", ["-c", "kill -TERM " + process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        return await WaitForExitAsync();
    }

    public async Task<int> WaitForExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    /// <summary>Ends the process at once, as kill -9 does.</summary>
    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
        {
            return;
        }

        isDisposed = true;
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private static void Add(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
            RunLog.WriteOfProcess(line);
        }
    }

    [GeneratedRegex(@"Base URL +(\S+)")]
    private static partial Regex BaseUrlLine();

    [GeneratedRegex(@"scim_[0-9A-Za-z]{49}")]
    private static partial Regex TokenText();
}

/// <summary>A folder for a server's database, removed with the test.</summary>
internal sealed class ProcessFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("scim-server-").FullName;

    /// <summary>The embedded database in it.</summary>
    public string ConnectionString => $"Data Source={System.IO.Path.Combine(Path, "scim.db")}";

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
