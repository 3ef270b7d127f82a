using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Streams;
using Scim.EntityFrameworkCore.Webhooks;
using ScimServer.Events.SecurityEvents;
using ScimServer.Tests.Cli;
using ScimServer.Tests.Infrastructure;
using ScimServer.Tests.OAuth;

namespace ScimServer.Tests.Startup;

/// <summary>One of Database:SecretKeys takes the place of another, and everything that was encrypted goes on.</summary>
public sealed class SecretKeyTests
{
    private const string Header = "Bearer of-the-receiver";

    [SkippableTheory]
    [EachDatabase]
    public async Task A_key_can_go_when_everything_is_encrypted_anew_and_not_before(Database database)
    {
        var (before, after) = (Key(), Key());
        await using var first = await ScimServerFactory.StartAsync(database, ("Database:SecretKeys:0", before));
        var (client, webhook, secrets, stream) = await UseAsync(first);
        var token = await client.TokenAsync();
        using var folder = new ProcessFolder();

        var (exitCode, _, errors) = await ServerProcess.RunAsync(folder, [], Settings(first, after));
        Assert.Equal(1, exitCode);
        Assert.Contains($"the key {Id(before)} (", errors, StringComparison.Ordinal);
        Assert.Contains("run: database reencrypt", errors, StringComparison.Ordinal);

        (exitCode, _, errors) = await CommandProcess.RunAsync(folder, ["database", "reencrypt"], Settings(first, after));
        Assert.Equal(1, exitCode);
        Assert.Contains($"the key {Id(before)}, which is not among Database:SecretKeys", errors, StringComparison.Ordinal);

        (exitCode, var output, errors) = await CommandProcess.RunAsync(folder, ["database", "reencrypt"], Settings(first, after, before));
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal($"Encrypted 5 secrets anew with the key {Id(after)}; 0 were encrypted with it already.", output);

        await using var second = await ScimServerFactory.StartAsync(database, [.. Shared(first), ("Database:SecretKeys:0", after)]);
        (await new ScimClient(second, client.Scim.Tenant, token).GetAsync("/Users")).Expect(200);
        await (client with { Server = second }).TokenAsync();
        var found = await second.Services.GetRequiredService<WebhookEndpoints>().SecretsAsync(webhook, default);
        Assert.Equal([secrets.Current, secrets.Old!], [found.Current, found.Old!]);
        Assert.Equal(Header, await second.Services.GetRequiredService<StreamRegistration>().AuthorizationAsync((await second.Services.GetRequiredService<EventStreams>().FindAsync(client.Scim.Tenant.Id, stream, default))!, default));
        await second.Services.GetRequiredService<SigningKeyRing>().CurrentAsync(default);
    }

    [SkippableTheory]
    [EachDatabase]
    public async Task What_a_lost_key_encrypted_can_be_given_up(Database database)
    {
        var after = Key();
        await using var first = await ScimServerFactory.StartAsync(database, ("Database:SecretKeys:0", Key()));
        var (client, webhook, _, stream) = await UseAsync(first);
        await client.TokenAsync();
        using var folder = new ProcessFolder();

        var (exitCode, output, errors) = await CommandProcess.RunAsync(folder, ["database", "reencrypt", "--discard-lost"], Settings(first, after));
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains($"Given up: webhook {webhook.Id:N}", output, StringComparison.Ordinal);

        await using var second = await ScimServerFactory.StartAsync(database, [.. Shared(first), ("Database:SecretKeys:0", after)]);
        (await new ScimClient(second, client.Scim.Tenant, await (client with { Server = second }).TokenAsync()).GetAsync("/Users")).Expect(200);
        Assert.Equal("its secret is lost", (await second.Services.GetRequiredService<WebhookEndpoints>().FindAsync(webhook.Id, default))!.DisabledReason);
        Assert.Equal(StreamStatus.Paused, (await second.Services.GetRequiredService<EventStreams>().FindAsync(client.Scim.Tenant.Id, stream, default))!.Status);
        await second.Services.GetRequiredService<SigningKeyRing>().CurrentAsync(default);
    }

    /// <summary>Everything that is stored encrypted: the key of the token endpoint, the one of streams, two secrets of a webhook, the header of a stream.</summary>
    private static async Task<(TokenClient Client, Webhook Webhook, WebhookSecrets Secrets, Guid Stream)> UseAsync(ScimServerFactory server)
    {
        var client = await TokenClient.NewAsync(server);
        await client.TokenAsync();
        await server.Services.GetRequiredService<SigningKeyRing>().CurrentAsync(default);
        var webhooks = server.Services.GetRequiredService<WebhookEndpoints>();
        var webhook = (await webhooks.AddAsync(client.Scim.Tenant, new NewWebhook("https://receiver.example/"), default)).Webhook;
        webhook = (await webhooks.RotateAsync(webhook, TimeSpan.FromDays(1), default)).Webhook;
        var stream = await server.Services.GetRequiredService<StreamRegistration>().CreateAsync(
            client.Scim.Tenant, "https://issuer.example", new StreamRequest { EndpointUrl = "https://receiver.example/sets", Authorization = Header }, default);
        return (client, webhook, await webhooks.SecretsAsync(webhook, default), stream.Id);
    }

    private static (string, string?)[] Shared(ScimServerFactory server) => [("ConnectionStrings:ScimServer", server.Services.GetRequiredService<DatabaseOptions>().ConnectionString)];

    private static (string, string)[] Settings(ScimServerFactory server, params string[] keys)
    {
        var options = server.Services.GetRequiredService<DatabaseOptions>();
        return
        [
            ("Database__Provider", options.Provider.ToString()),
            ("ConnectionStrings__ScimServer", options.ConnectionString),
            ("Database__RowLevelSecurity", options.RowLevelSecurity ? "true" : "false"),
            .. keys.Select((key, i) => ($"Database__SecretKeys__{i}", key)),
        ];
    }

    private static string Key() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(StoredSecrets.KeyBytes));

    private static string Id(string key) => Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(key)))[..8];
}
