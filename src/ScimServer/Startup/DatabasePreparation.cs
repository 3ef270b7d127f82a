namespace ScimServer.Startup;

/// <summary>
/// Brings the database up to date before the server listens, and announces it when it does. A database that does not
/// answer yet is waited for: the server listens meanwhile, is alive and not ready. The first token is made once it listens: it is
/// shown once, and a server that cannot listen would have made it for nobody.
/// </summary>
internal sealed partial class DatabasePreparation(
    DatabaseSetup setup, Readiness readiness, Announcement announcement, IHostApplicationLifetime lifetime, ILogger<DatabasePreparation> logger)
    : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource stopping = new();
    private FirstRunOutcome? outcome;
    private bool isEmpty;
    private Task waiting = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => TryAsync(isListening: false, cancellationToken);

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (isEmpty)
        {
            await TryAsync(isListening: true, cancellationToken);
        }

        if (outcome is not null)
        {
            Announce(outcome);
        }
        else
        {
            waiting = WaitAsync(stopping.Token);
        }
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        Log.Stopping(logger);
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
                await TryAsync(isListening: true, cancellationToken);
            }

            Announce(outcome);
        }
        catch (StartupException exception)
        {
            // The database answers by now, but not as it should: the end is the same as when it does so at once.
            Log.Failed(logger, exception.Message);
            Environment.ExitCode = ExitCodes.Failure;
            lifetime.StopApplication();
        }
    }

    private void Announce(FirstRunOutcome made)
    {
        Log.Ready(logger, announcement.BaseUrl);
        announcement.Print(made);
    }

    private async Task TryAsync(bool isListening, CancellationToken cancellationToken)
    {
        switch (await setup.RunAsync(isListening, cancellationToken))
        {
            case DatabaseSetupOutcome.Done done:
                outcome = done.FirstRun;
                readiness.SetReady();
                break;
            case DatabaseSetupOutcome.Empty:
                isEmpty = true;
                break;
            case DatabaseSetupOutcome.Blocked blocked:
                Wait(blocked.Reason);
                break;
            default:
                throw new InvalidOperationException("An outcome without a case.");
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

    private static partial class Log
    {
        [LoggerMessage(2002, LogLevel.Warning, "Not ready: {Reason}")]
        public static partial void Waiting(ILogger logger, string reason);

        [LoggerMessage(2003, LogLevel.Critical, "The server stops: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);

        [LoggerMessage(2004, LogLevel.Information, "Ready: {BaseUrl}")]
        public static partial void Ready(ILogger logger, string baseUrl);

        [LoggerMessage(2005, LogLevel.Information, "Stopping: requests that have begun are answered")]
        public static partial void Stopping(ILogger logger);
    }
}
