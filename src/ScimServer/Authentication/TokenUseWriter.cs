using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Authentication;

/// <summary>Writes down when tokens were last used, off the path of requests; a last time when the server stops.</summary>
internal sealed partial class TokenUseWriter(TokenUse uses, IOptions<AccessOptions> options, TimeProvider time, ILogger<TokenUseWriter> logger) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.LastUseEverySeconds), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await WriteAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>A database that does not answer keeps nobody from being served; the next time writes what is missing.</summary>
    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await uses.WriteAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException or InvalidOperationException or TimeoutException)
        {
            Log.NotWritten(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Warning, "When tokens were last used could not be written down; it is tried again")]
        public static partial void NotWritten(ILogger logger, Exception exception);
    }
}
