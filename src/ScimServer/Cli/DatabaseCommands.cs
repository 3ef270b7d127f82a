using System.CommandLine;
using Scim.EntityFrameworkCore;
using ScimServer.Startup;

namespace ScimServer.Cli;

/// <summary><c>database migrate</c>.</summary>
internal static class DatabaseCommands
{
    public static Command Create() => new("database", "The database.") { Migrate() };

    private static Command Migrate()
    {
        var command = new Command("migrate", "Applies the migrations that are missing; for deployments that set Database__MigrateOnStart=false.");
        command.SetAction((parsed, cancellationToken) => CommandSession.RunOnAnyVersionAsync(parsed, async services =>
        {
            var migrator = services.GetRequiredService<DatabaseMigrator>();
            var wasCurrent = await migrator.IsCurrentAsync(cancellationToken);
            await migrator.MigrateAsync(cancellationToken);
            var database = DatabaseSettings.Describe(services.GetRequiredService<DatabaseOptions>());
            await parsed.InvocationConfiguration.Output.WriteLineAsync(wasCurrent ? $"Nothing to do: {database} has all migrations." : $"Migrated {database}.");
            return ExitCodes.Success;
        }));
        return command;
    }
}
