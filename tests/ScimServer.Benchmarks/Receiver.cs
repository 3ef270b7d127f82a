using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ScimServer.Benchmarks;

/// <summary>A product's receiver of webhooks, which notes when the event of a resource's version arrived; or one that never answers.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, long> arrived = new();
    private long count;

    private Receiver(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single());

    /// <summary>Events so far.</summary>
    public long Count => Interlocked.Read(ref count);

    public static async Task<Receiver> StartAsync(bool isDead = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new Receiver(builder.Build());
        receiver.app.Run(isDead ? context => Task.Delay(Timeout.Infinite, context.RequestAborted) : receiver.TakeAsync);
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>When the first event of a resource arrived, as a timestamp of <see cref="Stopwatch"/>.</summary>
    public async Task<long> ArrivalAsync(string resource)
    {
        long at;
        while (!arrived.TryGetValue(resource, out at))
        {
            await Task.Delay(1);
        }

        return at;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        var at = Stopwatch.GetTimestamp();
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);

        // evt_<txn>_<resource>
        arrived.TryAdd(context.Request.Headers["webhook-id"].ToString().Split('_')[2], at);
        Interlocked.Increment(ref count);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
