using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Scim.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Tests.Infrastructure;

namespace ScimServer.Tests.Events;

/// <summary>Reads the events of a tenant with a token of its own.</summary>
internal sealed class EventsClient(ScimServerFactory server, IssuedToken token)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Takes little at a time: what is not read stays with the server.</summary>
    private static readonly HttpClient SlowHttp = new(new SocketsHttpHandler { UseCookies = false, ConnectCallback = ConnectAsync }) { Timeout = Timeout.InfiniteTimeSpan };

    public IssuedToken Token { get; } = token;

    public static async Task<EventsClient> OfAsync(ScimClient scim)
    {
        var tokens = scim.Server.Services.GetRequiredService<AccessTokens>();
        return new EventsClient(scim.Server, await tokens.CreateAsync(scim.Tenant.Name, new NewToken("product") { Scopes = AccessScopes.Events }, default));
    }

    public async Task<ScimResponse> GetAsync(string query = "", string accept = "*/*")
    {
        await SettleAsync(server);
        using var request = Request(query);
        request.Headers.Accept.ParseAdd(accept);
        using var response = await Http.SendAsync(request);
        return await ScimResponse.ReadAsync(response);
    }

    /// <summary>The headers of an answer; of its body no more is on its way than a few kilobytes.</summary>
    public async Task<HttpResponseMessage> BeginAsync(string query = "", string accept = "*/*")
    {
        await SettleAsync(server);
        using var request = Request(query);
        request.Headers.Accept.ParseAdd(accept);
        return await SlowHttp.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>All events behind a cursor, page by page, and the cursor behind them.</summary>
    public async Task<(List<JsonObject> Events, string Cursor)> ReadAllAsync(string? after = null, string more = "", int limit = 1_000)
    {
        var events = new List<JsonObject>();
        JsonObject page;
        do
        {
            page = (await GetAsync($"?limit={limit}{(after is null ? "" : $"&after={after}")}{more}")).Expect(200).Object;
            events.AddRange(page["events"]!.AsArray().Select(found => found!.AsObject()));
            after = (string)page["cursor"]!;
        }
        while ((bool)page["hasMore"]!);
        return (events, after);
    }

    public async Task<string> CursorAsync() => (string)(await GetAsync("?after=now")).Expect(200).Object["cursor"]!;

    /// <summary>Server-Sent Events: the messages as they come, each with its id and its data; only those with data.</summary>
    public async IAsyncEnumerable<(string Id, JsonObject Event)> StreamAsync(
        string query = "", string? lastEventId = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var request = Request(query);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Assert.Equal("text/event-stream", response.EnsureSuccessStatusCode().Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        var id = "";
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line[4..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                yield return (id, JsonNode.Parse(line[6..])!.AsObject());
            }
        }
    }

    /// <summary>
    /// What is committed now can be read: on PostgreSQL a transaction that any other test has open holds the end of the feed back
    /// (EVT-137), longer than one request waits.
    /// </summary>
    public static async Task SettleAsync(ScimServerFactory server)
    {
        var database = server.Services.GetRequiredService<ScimDatabase>();
        var end = await database.Dialect.LogEndAsync(database, default);
        for (var last = end.Last; end.Settled < last;)
        {
            end = await database.Dialect.LogEndAsync(database, default);
        }
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4 * 1024 };
        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private HttpRequestMessage Request(string query)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, "/events" + query));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token.Secret);
        return request;
    }
}
