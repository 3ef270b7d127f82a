using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Provisioning;
using ScimServer.Startup;

namespace ScimServer.Provisioning;

/// <summary>Writes the provisioning log every second, off the path of requests, a last time when the server stops; and deletes what is old of it.</summary>
internal sealed partial class ProvisioningLogWorker(
    ProvisioningLogQueue queue,
    ProvisioningLogWriter writer,
    ProvisioningLogRetention retention,
    IOptions<ProvisioningLogOptions> options,
    Readiness readiness,
    TimeProvider time,
    ILogger<ProvisioningLogWorker> logger) : BackgroundService
{
    private const int FlushesPerPurge = 600;
    private const int FlushesPerTrim = 60;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim flushing = new(1, 1);

    /// <summary>Writes what there is. Also for whoever cannot wait for the next second.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await flushing.WaitAsync(cancellationToken);
        try
        {
            await CountAsync(cancellationToken);
            foreach (var ofTenant in queue.TakeRequests().GroupBy(request => request.TenantId))
            {
                var rows = ofTenant.ToList();
                await TryAsync(() => writer.AppendAsync(ofTenant.Key, rows, cancellationToken), rows.Count);
            }

            if (queue.TakeRefused() is { Count: > 0 } refused)
            {
                var hashes = refused.Where(request => request.Hash is not null).ToDictionary(request => request.Row.Txn, request => request.Hash!);
                await TryAsync(() => writer.RefuseAsync([.. refused.Select(request => request.Row)], hashes, time.GetUtcNow(), cancellationToken), refused.Count);
            }
        }
        finally
        {
            flushing.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!readiness.IsReady)
        {
            return;
        }

        try
        {
            await FlushAsync(cancellationToken);
        }
        catch (ObjectDisposedException)
        {
            // The host was disposed before it was stopped.
        }
    }

    public override void Dispose()
    {
        flushing.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            await readiness.WhenReadyAsync(stoppingToken);
            for (var flush = 1; await timer.WaitForNextTickAsync(stoppingToken); flush++)
            {
                await FlushAsync(stoppingToken);
                if (flush % FlushesPerTrim == 0)
                {
                    await TryAsync(() => retention.KeepRefusedAsync(options.Value.MaxRefused, stoppingToken), 0);
                }

                if (flush % FlushesPerPurge == 0 && options.Value.RetentionDays > 0)
                {
                    await TryAsync(() => retention.DeleteAsync(time.GetUtcNow().AddDays(-options.Value.RetentionDays), stoppingToken), 0);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        var counts = queue.TakeCounts();
        if (counts.Count > 0 && !await TryAsync(() => writer.CountAsync(counts, cancellationToken), 0))
        {
            queue.Return(counts);
        }
    }

    /// <summary>A log that cannot be written keeps nobody from being served.</summary>
    private async Task<bool> TryAsync(Func<Task> write, int lost)
    {
        try
        {
            await write();
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.NotWritten(logger, lost, exception);
            queue.Lost(lost);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7101, LogLevel.Warning, "The provisioning log could not be written or cleaned up; {Lost} requests are not in it")]
        public static partial void NotWritten(ILogger logger, int lost, Exception exception);
    }
}
