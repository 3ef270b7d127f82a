using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Changes;
using ScimServer.Startup;

namespace ScimServer.Events;

/// <summary>Looks from time to time how far the change log can be read, to tell for how long it could not be read to its end (EVT-137).</summary>
internal sealed partial class LogWatch(ScimDatabase database, Readiness readiness, TimeProvider time, ILogger<LogWatch> logger) : BackgroundService
{
    /// <summary>From when on it is worth a warning.</summary>
    public static readonly TimeSpan TooOld = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private long settled = -1;
    private DateTimeOffset? heldSince;
    private bool isWarned;

    /// <summary>For how long the mark has been held back; zero when it is at the end.</summary>
    public TimeSpan Age => heldSince is { } since ? time.GetUtcNow() - since : TimeSpan.Zero;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.WhenReadyAsync(stoppingToken);
        using var timer = new PeriodicTimer(Pause);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                See(await database.Dialect.LogEndAsync(database, stoppingToken));
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, exception);
            }
        }
    }

    /// <summary>The mark is held back while there are numbers above it and it does not move.</summary>
    internal void See(LogEnd end)
    {
        heldSince = end.Settled >= end.Last ? null : end.Settled == settled && heldSince is { } since ? since : time.GetUtcNow();
        settled = end.Settled;
        var isTooOld = Age > TooOld;
        if (isTooOld && !isWarned)
        {
            Log.HeldBack(logger, (long)Age.TotalSeconds);
        }

        isWarned = isTooOld;
    }

    private static partial class Log
    {
        [LoggerMessage(5020, LogLevel.Warning, "Events have been held back for {Seconds} s and more by a transaction that is open in the PostgreSQL cluster; see pg_stat_activity, pg_prepared_xacts")]
        public static partial void HeldBack(ILogger logger, long seconds);

        [LoggerMessage(5021, LogLevel.Warning, "The end of the change log could not be read")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
