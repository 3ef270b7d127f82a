using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ScimServer.Tests.Events;

/// <summary>A request as it came.</summary>
internal sealed record Received(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body, DateTimeOffset At);

/// <summary>A web server of the product's, which does with requests what the test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Received> requests = new();

    private Receiver(WebApplication app) => this.app = app;

    /// <summary>What came so far, in order.</summary>
    public IReadOnlyList<Received> Requests => [.. requests];

    public Uri Address { get; private set; } = null!;

    /// <summary>Answers a request that has been noted. 204 unless set.</summary>
    public Func<HttpContext, Received, Task> Answer { get; set; } = (context, _) =>
    {
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    };

    public static async Task<Receiver> StartAsync(Func<HttpContext, Received, Task>? answer = null, string host = "127.0.0.1")
    {
        // A watched file costs one of the 128 watchers that a user has on Linux.
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{host}:0");
        var receiver = new Receiver(builder.Build());
        receiver.Answer = answer ?? receiver.Answer;
        receiver.app.Run(receiver.TakeAsync);
        await receiver.app.StartAsync();
        receiver.Address = new Uri(receiver.app.Urls.Single());
        return receiver;
    }

    public static Func<HttpContext, Received, Task> Status(int status) => (context, _) =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var received = new Received(
            context.Request.Method,
            context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync(),
            DateTimeOffset.UtcNow);
        requests.Enqueue(received);
        await Answer(context, received);
    }
}
