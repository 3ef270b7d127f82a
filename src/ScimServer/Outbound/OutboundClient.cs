using System.Buffers;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Security.AntiSSRF;

namespace ScimServer.Outbound;

/// <summary>
/// Sends requests to addresses that others chose, and to public ones only: every connection is made to an address that the
/// library has just checked (EVT-170 to EVT-174), so a name that leads elsewhere since it was registered is refused too. It follows no redirect, keeps
/// no cookie, uses no proxy, and reads an answer to a bound.
/// </summary>
/// <example>
/// <code>
/// using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
/// var answer = await client.SendAsync(request, cancellationToken);
/// if (!answer.IsSuccess) { retryAt = now + (answer.RetryAfter ?? delay); note(answer.Status, answer.Error, answer.Duration); }
/// </code>
/// </example>
internal sealed class OutboundClient : IDisposable
{
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ConnectionIdle = TimeSpan.FromSeconds(30);

    private readonly HttpClient client;
    private readonly OutboundOptions options;
    private readonly TimeProvider time;

    public OutboundClient(IOptions<OutboundOptions> options, TimeProvider time)
        : this(options.Value, OutboundNetworks.Policy(options.Value), time)
    {
    }

    private OutboundClient(OutboundOptions options, AntiSSRFPolicy policy, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        client = new HttpClient(Handler(policy, options), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>A client that sends anywhere, for a developer who sends from the own machine.</summary>
    public static OutboundClient ToAnywhere(OutboundOptions options, TimeProvider time) =>
        new(options, new AntiSSRFPolicy(PolicyConfigOptions.None) { AllowPlainTextHttp = true }, time);

    /// <summary>Sends a request. Whatever goes wrong there is an answer; only the caller's cancellation throws.</summary>
    /// <exception cref="OperationCanceledException">The caller has cancelled.</exception>
    public async Task<OutboundAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The clock of the machine: how long a network takes has nothing to do with the time of day.
        var started = TimeProvider.System.GetTimestamp();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(TimeSpan.FromSeconds(options.TimeoutSeconds));
        OutboundAnswer answer;
        try
        {
            answer = await AnswerAsync(request, ending.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            answer = new OutboundAnswer { Fault = ending.IsCancellationRequested ? OutboundFault.TimedOut : FaultOf(exception) };
        }

        return answer with { Duration = TimeProvider.System.GetElapsedTime(started) };
    }

    public void Dispose() => client.Dispose();

    private async Task<OutboundAnswer> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return new OutboundAnswer
        {
            Status = (int)response.StatusCode,
            RetryAfter = Wait(response.Headers.RetryAfter),
            MediaType = response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant(),
            Body = await BodyAsync(response, cancellationToken),
        };
    }

    private async Task<ReadOnlyMemory<byte>> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var bound = (int)Math.Min(response.Content.Headers.ContentLength ?? options.MaxAnswerBytes, options.MaxAnswerBytes);
        var buffer = ArrayPool<byte>.Shared.Rent(bound);
        try
        {
            var length = await stream.ReadAtLeastAsync(buffer.AsMemory(0, bound), bound, throwOnEndOfStream: false, cancellationToken);
            return buffer.AsSpan(0, length).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private TimeSpan? Wait(RetryConditionHeaderValue? retryAfter)
    {
        var wait = retryAfter?.Delta ?? (retryAfter?.Date is { } date ? date - time.GetUtcNow() : null);
        return wait > TimeSpan.Zero ? wait : null;
    }

    private static AntiSSRFHandler Handler(AntiSSRFPolicy policy, OutboundOptions options)
    {
        var handler = policy.GetHandler();
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.ConnectTimeout = TimeSpan.FromSeconds(options.ConnectTimeoutSeconds);
        handler.PooledConnectionLifetime = ConnectionLife;
        handler.PooledConnectionIdleTimeout = ConnectionIdle;
        handler.ResponseDrainTimeout = TimeSpan.Zero;
        handler.MaxResponseHeadersLength = 16;
        return handler;
    }

    /// <summary>The library throws its own exception, or wraps it, when an address or a scheme is refused.</summary>
    private static OutboundFault FaultOf(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AntiSSRFException or ArgumentException: // the latter for 0.0.0.0 and ::, which cannot be looked up
                    return OutboundFault.NotAllowed;
                case AuthenticationException:
                    return OutboundFault.Tls;
                case IOException:
                    return OutboundFault.Broken;
                case SocketException or OperationCanceledException or TimeoutException:
                    return OutboundFault.NoConnection;
                case HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError } when cause.InnerException is null:
                    return OutboundFault.NoConnection;
            }
        }

        return OutboundFault.Broken;
    }
}
