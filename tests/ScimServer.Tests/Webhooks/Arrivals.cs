using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using ScimServer.Tests.Events;

namespace ScimServer.Tests.Webhooks;

/// <summary>An event that came.</summary>
/// <param name="Id">The id by which a receiver passes over what it has (<c>webhook-id</c>, <c>jti</c>).</param>
/// <param name="Resource">The resource.</param>
/// <param name="Version">Its version.</param>
/// <param name="Content">What must be the same when it comes again.</param>
internal sealed record Arrival(string Id, string Resource, long Version, string Content);

/// <summary>A receiver that passes over what it has already, as products must (EVT-120), and fails on what comes again changed.</summary>
internal sealed class Arrivals : IAsyncDisposable
{
    private readonly Lock turn = new();
    private readonly Dictionary<string, int> contents = [];
    private readonly HashSet<(string Resource, long Version)> told = [];
    private readonly List<(string Resource, long Version)> inOrder = [];
    private readonly List<string> changed = [];
    private Receiver receiver = null!;

    public Uri Address => receiver.Address;

    /// <summary>How many events came, each once.</summary>
    public int Count
    {
        get
        {
            lock (turn)
            {
                return inOrder.Count;
            }
        }
    }

    public static async Task<Arrivals> StartAsync(Func<Received, Arrival> read)
    {
        var arrivals = new Arrivals();
        arrivals.receiver = await Receiver.StartAsync((context, request) =>
        {
            arrivals.Note(read(request));
            context.Response.StatusCode = 202;
            return Task.CompletedTask;
        });
        return arrivals;
    }

    /// <summary>What a webhook says; its bytes are the same each time (EVT-84).</summary>
    public static Arrival OfWebhook(Received request)
    {
        var data = JsonNode.Parse(request.Body)!["data"]!;
        return new Arrival(request.Headers["webhook-id"], (string)data["id"]!, (long)data["version"]!, request.Body);
    }

    /// <summary>What a token says; its claims are the same each time, and only its signature differs.</summary>
    public static Arrival OfStream(Received request)
    {
        var text = Base64UrlEncoder.Decode(request.Body.Split('.')[1]);
        var claims = JsonNode.Parse(text)!;
        var version = (string)claims["events"]!.AsObject().First().Value!["version"]!;
        return new Arrival(
            (string)claims["jti"]!, ((string)claims["sub_id"]!["uri"]!).Split('/')[^1], long.Parse(version[3..^1], System.Globalization.CultureInfo.InvariantCulture), text);
    }

    public bool Has(string resource, long version)
    {
        lock (turn)
        {
            return told.Contains((resource, version));
        }
    }

    /// <summary>The events in the order in which each came first.</summary>
    public IReadOnlyList<(string Resource, long Version)> InOrderOfArrival()
    {
        lock (turn)
        {
            Assert.Empty(changed);
            return [.. inOrder];
        }
    }

    public ValueTask DisposeAsync() => receiver.DisposeAsync();

    private void Note(Arrival arrival)
    {
        lock (turn)
        {
            var content = string.GetHashCode(arrival.Content, StringComparison.Ordinal);
            if (contents.TryAdd(arrival.Id, content))
            {
                told.Add((arrival.Resource, arrival.Version));
                inOrder.Add((arrival.Resource, arrival.Version));
            }
            else if (contents[arrival.Id] != content)
            {
                changed.Add(arrival.Content);
            }
        }
    }
}
