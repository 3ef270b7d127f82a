using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace ScimServer.Http;

/// <summary>An answer that goes on, message by message, until the client goes or the server stops (Server-Sent Events, WHATWG HTML §9.2).</summary>
internal sealed class ServerSentEvents
{
    public const string MediaType = "text/event-stream";

    /// <summary>How long nothing may be sent: proxies cut off what is silent for a minute.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private long sentAt = TimeProvider.System.GetTimestamp();

    private ServerSentEvents(PipeWriter body) => Body = body;

    /// <summary>Where messages are written to; <see cref="FlushAsync"/> sends them.</summary>
    public PipeWriter Body { get; }

    /// <summary>Whether something has to be sent, if it is only a comment.</summary>
    public bool IsSilent => TimeProvider.System.GetElapsedTime(sentAt) >= Silence;

    /// <summary>
    /// Whether the client wants messages at least as much as JSON (RFC 9110 §12.5.1). They have to be named: who accepts all that there is, or all that is text,
    /// does not expect an answer without end.
    /// </summary>
    public static bool AreWanted(HttpRequest request)
    {
        var accept = AcceptHeader.Of(request);
        return accept.Names(MediaType) && accept.Quality(MediaType) is > 0 and var messages && messages >= accept.Quality(AcceptedMediaType.Json);
    }

    /// <summary>Answers with what is written. The answer has begun then: what is to be refused is refused before.</summary>
    /// <param name="context">The request.</param>
    /// <param name="write">Writes messages for as long as there is a reason to.</param>
    /// <param name="ending">Cancelled when the client has gone or the server stops.</param>
    public static async Task AnswerAsync(HttpContext context, Func<ServerSentEvents, Task> write, CancellationToken ending)
    {
        context.Response.ContentType = MediaType;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await write(new ServerSentEvents(context.Response.BodyWriter));
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client has gone, or the server stops: the client connects again elsewhere.
        }
    }

    /// <summary>Sends lines, after what was written before.</summary>
    public async Task SendAsync(string lines, CancellationToken ending)
    {
        Body.Write(Encoding.UTF8.GetBytes(lines));
        await FlushAsync(ending);
    }

    /// <summary>Sends what was written.</summary>
    public async Task FlushAsync(CancellationToken ending)
    {
        await Body.FlushAsync(ending);
        sentAt = TimeProvider.System.GetTimestamp();
    }
}
