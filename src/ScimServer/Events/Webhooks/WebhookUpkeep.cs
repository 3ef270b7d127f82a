using Scim.EntityFrameworkCore.Webhooks;
using ScimServer.Startup;

namespace ScimServer.Events.Webhooks;

/// <summary>Some times an hour: deletes old attempts, and tells the operator of tokens that are about to expire.</summary>
internal sealed partial class WebhookUpkeep(WebhookTools tools, WebhookRetention retention, Readiness readiness, ILogger<WebhookUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.WhenReadyAsync(stoppingToken);
        using var timer = new PeriodicTimer(Pause);
        do
        {
            await KeepUpAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task KeepUpAsync(CancellationToken stoppingToken)
    {
        try
        {
            var now = tools.Time.GetUtcNow();
            await retention.DeleteAsync(now.AddDays(-tools.Options.AttemptRetentionDays), stoppingToken);
            if (tools.Options.TokenWarningDays > 0)
            {
                await retention.WarnOfTokensAsync(now.AddDays(tools.Options.TokenWarningDays), stoppingToken);
            }
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            Log.Failed(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5031, LogLevel.Error, "Old attempts could not be deleted, or tokens not be looked through; tried again later")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
