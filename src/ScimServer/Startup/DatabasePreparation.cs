using System.Data.Common;
using System.Net.Sockets;
using Scim.EntityFrameworkCore;

namespace ScimServer.Startup;

/// <summary>
/// Brings the database up to date before the server listens, and announces it when it does. A database that does not
/// answer yet is waited for: the server listens meanwhile, is alive and not ready.
/// </summary>
internal sealed partial class DatabasePreparation : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(2);

    private readonly DatabaseMigrator migrator;
    private readonly DatabaseOptions options;
    private readonly FirstRun firstRun;
    private readonly Readiness readiness;
    private readonly Announcement announcement;
    private readonly ILogger<DatabasePreparation> logger;
    private readonly CancellationTokenSource stopping = new();
    private FirstRunOutcome? outcome;
    private Task waiting = Task.CompletedTask;

    public DatabasePreparation(
        DatabaseMigrator migrator, DatabaseOptions options, FirstRun firstRun, Readiness readiness, Announcement announcement, ILogger<DatabasePreparation> logger)
    {
        this.migrator = migrator;
        this.options = options;
        this.firstRun = firstRun;
        this.readiness = readiness;
        this.announcement = announcement;
        this.logger = logger;
    }

    public Task StartAsync(CancellationToken cancellationToken) => TryPrepareAsync(cancellationToken);

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (outcome is not null)
        {
            announcement.Print(outcome);
        }
        else
        {
            waiting = WaitAsync(stopping.Token);
        }

        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await waiting.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => stopping.Dispose();

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (outcome is null)
            {
                await Task.Delay(RetryEvery, cancellationToken);
                await TryPrepareAsync(cancellationToken);
            }

            announcement.Print(outcome);
        }
        catch (StartupException exception)
        {
            // The database answers by now, but not as it should; whoever watches readiness sees why.
            Log.Failed(logger, exception.Message, exception);
            readiness.Wait(exception.Message);
        }
    }

    private async Task TryPrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (options.MigrateOnStart)
            {
                await migrator.MigrateAsync(cancellationToken);
            }
            else if (!await migrator.IsCurrentAsync(cancellationToken))
            {
                Wait("The database lacks migrations, and Database:MigrateOnStart is false. Apply them with: database migrate");
                return;
            }

            outcome = await firstRun.RunAsync(cancellationToken);
            readiness.SetReady();
        }
        catch (Exception exception) when (DatabaseError(exception) is { } error)
        {
            if (!IsUnreachable(error))
            {
                throw new StartupException($"The database ({DatabaseSettings.Describe(options)}) refuses: {error.Message}", exception);
            }

            Wait($"The database does not answer: {error.Message}");
        }
    }

    private void Wait(string reason)
    {
        if (readiness.Missing != reason)
        {
            Log.Waiting(logger, reason);
        }

        readiness.Wait(reason);
    }

    /// <summary>EF Core wraps an error that it takes for transient.</summary>
    private static DbException? DatabaseError(Exception exception) => exception as DbException ?? exception.InnerException as DbException;

    /// <summary>Not there yet, or just restarting; a wrong password or a missing database does not mend itself.</summary>
    private static bool IsUnreachable(DbException exception) =>
        exception is Npgsql.NpgsqlException { InnerException: SocketException or TimeoutException or IOException }
        || exception is Npgsql.PostgresException { SqlState: Npgsql.PostgresErrorCodes.CannotConnectNow or Npgsql.PostgresErrorCodes.AdminShutdown };

    private static partial class Log
    {
        [LoggerMessage(2002, LogLevel.Warning, "Not ready: {Reason}")]
        public static partial void Waiting(ILogger logger, string reason);

        [LoggerMessage(2003, LogLevel.Critical, "The database could not be prepared: {Reason}")]
        public static partial void Failed(ILogger logger, string reason, Exception exception);
    }
}
