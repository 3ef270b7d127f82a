using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Changes;

namespace ScimServer.Events;

/// <summary>Deletes changes that are older than they are kept, some times an hour.</summary>
internal sealed partial class ChangeRetentionWorker(
    ChangeRetention retention, IOptions<EventsOptions> options, TimeProvider time, ILogger<ChangeRetentionWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.RetentionDays == 0)
        {
            return;
        }

        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await DeleteAsync(stoppingToken);
        }
    }

    private async Task DeleteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var deleted = await retention.DeleteAsync(time.GetUtcNow().AddDays(-options.Value.RetentionDays), stoppingToken);
            if (deleted > 0)
            {
                Log.Deleted(logger, deleted, options.Value.RetentionDays);
            }
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            Log.Failed(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5001, LogLevel.Information, "Deleted {Count} changes that are older than {Days} days")]
        public static partial void Deleted(ILogger logger, long count, int days);

        [LoggerMessage(5002, LogLevel.Error, "Old changes could not be deleted; tried again later")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
