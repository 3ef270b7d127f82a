using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ScimServer.Tests.Admin;
using ScimServer.Tests.Events;
using ScimServer.Tests.Infrastructure;
using StandardWebhooks;

namespace ScimServer.Tests.Webhooks;

/// <summary>A tenant of a server that may send to this machine, a client that administers, and what receivers got.</summary>
internal sealed class WebhookWorld
{
    private static readonly ConcurrentDictionary<Database, Lazy<Task<ScimServerFactory>>> Servers = new();

    private WebhookWorld(ScimClient scim, AdminClient admin)
    {
        Scim = scim;
        Admin = admin;
    }

    public ScimClient Scim { get; }

    public AdminClient Admin { get; }

    public string Path => $"/tenants/{Scim.Tenant.Id}/webhooks";

    /// <summary>What lets a server send to receivers of a test.</summary>
    public static (string Key, string? Value)[] Settings =>
        [("Outbound:AllowHttp", "true"), ("Outbound:AllowedNetworks:0", "127.0.0.0/8"), ("Webhooks:Concurrency", "8")];

    /// <summary>A new tenant of a server that is shared, or of one of its own with a clock or settings of the test's.</summary>
    public static async Task<WebhookWorld> NewAsync(Database database, TimeProvider? time = null, params (string Key, string? Value)[] settings)
    {
        var server = time is not null || settings.Length > 0
            ? await ScimServerFactory.StartAsync(database, time ?? TimeProvider.System, [.. Settings, .. settings])
            : await Servers.GetOrAdd(database, key => new Lazy<Task<ScimServerFactory>>(() => TestRun.ForAllAsync(() => ScimServerFactory.StartAsync(key, Settings)))).Value;
        return await OfAsync(await TestServers.NewTenantAsync(server));
    }

    public static async Task<WebhookWorld> OfAsync(ScimClient scim) => new(scim, await AdminClient.NewAsync(scim.Server));

    /// <summary>Adds a webhook to a receiver.</summary>
    public async Task<(string Id, string Secret)> AddAsync(Receiver receiver, string more = "", string? path = null)
    {
        var added = (await Admin.PostAsync(path ?? Path, $$"""{"url":"{{receiver.Address}}hook"{{(more.Length > 0 ? "," + more : "")}}}""")).Expect(201).Object;
        return ((string)added["webhook"]!["id"]!, (string)added["secret"]!);
    }

    public async Task<JsonObject> GetAsync(string id) => (await Admin.GetAsync($"{Path}/{id}")).Expect(200).Object;

    /// <summary>The attempts at a webhook, oldest first.</summary>
    public async Task<List<JsonObject>> AttemptsAsync(string id, string query = "") =>
        [.. (await Admin.GetAsync($"{Path}/{id}/attempts{query}")).Expect(200).Array.Select(attempt => attempt!.AsObject()).Reverse()];

    /// <summary>Waits until something holds.</summary>
    public static async Task Until(Func<bool> holds, string what = "what was expected") => await Until(() => Task.FromResult(holds()), what);

    /// <summary>Waits until something holds.</summary>
    public static async Task Until(Func<Task<bool>> holds, string what = "what was expected")
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await holds())
        {
            Assert.False(patience.IsCancellationRequested, $"Waited in vain for {what}.");
            await Task.Delay(20);
        }
    }

    public static JsonObject Event(Received request) => JsonNode.Parse(request.Body)!.AsObject();

    public static string Resource(Received request) => (string)Event(request)["data"]!["id"]!;

    public static long Version(Received request) => (long)Event(request)["data"]!["version"]!;

    /// <summary>
    /// What a product keeps: each event when it first came. An attempt whose answer came too late, or that was broken off with its lease, is made again (EVT-120, EVT-121);
    /// it fails unless that had the same bytes.
    /// </summary>
    public static IReadOnlyList<Received> Kept(Receiver receiver)
    {
        var byId = receiver.Requests.GroupBy(request => request.Headers["webhook-id"]).ToList();
        Assert.All(byId, attempts => Assert.Single(attempts.Select(attempt => attempt.Body).Distinct()));
        return [.. byId.Select(attempts => attempts.First())];
    }

    /// <summary>Fails unless each resource's versions rise, and no event came twice.</summary>
    public static void AssertInOrder(IReadOnlyList<Received> requests)
    {
        Assert.Equal(requests.Count, requests.Select(request => request.Headers["webhook-id"]).Distinct().Count());
        foreach (var versions in requests.GroupBy(Resource).Select(group => group.Select(Version).ToArray()))
        {
            Assert.Equal(versions.Order(), versions);
        }
    }

    /// <summary>Whether the secret made one of the signatures. Written anew here: HMAC-SHA256 over id, time and body (EVT-81, EVT-82).</summary>
    public static bool IsSignedBy(Received request, string secret)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var signed = $"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}.{request.Body}";
        var signature = "v1," + Convert.ToBase64String(System.Security.Cryptography.HMACSHA256.HashData(key, System.Text.Encoding.UTF8.GetBytes(signed)));
        return request.Headers["webhook-signature"].Split(' ').Contains(signature);
    }

    /// <summary>Verifies as a product does, with the library.</summary>
    public static void Verify(Received request, string secret)
    {
        var headers = new Microsoft.AspNetCore.Http.HeaderDictionary();
        foreach (var (name, value) in request.Headers)
        {
            headers[name] = value;
        }

        new StandardWebhook(secret).Verify(request.Body, headers);
    }
}
