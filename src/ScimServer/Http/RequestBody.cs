using System.Buffers;
using Microsoft.AspNetCore.Http.Features;
using Scim.Errors;

namespace ScimServer.Http;

/// <summary>How large a body may be.</summary>
/// <param name="MaxBytes">Its bytes.</param>
/// <param name="TooLarge">What the client is told past them.</param>
/// <param name="WhileReading">Looks at what has been read each time that it has doubled; may refuse the rest.</param>
internal sealed record BodyBound(int MaxBytes, Func<int, ScimException> TooLarge, Action<ReadOnlySpan<byte>>? WhileReading = null);

/// <summary>
/// A request's body, decompressed, in one pooled buffer, read up to a bound whether or not a length was announced. It is wiped when it is
/// given back: it may have held a password.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>Larger bodies are not kept for the provisioning log.</summary>
    public const int KeptBytes = 256 * 1024;

    private const int FirstSize = 16 * 1024;

    private byte[] bytes;
    private int length;

    private RequestBody(int size) => bytes = ArrayPool<byte>.Shared.Rent(size);

    public ReadOnlySpan<byte> Utf8 => bytes.AsSpan(0, length);

    /// <exception cref="ScimException">413 past the bound; 415 for an unknown content encoding; 400 for what is not in it.</exception>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, BodyBound bound, CancellationToken cancellationToken)
    {
        LiftServerLimit(request);
        if (request.ContentLength > bound.MaxBytes)
        {
            throw bound.TooLarge(bound.MaxBytes);
        }

        var body = new RequestBody((int)Math.Min((request.ContentLength ?? FirstSize) + 1, FirstSize));
        try
        {
            await body.DecodeAsync(request, bound, cancellationToken);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        bytes = [];
        length = 0;
    }

    private async Task DecodeAsync(HttpRequest request, BodyBound bound, CancellationToken cancellationToken)
    {
        var decoded = ContentCoding.Decoded(request);
        try
        {
            await FillAsync(decoded, bound, cancellationToken);
        }
        catch (Exception exception) when (ContentCoding.IsBroken(exception, decoded))
        {
            throw ScimErrors.InvalidSyntax($"The body is not valid {request.Headers.ContentEncoding}.");
        }
        finally
        {
            if (decoded != request.Body)
            {
                await decoded.DisposeAsync();
            }
        }
    }

    private async Task FillAsync(Stream stream, BodyBound bound, CancellationToken cancellationToken)
    {
        int read;
        while ((read = await stream.ReadAsync(bytes.AsMemory(length), cancellationToken)) > 0)
        {
            length += read;
            if (length > bound.MaxBytes)
            {
                throw bound.TooLarge(bound.MaxBytes);
            }

            if (length == bytes.Length)
            {
                bound.WhileReading?.Invoke(Utf8);
                Grow();
            }
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(bytes.Length * 2);
        Utf8.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        bytes = larger;
    }

    /// <summary>
    /// The bound is kept here. With the web server's own bound in the way it would cut the connection while the client is
    /// still sending, and the client would not see the 413.
    /// </summary>
    private static void LiftServerLimit(HttpRequest request)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }
    }
}
