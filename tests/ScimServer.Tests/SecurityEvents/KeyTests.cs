using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using ScimServer.Events.SecurityEvents;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.SecurityEvents;

/// <summary>The keys that sign tokens.</summary>
public sealed class KeyTests
{
    [SkippableTheory]
    [EachDatabase]
    public async Task Keys_rotate_while_tokens_are_sent_and_old_tokens_verify_until_changes_are_not_kept(Database database)
    {
        var time = new MovableTime();
        var server = await ScimServerFactory.StartAsync(database, time, ("SecurityEvents:KeyDays", "30"), ("Events:RetentionDays", "90"));
        var scim = await TestServers.NewTenantAsync(server);
        var receiver = await StreamsClient.OfAsync(scim);
        var stream = await receiver.CreateIdAsync();

        async Task<VerifiedSet> NextAsync()
        {
            await scim.CreateUserAsync();
            return Assert.Single(await receiver.TakeAsync(stream));
        }

        var first = await NextAsync();
        time.Move(TimeSpan.FromDays(29.5));
        var keys = await KidsAsync(receiver);
        Assert.Equal(2, keys.Length);
        Assert.Equal((string?)first.Header["kid"], (string?)(await NextAsync()).Header["kid"]);

        time.Move(TimeSpan.FromDays(1));
        var second = await NextAsync();
        Assert.Equal(keys[1], (string?)second.Header["kid"]);
        await receiver.VerifyAsync(first.Jwt);

        // Only what signs, or is about to, can sign.
        await using (var context = server.Services.GetRequiredService<ScimDatabase>().OpenForAccess())
        {
            time.Move(TimeSpan.FromHours(1));
            await receiver.KeysAsync();
            Assert.Equal([(keys[0], false), (keys[1], true)], (await context.SigningKeys.OrderBy(key => key.Number).ToListAsync()).Select(key => (key.Kid, key.PrivateKey is not null)));
        }

        var (kid, from) = await server.Services.GetRequiredService<SigningKeyRing>().RotateAsync(default);
        Assert.Contains(kid, await KidsAsync(receiver));
        Assert.Equal(keys[1], (string?)(await NextAsync()).Header["kid"]);
        time.Move(from - time.GetUtcNow() + TimeSpan.FromSeconds(1));
        Assert.Equal(kid, (string?)(await NextAsync()).Header["kid"]);
        await receiver.VerifyAsync(second.Jwt);

        time.Move(TimeSpan.FromDays(95));
        Assert.DoesNotContain(keys[0], await KidsAsync(receiver));
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task Instances_share_the_keys_and_no_private_part_is_published_or_readable_in_the_database(Database database)
    {
        var connection = ("ConnectionStrings:ScimServer", database == Database.Sqlite ? PollTests.SharedFile() : await PreparedDatabase.CreateAsync());
        var servers = new[] { await ScimServerFactory.StartAsync(database, connection!), await ScimServerFactory.StartAsync(database, connection!) };

        var published = await Task.WhenAll(servers.Select(server => new StreamsClient(server, null).KeysAsync()));

        Assert.Equal(published[0], published[1]);
        var key = Assert.Single(JsonNode.Parse(published[0])!["keys"]!.AsArray())!.AsObject();
        Assert.Equal(["alg", "crv", "kid", "kty", "use", "x", "y"], key.Select(member => member.Key).Order(StringComparer.Ordinal));
        await using var context = servers[0].Services.GetRequiredService<ScimDatabase>().OpenForAccess();
        var row = Assert.Single(await context.SigningKeys.ToListAsync());
        Assert.DoesNotContain("\"d\"", System.Text.Encoding.UTF8.GetString(row.PrivateKey!), StringComparison.Ordinal);
    }

    private static async Task<string[]> KidsAsync(StreamsClient receiver) =>
        [.. JsonNode.Parse(await receiver.KeysAsync())!["keys"]!.AsArray().Select(key => (string)key!["kid"]!)];
}
