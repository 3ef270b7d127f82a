using System.Buffers;
using Microsoft.AspNetCore.Http.Features;
using Scim.Errors;

namespace ScimServer.Http;

/// <summary>
/// A request's body in one pooled buffer, read up to a bound whether or not a length was announced. It is wiped when it is
/// given back: it may have held a password.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstSize = 16 * 1024;

    private byte[] bytes;
    private int length;

    private RequestBody(int size) => bytes = ArrayPool<byte>.Shared.Rent(size);

    public ReadOnlySpan<byte> Utf8 => bytes.AsSpan(0, length);

    /// <exception cref="ScimException">413 past <paramref name="maxBytes"/>.</exception>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        LiftServerLimit(request);
        if (request.ContentLength > maxBytes)
        {
            throw TooLarge(maxBytes);
        }

        var body = new RequestBody((int)Math.Min((request.ContentLength ?? FirstSize) + 1, FirstSize));
        try
        {
            await body.FillAsync(request.Body, maxBytes, cancellationToken);
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

    private async Task FillAsync(Stream stream, int maxBytes, CancellationToken cancellationToken)
    {
        int read;
        while ((read = await stream.ReadAsync(bytes.AsMemory(length), cancellationToken)) > 0)
        {
            length += read;
            if (length > maxBytes)
            {
                throw TooLarge(maxBytes);
            }

            if (length == bytes.Length)
            {
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

    private static ScimException TooLarge(int maxBytes) =>
        ScimErrors.PayloadTooLarge($"The request's body is larger than {maxBytes} bytes.");
}
