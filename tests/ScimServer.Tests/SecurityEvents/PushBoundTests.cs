using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using ScimServer.Events.Webhooks;
using ScimServer.Tests.Admin;
using ScimServer.Tests.Bulk;
using ScimServer.Tests.Events;
using ScimServer.Tests.Infrastructure;
using static ScimServer.Tests.SecurityEvents.PushTests;

namespace ScimServer.Tests.SecurityEvents;

/// <summary>A receiver that refuses the tokens of more resources than may be held back.</summary>
public sealed class PushBoundTests
{
    private static readonly ConcurrentDictionary<Database, Lazy<Task<(ScimServerFactory Server, MovableTime Time)>>> Servers = new();

    /// <summary>EVT-123: 1,000 resources, and as many more as may be under way, hold back nothing but themselves. Beyond that nothing new is issued, so what waits is bounded.</summary>
    [SkippableTheory]
    [EachDatabase(1_001, false)]
    [EachDatabase(1_400, true)]
    public async Task However_many_resources_are_refused_nothing_is_lost_or_out_of_order(Database database, int count, bool isFull)
    {
        const int Bound = 1_200;
        var isCured = false;
        var (scim, streams, time) = await NewAsync(Servers, database);
        var refused = await NewUsersAsync(scim, count);
        await using var receiver = await Receiver.StartAsync((context, request) =>
        {
            var isRefused = refused.Contains(UserOf(request)) && !Volatile.Read(ref isCured);
            context.Response.StatusCode = isRefused ? 400 : 202;
            return isRefused ? context.Response.WriteAsJsonAsync(new { err = "access_denied" }) : Task.CompletedTask;
        });
        await EventsClient.SettleAsync(scim.Server);
        var stream = await streams.CreateIdAsync(Body(receiver));
        var admin = await AdminClient.NewAsync(scim.Server);
        async Task<int> WaitingAsync() => (int)(await admin.GetAsync($"/tenants/{scim.Tenant.Id}/streams/{stream}")).Expect(200).Object["waiting"]!;
        using var seen = new SeenMetrics(WebhookMetrics.MeterName, "stream", stream);
        await PatchAsync(scim, refused);
        await PatchAsync(scim, refused);
        await UntilAsync(async () => await WaitingAsync() == Math.Min(count, Bound));

        var other = await scim.CreateUserIdAsync();
        if (isFull)
        {
            await UntilAsync(() =>
            {
                seen.Look();
                return seen["scim.stream.lag"] > 0 && receiver.Requests.Select(UserOf).Distinct().Count() >= Bound;
            });
            Assert.Equal((Bound, Bound), (await WaitingAsync(), receiver.Requests.Select(UserOf).Distinct().Count()));
        }
        else
        {
            await UntilAsync(() => receiver.Requests.Any(request => UserOf(request) == other));
        }

        Volatile.Write(ref isCured, true);
        await UntilAsync(async () =>
        {
            time.Move(TimeSpan.FromSeconds(10));
            return await WaitingAsync() == 0 && receiver.Requests.Any(request => UserOf(request) == other);
        });
        foreach (var versions in receiver.Requests.Where(request => refused.Contains(UserOf(request))).GroupBy(UserOf).Select(user => user.Select(VersionOf).ToArray()))
        {
            Assert.Equal(versions.Order(), versions);
            Assert.Equal([2, 3], versions.Distinct());
        }

        Assert.Equal(count + 1, receiver.Requests.Select(UserOf).Distinct().Count());
    }

    private static string UserOf(Received request) => ((string)Claims(request)["sub_id"]!["uri"]!)["/Users/".Length..];

    private static async Task<HashSet<string>> NewUsersAsync(ScimClient scim, int count)
    {
        var ids = new HashSet<string>();
        foreach (var chunk in Enumerable.Range(0, count).Chunk(500))
        {
            ids.UnionWith((await scim.BulkAsync([.. chunk.Select(i => BulkClient.PostUser($"u{i}", $"u{i}"))])).Select(created => created.Id()));
        }

        return ids;
    }

    private static async Task PatchAsync(ScimClient scim, IEnumerable<string> users)
    {
        foreach (var chunk in users.Chunk(500))
        {
            var title = $$"""{"op":"replace","path":"title","value":"{{Guid.NewGuid()}}"}""";
            Assert.All(await scim.BulkAsync([.. chunk.Select(user => BulkClient.Patch($"/Users/{user}", title))]), patched => Assert.Equal("200", (string?)patched["status"]));
        }
    }
}
