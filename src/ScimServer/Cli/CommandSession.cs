using System.CommandLine;
using System.Data.Common;
using System.Text.Json;
using System.Text.RegularExpressions;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Startup;

namespace ScimServer.Cli;

/// <summary>Opens the server's database for one command, and turns what goes wrong into a sentence and an exit code.</summary>
internal static partial class CommandSession
{
    /// <summary>Runs a command on a database that has all migrations.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(ParseResult command, Func<IServiceProvider, Task> run) =>
        RunOnAnyVersionAsync(command, async services =>
        {
            if (!await services.GetRequiredService<DatabaseMigrator>().IsCurrentAsync(CancellationToken.None))
            {
                throw new StartupException("the database is empty or lacks migrations. Start the server once, or run: database migrate");
            }

            await run(services);
        });

    /// <summary>Runs a command on a database of any version.</summary>
    public static async Task<int> RunOnAnyVersionAsync(ParseResult command, Func<IServiceProvider, Task> run)
    {
        try
        {
            await using var app = Build();
            using var acting = AdminActor.Act($"command line, {Environment.UserName}");
            await run(app.Services);
            return ExitCodes.Success;
        }
        catch (Exception exception) when (exception is AccessException or DbException || StartupFailure.Explain(exception) is not null)
        {
            await command.InvocationConfiguration.Error.WriteLineAsync($"Error: {Explain(exception, command)}");
            return ExitCodes.Failure;
        }
    }

    /// <summary>Does what goes on until it is interrupted, which is how it ends.</summary>
    public static async Task UntilInterruptedAsync(Func<Task> run, CancellationToken cancellationToken)
    {
        try
        {
            await run();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Interrupted.
        }
    }

    /// <summary>A refusal names members of the admin API's JSON; here they are options.</summary>
    private static string Explain(Exception exception, ParseResult command) => exception is AccessException { Field: not null }
        ? Quoted().Replace(exception.Message, word => "--" + JsonNamingPolicy.KebabCaseLower.ConvertName(word.Groups[1].Value) is var option
            && command.CommandResult.Command.Options.Any(known => known.Name == option) ? option : word.Value)
        : StartupFailure.Explain(exception) ?? exception.Message;

    [GeneratedRegex("\"([A-Za-z]+)\"")]
    private static partial Regex Quoted();

    /// <summary>The server's configuration: its files, its secrets and the environment.</summary>
    public static WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = ServerFolder.Find([]) });
        builder.AddSecretFiles();
        return builder;
    }

    /// <summary>The server's services from the server's configuration; nothing listens and nothing is logged.</summary>
    private static WebApplication Build()
    {
        var builder = CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddScimHttp(builder.Configuration);
        builder.Services.AddOutbound();
        builder.Services.AddScimEntityFrameworkCore(DatabaseSettings.Read(builder.Configuration, builder.Environment.ContentRootPath));
        builder.Services.AddScimEvents();
        builder.Services.AddSecurityEventStreams();
        return builder.Build();
    }
}
