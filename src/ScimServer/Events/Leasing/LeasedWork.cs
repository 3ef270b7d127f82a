using System.Diagnostics;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Leases;

namespace ScimServer.Events.Leasing;

/// <summary>A piece of work that one instance does at a time.</summary>
/// <param name="Id">Which: an endpoint, a stream.</param>
/// <param name="Run">
/// Does it until its token is cancelled, which happens when the lease is lost, the work is not wanted any more or the server stops.
/// It must not send anything after that, and must call <see cref="WorkLeases.HoldAsync"/> first in each transaction in which it notes what it did. It
/// is started again when it throws.
/// </param>
internal sealed record WorkItem(Guid Id, Func<Lease, CancellationToken, Task> Run);

/// <summary>
/// Shares work among all instances: each runs about as many pieces as every other, none is run by two, and those of an instance
/// that died are taken over when their leases end. Held by the feature whose work it is:
/// <code>
/// await new LeasedWork("stream", leases, options, logger).RunAsync(async token => [.. streams.Select(stream => new WorkItem(stream.Id, stream.PushAsync))], stoppingToken);
/// </code>
/// </summary>
/// <param name="kind">The kind of work; names of leases begin with it.</param>
/// <param name="leases">The leases.</param>
/// <param name="options">How long they last.</param>
/// <param name="logger">Hears what goes wrong.</param>
internal sealed partial class LeasedWork(string kind, WorkLeases leases, IOptions<EventsOptions> options, ILogger logger)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RestartAfter = TimeSpan.FromSeconds(2);

    /// <summary>An instance that was killed will not be present again.</summary>
    private static readonly TimeSpan Bygone = TimeSpan.FromDays(1);

    private readonly Dictionary<Guid, Running> running = [];
    private long renewedAt;
    private int share = int.MaxValue;

    private TimeSpan Duration { get; } = TimeSpan.FromSeconds(options.Value.LeaseSeconds);

    private string Prefix => kind + ":";

    private string Presence => $"present-{kind}:{leases.Holder:N}";

    /// <summary>Runs what there is, and what comes and goes, until cancelled. Then the work is ended and the leases are given back.</summary>
    /// <param name="list">What there is to do at the moment, on all instances together. Asked twice a second: keep it to one cheap query.</param>
    /// <param name="stopping">Ends it.</param>
    public async Task RunAsync(Func<CancellationToken, Task<IReadOnlyList<WorkItem>>> list, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Look);
        try
        {
            do
            {
                try
                {
                    await TurnAsync(await list(stopping), stopping);
                }
                catch (Exception exception) when (!stopping.IsCancellationRequested)
                {
                    Log.Failed(logger, exception, kind);
                }
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops.
        }

        await EndAsync([.. running.Keys]);

        // Whoever goes on need not leave a share for this instance until its presence ends.
        await TryAsync(() => leases.ForgetAsync(Presence, CancellationToken.None));
    }

    private async Task TurnAsync(IReadOnlyList<WorkItem> wanted, CancellationToken stopping)
    {
        await RenewAsync(wanted.Count, stopping);
        var ids = wanted.Select(item => item.Id).ToHashSet();
        await EndAsync([.. running.Keys.Where(id => !ids.Contains(id) || running[id].Done.IsCompleted)]);
        await EndAsync([.. running.Keys.Take(Math.Max(0, running.Count - share))]);

        // Beginning anywhere, so that instances do not all ask for the same ones.
        var first = wanted.Count == 0 ? 0 : Random.Shared.Next(wanted.Count);
        for (var i = 0; i < wanted.Count && running.Count < share; i++)
        {
            var item = wanted[(first + i) % wanted.Count];
            if (!running.ContainsKey(item.Id))
            {
                await StartAsync(item, stopping);
            }
        }
    }

    private async Task StartAsync(WorkItem item, CancellationToken stopping)
    {
        var asked = Stopwatch.GetTimestamp();
        if (await leases.TakeAsync(Prefix + item.Id.ToString("N"), Duration, stopping) is { } lease)
        {
            running[item.Id] = new Running(item, lease, Remaining(asked), logger);
        }
    }

    /// <summary>Three times in the life of a lease, in one statement for all.</summary>
    private async Task RenewAsync(int wanted, CancellationToken stopping)
    {
        if (renewedAt != 0 && Stopwatch.GetElapsedTime(renewedAt) < Duration / 3)
        {
            return;
        }

        var asked = Stopwatch.GetTimestamp();
        if ((await leases.RenewAsync(Presence, Duration, stopping)).Count == 0)
        {
            await leases.TakeAsync(Presence, Duration, stopping);
            await leases.ForgetEndedAsync($"present-{kind}:", Bygone, stopping);
        }

        var present = Math.Max(1, await leases.CountAsync($"present-{kind}:", stopping));
        share = (wanted + present - 1) / present;
        var held = running.Count == 0 ? [] : (await leases.RenewAsync(Prefix, Duration, stopping)).ToHashSet();
        foreach (var (id, work) in running)
        {
            if (held.Contains(work.Lease))
            {
                work.Prolong(Remaining(asked));
            }
            else
            {
                Log.Lost(logger, work.Lease.Name);
                await work.EndAsync();
                running.Remove(id);
            }
        }

        renewedAt = asked;
    }

    /// <summary>By the own clock, from before the database was asked, and less than the lease itself: stopping takes a moment, too.</summary>
    private TimeSpan Remaining(long asked) => (Duration * 0.8) - Stopwatch.GetElapsedTime(asked);

    private async Task EndAsync(IReadOnlyList<Guid> ids)
    {
        await Task.WhenAll(ids.Select(id => running[id].EndAsync()));
        foreach (var id in ids)
        {
            var lease = running[id].Lease;
            running.Remove(id);
            await TryAsync(() => leases.ReleaseAsync(lease, CancellationToken.None));
        }
    }

    /// <summary>Gives something back that would end by itself.</summary>
    private async Task TryAsync(Func<Task> giveBack)
    {
        try
        {
            await giveBack();
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException or InvalidOperationException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            Log.Failed(logger, exception, kind);
        }
    }

    /// <summary>A piece of work under way.</summary>
    private sealed class Running : IDisposable
    {
        private readonly CancellationTokenSource ending = new();
        private volatile bool isToEnd;

        public Running(WorkItem item, Lease lease, TimeSpan remaining, ILogger logger)
        {
            Lease = lease;
            Prolong(remaining);
            Done = Task.Run(async () =>
            {
                await RunAsync(item, logger);
                if (ending.IsCancellationRequested && !isToEnd)
                {
                    Log.Late(logger, Lease.Name);
                }
            });
        }

        public Lease Lease { get; }

        public Task Done { get; }

        /// <summary>Once the time is over the work is cancelled, whether or not anybody is there to do it.</summary>
        public void Prolong(TimeSpan remaining) => ending.CancelAfter(remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero);

        public async Task EndAsync()
        {
            isToEnd = true;
            await ending.CancelAsync();
            await Done;
            Dispose();
        }

        public void Dispose() => ending.Dispose();

        private async Task RunAsync(WorkItem item, ILogger logger)
        {
            while (!ending.IsCancellationRequested)
            {
                try
                {
                    await item.Run(Lease, ending.Token);
                    await Task.Delay(RestartAfter, ending.Token);
                }
                catch (OperationCanceledException) when (ending.IsCancellationRequested)
                {
                    return;
                }
                catch (LeaseLostException)
                {
                    Log.Lost(logger, Lease.Name);
                    return;
                }
                catch (Exception exception) when (exception is not OutOfMemoryException)
                {
                    Log.Broke(logger, exception, Lease.Name);
                    await Task.Delay(RestartAfter, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5010, LogLevel.Warning, "The work of \"{Kind}\" could not be shared out; tried again")]
        public static partial void Failed(ILogger logger, Exception exception, string kind);

        [LoggerMessage(5011, LogLevel.Warning, "Another instance has taken over {Lease}")]
        public static partial void Lost(ILogger logger, string lease);

        [LoggerMessage(5013, LogLevel.Warning, "{Lease} was not renewed in time, and its work stopped: this machine or the database is too busy. What it had begun is done again")]
        public static partial void Late(ILogger logger, string lease);

        [LoggerMessage(5012, LogLevel.Error, "{Lease} broke off and is begun again")]
        public static partial void Broke(ILogger logger, Exception exception, string lease);
    }
}
