using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Leases;
using ScimServer.Events;
using ScimServer.Events.Leasing;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Leases;

/// <summary>Several instances share work, and none does what another has taken over (EVT-160, EVT-161).</summary>
public sealed class LeaseTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [SkippableTheory]
    [EachDatabase]
    public async Task A_lease_is_held_by_one_and_taken_over_when_it_ends(Database database)
    {
        var time = new MovableTime();
        var (scim, one, other, name) = await TwoAsync(database, time);

        var lease = await one.TakeAsync(name, Minute, default);
        Assert.NotNull(lease);
        Assert.Null(await other.TakeAsync(name, Minute, default));
        time.Move(Minute / 2);
        Assert.Equal([lease], await one.RenewAsync(name, Minute, default));
        time.Move(Minute * 0.75);
        Assert.Null(await other.TakeAsync(name, Minute, default));
        time.Move(Minute);

        var taken = await other.TakeAsync(name, Minute, default);

        Assert.True(taken!.Fence > lease.Fence);
        Assert.Empty(await one.RenewAsync(name, Minute, default));
        await Assert.ThrowsAsync<LeaseLostException>(() => HoldAsync(scim, one, lease));
        await HoldAsync(scim, other, taken);
        await other.ForgetEndedAsync(name, Minute, default);
        await HoldAsync(scim, other, taken);
        await one.ReleaseAsync(lease, default);
        Assert.Null(await one.TakeAsync(name, Minute, default));
        await other.ReleaseAsync(taken, default);
        Assert.True((await one.TakeAsync(name, Minute, default))!.Fence > taken.Fence);
        time.Move(Minute * 3);
        await other.ForgetEndedAsync(name, Minute, default);
        Assert.Equal(1, (await one.TakeAsync(name, Minute, default))!.Fence);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Of_many_who_take_a_lease_at_once_one_gets_it(Database database)
    {
        var scim = (await TestServers.GetAsync(database)).Services.GetRequiredService<ScimDatabase>();
        var name = $"test:{Guid.NewGuid():N}";

        var taken = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => new WorkLeases(scim, TimeProvider.System).TakeAsync(name, Minute, default)));

        Assert.Single(taken, lease => lease is not null);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Work_is_shared_evenly_run_once_at_a_time_and_taken_over_from_who_stops_and_who_dies(Database database)
    {
        var scim = (await TestServers.GetAsync(database)).Services.GetRequiredService<ScimDatabase>();
        var kind = $"test-{Guid.NewGuid():N}";
        var work = new Work(Enumerable.Range(0, 9).Select(_ => Guid.NewGuid()));
        using var one = work.Start(kind, scim);
        await Until(() => work.Running.Count == 9);
        using var two = work.Start(kind, scim);
        using var three = work.Start(kind, scim);

        await Until(() => work.Running.Count == 9 && new[] { one, two, three }.All(instance => work.Of(instance).Count == 3));
        await one.StopAsync();
        Assert.Empty(work.Of(one));
        Assert.Equal(2, await new WorkLeases(scim, TimeProvider.System).CountAsync($"present-{kind}:", default));
        await Until(() => work.Running.Count == 9);

        // The instance is cut off: it renews nothing and hears of nothing, and yet it stops in time.
        two.IsCutOff = true;
        await Until(() => work.Of(three).Count == 9);

        Assert.Empty(work.Twice);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Stored_secrets_open_for_their_use_alone_and_with_keys_of_the_configuration(Database database)
    {
        var services = (await TestServers.GetAsync(database)).Services;
        var keys = services.GetRequiredService<ServerKeys>();
        string[] configured = [Key(), Key()];
        var unset = new StoredSecrets(keys, new DatabaseOptions());
        var first = new StoredSecrets(keys, new DatabaseOptions { SecretKeys = configured[..1] });
        var second = new StoredSecrets(keys, new DatabaseOptions { SecretKeys = [configured[1], configured[0]] });
        var secret = "whsec"u8.ToArray();

        var plain = await unset.SealAsync("a", secret, default);
        var sealedOnce = await first.SealAsync("a", secret, default);

        Assert.Equal(-1, sealedOnce.AsSpan().IndexOf(secret));
        Assert.Equal(secret, await first.OpenAsync("a", plain, default));
        Assert.Equal(secret, await second.OpenAsync("a", sealedOnce, default));
        await Assert.ThrowsAnyAsync<CryptographicException>(async () => await unset.OpenAsync("a", sealedOnce, default));
        await Assert.ThrowsAnyAsync<CryptographicException>(async () => await first.OpenAsync("b", sealedOnce, default));
        Assert.False(StoredSecrets.IsKey("too short"));
        static string Key() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(StoredSecrets.KeyBytes));
    }

    private static async Task<(ScimDatabase Scim, WorkLeases One, WorkLeases Other, string Name)> TwoAsync(Database database, TimeProvider time)
    {
        var scim = (await TestServers.GetAsync(database)).Services.GetRequiredService<ScimDatabase>();
        return (scim, new WorkLeases(scim, time), new WorkLeases(scim, time), $"test:{Guid.NewGuid():N}");
    }

    private static async Task HoldAsync(ScimDatabase scim, WorkLeases leases, Lease lease)
    {
        using var turn = await scim.Dialect.EnterWriteAsync(default);
        await using var context = scim.OpenForAccess();
        await using var transaction = await context.Database.BeginTransactionAsync();
        await leases.HoldAsync(context, lease);
        await transaction.CommitAsync();
    }

    private static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Pieces of work that note who runs them.</summary>
    private sealed class Work(IEnumerable<Guid> ids)
    {
        private readonly Guid[] ids = [.. ids];

        public ConcurrentDictionary<Guid, Instance> Running { get; } = new();

        public ConcurrentBag<Guid> Twice { get; } = [];

        public List<Guid> Of(Instance instance) => [.. Running.Where(pair => pair.Value == instance).Select(pair => pair.Key)];

        public Instance Start(string kind, ScimDatabase scim)
        {
            var instance = new Instance();
            var shared = new LeasedWork(kind, new WorkLeases(scim, TimeProvider.System), Options.Create(new EventsOptions { LeaseSeconds = 2 }), NullLogger.Instance);
            instance.Done = shared.RunAsync(
                async token =>
                {
                    while (instance.IsCutOff)
                    {
                        await Task.Delay(20, token);
                    }

                    return [.. ids.Select(id => new WorkItem(id, (_, ending) => RunAsync(instance, id, ending)))];
                },
                instance.Stopping.Token);
            return instance;
        }

        private async Task RunAsync(Instance instance, Guid id, CancellationToken ending)
        {
            if (!Running.TryAdd(id, instance))
            {
                Twice.Add(id);
            }

            await Task.Delay(Timeout.Infinite, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Running.TryRemove(new KeyValuePair<Guid, Instance>(id, instance));
        }
    }

    private sealed class Instance : IDisposable
    {
        public CancellationTokenSource Stopping { get; } = new();

        public bool IsCutOff { get; set; }

        public Task Done { get; set; } = Task.CompletedTask;

        public async Task StopAsync()
        {
            await Stopping.CancelAsync();
            await Done;
        }

        public void Dispose() => StopAsync().GetAwaiter().GetResult();
    }
}
