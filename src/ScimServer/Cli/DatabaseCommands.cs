using System.CommandLine;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Startup;

namespace ScimServer.Cli;

/// <summary><c>database migrate | row-level-security | reencrypt</c>.</summary>
internal static class DatabaseCommands
{
    public static Command Create() => new("database", "The database.") { Migrate(), Wall(), Reencrypt() };

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
        }));
        return command;
    }

    private static Command Reencrypt()
    {
        var discard = new Option<bool>("--discard-lost")
        {
            Description = "Gives up what no key opens any more: signing keys are made anew, webhooks are disabled until they are rotated and enabled, streams paused.",
        };
        var command = new Command("reencrypt", "Encrypts all stored secrets by the first of Database__SecretKeys, so that the others can be taken away.") { discard };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var inventory = services.GetRequiredService<SecretInventory>();
            var lost = parsed.GetValue(discard) ? new Dictionary<string, int>() : await inventory.FindLostAsync(cancellationToken);
            var done = await inventory.ReencryptAsync(parsed.GetValue(discard), cancellationToken);
            var output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync($"Encrypted {done.Renewed} secrets anew with the key {done.KeyId}; {done.Current} were encrypted with it already.");
            foreach (var use in done.Discarded)
            {
                await output.WriteLineAsync($"Given up: {use}");
            }

            if (lost.Count > 0)
            {
                var keys = string.Join(" and ", lost.Keys.Select(id => $"the key {id}"));
                throw new StartupException($"{lost.Values.Sum()} secrets are encrypted with {keys}, which is not among Database:SecretKeys. They are as they were.");
            }
        }));
        return command;
    }

    private static Command Wall()
    {
        var state = new Argument<string>("state") { Description = "on or off." };
        state.AcceptOnlyFromAmong("on", "off");
        var command = new Command(
            "row-level-security",
            "PostgreSQL: installs policies that hide the rows of other tenants from every query, or removes them. Set Database__RowLevelSecurity=true on every server before \"on\".")
        {
            state,
        };
        command.SetAction((parsed, cancellationToken) => CommandSession.RunAsync(parsed, async services =>
        {
            var wall = services.GetRequiredService<RowLevelSecurity>();
            if (!wall.IsPossible)
            {
                throw new StartupException("row-level security needs PostgreSQL.");
            }

            var isOn = parsed.GetRequiredValue(state) == "on";
            if (isOn && !services.GetRequiredService<DatabaseOptions>().RowLevelSecurity)
            {
                throw new StartupException("set Database__RowLevelSecurity=true first, here and on every server: without it they would find every tenant empty.");
            }

            await (isOn ? wall.TurnOnAsync(cancellationToken) : wall.TurnOffAsync(cancellationToken));
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"Row-level security is {(isOn ? "on" : "off")}.");
        }));
        return command;
    }
}
