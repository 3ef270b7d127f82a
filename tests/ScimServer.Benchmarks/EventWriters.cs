using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace ScimServer.Benchmarks;

/// <summary>Tenants with webhooks, and clients that write to them.</summary>
internal static class EventWriters
{
    public const int Clients = 16;

    public static async Task<HttpClient> TenantAsync(ServerSetup setup, ServerProcess server, string name)
    {
        await ServerProcess.RunCommandAsync(setup, "tenants", "create", name);
        var client = new HttpClient { BaseAddress = server.Client.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new("Bearer", await ServerProcess.RunCommandAsync(setup, "tokens", "create", "--tenant", name, "--name", "idp"));
        return client;
    }

    public static async Task AddAsync(ServerSetup setup, string tenant, params IReadOnlyList<Uri> receivers)
    {
        foreach (var receiver in receivers)
        {
            await ServerProcess.RunCommandAsync(setup, "webhooks", "add", "--tenant", tenant, "--url", receiver.ToString());
        }

        await Task.Delay(1_500); // Seen by the server within a second.
    }

    /// <summary>Clients that create and PATCH users in turn.</summary>
    /// <param name="tenant">Whose users.</param>
    /// <param name="time">For how long.</param>
    /// <param name="onWrite">Called after each write.</param>
    /// <param name="every">How often each client does both; one that is late does not hurry. Without it they write as fast as they are answered.</param>
    public static async Task<Written> WriteAsync(HttpClient tenant, TimeSpan time, Action? onWrite = null, TimeSpan every = default)
    {
        var (created, durations, watch) = (new ConcurrentBag<(string, long)>(), new ConcurrentBag<double>(), Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            while (watch.Elapsed < time)
            {
                var began = Stopwatch.GetTimestamp();
                var id = await CreateAsync(tenant);
                var answered = Stopwatch.GetTimestamp();
                created.Add((id, answered));
                durations.Add(Since(began, answered));
                onWrite?.Invoke();
                await PatchAsync(tenant, id);
                durations.Add(Since(answered, Stopwatch.GetTimestamp()));
                onWrite?.Invoke();
                var left = every - Stopwatch.GetElapsedTime(began);
                if (left > TimeSpan.Zero)
                {
                    await Task.Delay(left);
                }
            }
        })));
        return new Written([.. created], [.. durations.Order()]);
    }

    /// <returns>The id of the user, without hyphens.</returns>
    public static async Task<string> CreateAsync(HttpClient tenant)
    {
        using var content = Requests.Body(new JsonObject { ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:User"), ["userName"] = $"{Guid.NewGuid():N}@example.com" });
        using var response = (await tenant.PostAsync(new Uri("Users", UriKind.Relative), content)).EnsureSuccessStatusCode();
        return Guid.Parse((string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["id"]!).ToString("N");
    }

    private static async Task PatchAsync(HttpClient tenant, string id)
    {
        using var content = Requests.Body(new JsonObject
        {
            ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:PatchOp"),
            ["Operations"] = new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = "active", ["value"] = false }),
        });
        using var response = (await tenant.PatchAsync(new Uri($"Users/{Guid.Parse(id)}", UriKind.Relative), content)).EnsureSuccessStatusCode();
    }

    public static double At(List<double> sorted, double part) => sorted[(int)((sorted.Count - 1) * part)];

    /// <summary>An event may arrive before the answer does.</summary>
    public static double Since(long from, long to) => Math.Max(0, Stopwatch.GetElapsedTime(from, to).TotalMilliseconds);
}

/// <summary>What clients wrote.</summary>
/// <param name="Created">The users, and when each was answered.</param>
/// <param name="Durations">How long the writes took, in milliseconds, the shortest first.</param>
internal sealed record Written(IReadOnlyList<(string Id, long Answered)> Created, List<double> Durations)
{
    public int Writes => Durations.Count;

    public double P50 => EventWriters.At(Durations, 0.5);

    public double P99 => EventWriters.At(Durations, 0.99);
}
