using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Changes;
using Scim.Errors;
using ScimServer.Tests.Bulk;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Events;

/// <summary>Pages of which only the begin is read before they are answered.</summary>
public sealed class LongPageTests
{
    private const int Users = FeedRequest.MaxWhole + 50;

    /// <summary>EVT-134: each event once and in order, and the same to the byte however long the page is in which it comes.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_long_page_tells_what_short_ones_tell(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        var events = await EventsClient.OfAsync(scim);
        var users = await CreateAsync(scim);
        Assert.Equal(["201"], (await scim.BulkAsync(BulkClient.PostGroup("g", "Größe", users))).Statuses());
        (await scim.DeleteAsync($"/Users/{users[0]}")).Expect(204);

        var whole = (await events.GetAsync("?limit=5000")).Expect(200).Object;
        var (few, _) = await events.ReadAllAsync(limit: FeedRequest.MaxWhole);
        var (many, _) = await events.ReadAllAsync(limit: FeedRequest.MaxWhole + 1);

        Assert.Equal(few.Select(found => found.ToJsonString()), whole["events"]!.AsArray().Select(found => found!.ToJsonString()));
        Assert.Equal(few.Select(found => found.ToJsonString()), many.Select(found => found.ToJsonString()));
        Assert.Equal(Users + 3, few.Count);
        Assert.False((bool)whole["hasMore"]!);
        Assert.Empty((await events.ReadAllAsync((string)whole["cursor"]!)).Events);
    }

    /// <summary>EVT-134: parts follow each other without a gap, whatever their length.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task The_parts_of_a_page_follow_each_other(Database database)
    {
        var scim = await TestServers.NewTenantAsync(database);
        await CreateAsync(scim);
        var changes = (await (await FeedAsync(scim)).ReadAsync(scim.Tenant.Id, new FeedRequest { Limit = FeedRequest.MaxWhole }, default)).Changes;

        // Rows of four million bytes come one by one, and what is seen of them makes the parts longer.
        var rest = new FeedRest(scim.Server.Services.GetRequiredService<ScimDatabase>(), scim.Tenant.Id, changes[0].Seq, changes[^1].Seq, bytesOfRow: 4 * 1024 * 1024);
        var parts = new List<List<ChangeId>>();
        do
        {
            parts.Add([]);
        }
        while (await rest.ReadAsync((in EventFields fields) => parts[^1].Add(fields.Id), default));

        Assert.Equal([1, changes.Count - 2, 0], parts.Select(part => part.Count));
        Assert.Equal(changes.Skip(1).Select(row => new ChangeId(row.Txn, row.ResourceId, row.Part)), parts.SelectMany(part => part));
    }

    /// <summary>EVT-140: what is deleted while a page is read is no gap in it: the page does not end, and the next request is told 410.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task A_page_whose_rows_are_deleted_under_it_does_not_end(Database database)
    {
        var scim = await TestServers.NewTenantAsync(await ScimServerFactory.StartAsync(database));
        await CreateAsync(scim);
        var page = await (await FeedAsync(scim)).ReadLongAsync(scim.Tenant.Id, new FeedRequest { Limit = FeedRequest.MaxWhole + 1 }, default);
        await scim.Server.Services.GetRequiredService<ChangeRetention>().DeleteAsync(DateTimeOffset.MaxValue, default);

        var refused = await Assert.ThrowsAsync<ScimException>(() => page.Rest!.ReadAsync((in EventFields _) => { }, default));

        Assert.Equal(410, refused.Error.Status);
    }

    /// <summary>EVT-140: the same for the client, who reads slowly: the answer is broken off in the middle, where it notices.</summary>
    [SkippableTheory]
    [EachDatabase]
    public async Task An_answer_whose_rows_are_deleted_while_it_is_sent_is_broken_off(Database database)
    {
        var scim = await TestServers.NewTenantAsync(await ScimServerFactory.StartAsync(database, SendLittleAtATime));
        var events = await EventsClient.OfAsync(scim);
        var cursor = await events.CursorAsync();
        await CreateAsync(scim, title: new string('t', 4_000));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));

        using var page = await events.BeginAsync($"?after={cursor}&limit=5000");
        await scim.Server.Services.GetRequiredService<ChangeRetention>().DeleteAsync(DateTimeOffset.MaxValue, default);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => page.Content.ReadAsStringAsync(patience.Token));
        (await events.GetAsync($"?after={cursor}&limit=5000")).Expect(410);
    }

    /// <summary>EVT-133: a page that is read whole has no rest which its reader could forget, and with it events.</summary>
    [Theory]
    [InlineData(FeedRequest.MaxWhole + 1)]
    [InlineData(5_000)]
    public async Task A_page_that_is_read_whole_is_no_long_one(int limit)
    {
        var scim = await TestServers.NewTenantAsync(Database.Sqlite);
        var feed = await FeedAsync(scim);
        var request = new FeedRequest { Limit = limit };

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => feed.ReadAsync(scim.Tenant.Id, request, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => feed.WaitAsync(scim.Tenant.Id, request, TimeSpan.Zero, TimeSpan.Zero, default));
    }

    /// <summary>No more than a few kilobytes are under way that the client has not taken: a page of a megabyte is never sent at once.</summary>
    private static void SendLittleAtATime(IServiceCollection services) => services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = endpoint =>
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        socket.SendBufferSize = 8 * 1024;
        return socket;
    });

    private static async Task<string[]> CreateAsync(ScimClient scim, string title = "")
    {
        var users = Enumerable.Range(0, Users).Select(i => BulkClient.PostUser($"u{i}", $"u{i}", $$""","externalId":"é\"{{i}}","displayName":"日本 \u0001 <>","title":"{{title}}"{{(i % 2 == 0 ? ",\"active\":true" : "")}}"""));
        var created = await scim.BulkAsync([.. users]);
        Assert.All(created, result => Assert.Equal("201", (string?)result["status"]));
        return [.. created.Select(result => result.Id())];
    }

    private static async Task<ChangeFeed> FeedAsync(ScimClient scim)
    {
        await EventsClient.SettleAsync(scim.Server);
        return scim.Server.Services.GetRequiredService<ChangeFeed>();
    }
}
