using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;
using ScimServer.Cli;
using ScimServer.Tests.Infrastructure;
using ScimServer.Tests.Startup;

namespace ScimServer.Tests.Cli;

/// <summary>
/// Commands as an operator gives them, with an environment and a working directory, one after the other in one process for the whole run. A process
/// for each, as <see cref="ServerProcess.RunAsync"/> starts it, spends a second of the processor on its start.
/// </summary>
internal static class CommandProcess
{
    private static readonly SemaphoreSlim Turn = new(1);
    private static readonly Lazy<Process> Commands = new(Start);

    /// <summary>Runs a command to its end; what waits for an interruption does not belong here.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        ProcessFolder folder, string[] arguments, params (string Name, string Value)[] environment)
    {
        var settings = new Dictionary<string, string> { ["ConnectionStrings__ScimServer"] = folder.ConnectionString };
        foreach (var (name, value) in environment)
        {
            settings[name] = value;
        }

        await Turn.WaitAsync();
        try
        {
            await Commands.Value.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new Command(folder.Path, settings, arguments)));
            var answer = await Commands.Value.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The process of commands has ended.");
            var (exitCode, output, errors) = JsonSerializer.Deserialize<Answer>(answer)!;
            Array.ForEach(output.Split('\n'), RunLog.WriteOfProcess);
            Array.ForEach(errors.Split('\n'), RunLog.WriteOfProcess);
            return (exitCode, output, errors);
        }
        finally
        {
            Turn.Release();
        }
    }

    /// <summary>The process: a command in each line that it reads, and what became of it in each that it writes.</summary>
    public static async Task<int> Main()
    {
        var (commands, answers) = (Console.In, Console.Out);
        Console.SetIn(TextReader.Null);
        Console.SetOut(TextWriter.Null);
        while (await commands.ReadLineAsync() is { } line)
        {
            await answers.WriteLineAsync(JsonSerializer.Serialize(await RunAsync(JsonSerializer.Deserialize<Command>(line)!)));
            await answers.FlushAsync();
        }

        return 0;
    }

    private static async Task<Answer> RunAsync(Command command)
    {
        Environment.CurrentDirectory = command.Folder;
        foreach (var (name, value) in command.Settings)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var exitCode = await CommandLine.RunAsync(command.Arguments, new InvocationConfiguration { Output = output, Error = errors });

        // As at the end of a process: nothing of it is there when the next one begins.
        SqliteConnection.ClearAllPools();
        NpgsqlConnection.ClearAllPools();
        foreach (var name in command.Settings.Keys)
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        return new Answer(exitCode, WithoutLastEnd(output), WithoutLastEnd(errors));
    }

    private static string WithoutLastEnd(StringWriter written) => written.ToString() is var text && text.EndsWith('\n') ? text[..^1] : text;

    private static Process Start()
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(CommandProcess).Assembly.Location]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        TestRun.OnEnd(() =>
        {
            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
        });
        return process;
    }

    private sealed record Command(string Folder, Dictionary<string, string> Settings, string[] Arguments);

    private sealed record Answer(int ExitCode, string Output, string Errors);
}
