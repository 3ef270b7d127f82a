using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Resources;
using Scim.EntityFrameworkCore.Rows;
using Scim.Schemas;
using ScimServer.Tests.Infrastructure;
using ScimServer.Tests.Webhooks;

namespace ScimServer.Tests.Events;

/// <summary>
/// EVT-130 to EVT-137: numbers are drawn before commit, so later ones can be seen first, and those of a rolled back transaction
/// never. A reader loses nothing, sees nothing twice, and sees the changes of each resource in their order; so does the receiver of a
/// webhook, but that an attempt may be made again with the same id.
/// </summary>
[SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "Repeatable from its seed.")]
public sealed class CommitOrderTests
{
    private const int Writers = 24;
    private const int Readers = 3;
    private const int MaxHold = 40;

    /// <summary>A fixed number of writes; SCIM_FEED_SECONDS=25 lets the writers go on for so long.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task Readers_lose_nothing_while_transactions_are_held_open_and_rolled_back(Database database)
    {
        var scim = await TestServers.NewTenantAsync(await ScimServerFactory.StartAsync(database, WebhookWorld.Settings));
        var ids = (await scim.CreateUserIdsAsync(8)).Select(Guid.Parse).ToArray();
        var feed = scim.Server.Services.GetRequiredService<ChangeFeed>();
        var start = (await feed.ReadAsync(scim.Tenant.Id, new FeedRequest { After = FeedRequest.Now }, default)).Cursor;
        await using var receiver = await Receiver.StartAsync();
        await (await WebhookWorld.OfAsync(scim)).AddAsync(receiver);
        using var done = new CancellationTokenSource();

        // On threads of their own: SQLite's driver does not let go of the one that calls it.
        var readers = Enumerable.Range(0, Readers).Select(_ => Task.Run(() => ReadAsync(feed, scim.Tenant.Id, start, done.Token))).ToArray();
        var committed = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(scim, ids, writer, database)));
        await done.CancelAsync();

        var expected = committed.SelectMany(own => own).Order(StringComparer.Ordinal).ToArray();
        foreach (var seen in await Task.WhenAll(readers))
        {
            Assert.Equal(expected, seen.Select(Id).Order(StringComparer.Ordinal));
            foreach (var versions in seen.GroupBy(row => row.ResourceId).Select(rows => rows.Select(row => row.Version).ToArray()))
            {
                Assert.Equal(versions.Distinct().Order(), versions);
            }
        }

        await WebhookWorld.Until(() => receiver.Requests.Select(request => request.Headers["webhook-id"]).Distinct().Count() >= expected.Length, "every event by webhook");
        var received = receiver.Requests.DistinctBy(request => request.Headers["webhook-id"]).ToList();
        Assert.Equal(expected, received.Select(request => request.Headers["webhook-id"]).Order(StringComparer.Ordinal));
        WebhookWorld.AssertInOrder(received);
    }

    private static async Task<List<string>> WriteAsync(ScimClient scim, Guid[] ids, int writer, Database database)
    {
        var services = scim.Server.Services;
        var type = services.GetRequiredService<SchemaRegistry>().FindResourceType("User")!;
        var random = new Random(writer);
        var committed = new List<string>();
        var seconds = int.Parse(Environment.GetEnvironmentVariable("SCIM_FEED_SECONDS") ?? "0", CultureInfo.InvariantCulture);
        var count = database == Database.Sqlite ? 6 : 40;
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < count || watch.Elapsed.TotalSeconds < seconds; i++)
        {
            var tenant = new TenantContext(TimeProvider.System);
            tenant.Accept(new AuthenticatedToken(scim.Tenant.Id, scim.Tenant.Name, Guid.Empty, "writer"));
            var (id, hold, rollsBack) = (ids[random.Next(ids.Length)], random.Next(MaxHold), random.Next(10) == 0);
            try
            {
                await WriteTransaction.RunAsync(
                    services.GetRequiredService<ScimDatabase>(),
                    tenant,
                    async write =>
                    {
                        var row = (await LockedRows.FindAsync(write, type, id, write.Dialect.LockForUpdate, default))!;
                        row.Version++;
                        await using var command = write.CreateCommand();
                        command.AppendTouch(write.Dialect, row);
                        await command.ExecuteWithChangeAsync(write, tenant, row, ChangeKind.Patch, row.LastModified, new Delta());
                        await Task.Delay(hold);
                        return rollsBack ? throw new OperationCanceledException() : true;
                    },
                    default);
                committed.Add(new ChangeId(tenant.Txn, id, 0).ToString());
            }
            catch (OperationCanceledException)
            {
                // Rolled back: its number is never seen.
            }
        }

        return committed;
    }

    private static async Task<List<ChangeRow>> ReadAsync(ChangeFeed feed, int tenant, string cursor, CancellationToken done)
    {
        var seen = new List<ChangeRow>();
        FeedPage page;
        do
        {
            // Asked before reading: what is committed by then is in one of the pages up to the last.
            var isLast = done.IsCancellationRequested;
            do
            {
                page = await feed.ReadAsync(tenant, new FeedRequest { After = cursor, Limit = 50 }, default);
                seen.AddRange(page.Changes);
                cursor = page.Cursor;
            }
            while (page.HasMore);
            if (isLast)
            {
                return seen;
            }
        }
        while (true);
    }

    private static string Id(ChangeRow row) => new ChangeId(row.Txn, row.ResourceId, row.Part).ToString();
}
