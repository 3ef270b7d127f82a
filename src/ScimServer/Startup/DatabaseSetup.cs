using System.Data.Common;
using System.Net.Sockets;
using Npgsql;
using Scim.EntityFrameworkCore;

namespace ScimServer.Startup;

/// <summary>One attempt to bring the database to where the server can work with it.</summary>
internal sealed class DatabaseSetup(DatabaseMigrator migrator, RowLevelSecurity wall, DatabaseOptions options, FirstRun firstRun)
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
            if (!isListening && await firstRun.IsNeededAsync(cancellationToken))
            {
                return new DatabaseSetupOutcome.Empty();
            }

            return new DatabaseSetupOutcome.Done(await firstRun.RunAsync(cancellationToken));
        }
        catch (Exception exception) when (DatabaseError(exception) is { } error)
        {
            return MendsItself(error)
                ? new DatabaseSetupOutcome.Blocked($"The database is not available yet: {error.Message}")
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

    /// <summary>EF Core wraps an error that it takes for transient.</summary>
    private static DbException? DatabaseError(Exception exception) => exception as DbException ?? exception.InnerException as DbException;

    /// <summary>Not there yet, just restarting, or being created by another instance; a wrong password does not mend itself.</summary>
    private static bool MendsItself(DbException exception) => exception switch
    {
        PostgresException refusal => refusal.SqlState
            is PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.DuplicateDatabase
            or PostgresErrorCodes.UniqueViolation
            or PostgresErrorCodes.ObjectInUse,
        NpgsqlException { InnerException: SocketException or TimeoutException or IOException } => true,
        _ => false,
    };
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
