using System.Data.Common;
using Npgsql;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Startup;

/// <summary>One attempt to bring the database to where the server can work with it.</summary>
internal sealed class DatabaseSetup(
    ScimDatabase database, DatabaseMigrator migrator, RowLevelSecurity wall, SecretInventory secrets, DatabaseOptions options, FirstRun firstRun)
{
    /// <summary>Applies migrations unless that is forbidden, and gives an empty database its first tenant and token if they can be announced.</summary>
    /// <exception cref="StartupException">The database refuses, and will refuse again.</exception>
    public async Task<DatabaseSetupOutcome> RunAsync(bool isListening, CancellationToken cancellationToken)
    {
        try
        {
            if (options.MigrateOnStart)
            {
                await migrator.MigrateAsync(cancellationToken);
            }
            else if (!await migrator.IsCurrentAsync(cancellationToken))
            {
                return new DatabaseSetupOutcome.Blocked("The database lacks migrations, and Database:MigrateOnStart is false. Apply them with: database migrate");
            }

            await CheckWallAsync(cancellationToken);
            await CheckSecretsAsync(cancellationToken);
            if (!isListening && await firstRun.IsNeededAsync(cancellationToken))
            {
                return new DatabaseSetupOutcome.Empty();
            }

            return new DatabaseSetupOutcome.Done(await firstRun.RunAsync(cancellationToken));
        }
        catch (Exception exception) when (DatabaseOutage.ErrorIn(exception) is { } error)
        {
            return database.OutageIn(error) is not null || MendsItself(error)
                ? new DatabaseSetupOutcome.Blocked($"The database is not available yet: {DatabaseOutage.Describe(error)}")
                : throw new StartupException($"The database ({DatabaseSettings.Describe(options)}) refuses: {error.Message}", exception);
        }
    }

    /// <summary>A server that names no tenant would find every tenant empty, and a role that passes the policies is not held by them.</summary>
    private async Task CheckWallAsync(CancellationToken cancellationToken)
    {
        if (!await wall.IsOnAsync(cancellationToken))
        {
            return;
        }

        if (!options.RowLevelSecurity)
        {
            throw new StartupException(
                "the database has row-level security, so the server must tell it the tenant. Set Database:RowLevelSecurity=true, or run: database row-level-security off");
        }

        if (await wall.IsBypassedAsync(cancellationToken))
        {
            throw new StartupException("the database has row-level security, but the role that the server connects as passes through it: it is a superuser or has BYPASSRLS.");
        }
    }

    /// <summary>A server without the keys would give no access tokens, accept none, and send nothing to webhooks and streams.</summary>
    private async Task CheckSecretsAsync(CancellationToken cancellationToken)
    {
        if (await secrets.FindLostAsync(cancellationToken) is { Count: > 0 } lost)
        {
            throw new StartupException(
                $"the database has secrets that are encrypted with {string.Join(" and ", lost.Select(key => $"the key {key.Key} ({key.Value} of them)"))}, which is not among Database:SecretKeys. "
                + "Put it back, behind the others, and run: database reencrypt. It can go then. If it is lost, run: database reencrypt --discard-lost");
        }
    }

    /// <summary>Just being created by another instance; a wrong password does not mend itself.</summary>
    private static bool MendsItself(DbException exception) =>
        exception.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ObjectInUse;
}

/// <summary>Where an attempt ended.</summary>
internal abstract record DatabaseSetupOutcome
{
    /// <summary>The database is as it has to be.</summary>
    public sealed record Done(FirstRunOutcome FirstRun) : DatabaseSetupOutcome;

    /// <summary>It lacks only the first tenant and token, which are made once the server listens.</summary>
    public sealed record Empty : DatabaseSetupOutcome;

    /// <summary>Another attempt may succeed, once what the reason says is mended.</summary>
    public sealed record Blocked(string Reason) : DatabaseSetupOutcome;
}
