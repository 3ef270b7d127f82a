using System.IO.Compression;
using Scim.Errors;

namespace ScimServer.Http;

/// <summary>
/// Request bodies that are sent compressed (RFC 9110 §8.4). Every bound counts the bytes that come out, so that a small body
/// cannot become a large one unseen.
/// </summary>
internal static class ContentCoding
{
    private const string Accepted = "gzip, deflate, br";

    /// <summary>The body as it was before it was compressed.</summary>
    /// <exception cref="ScimException">415, with Accept-Encoding to say what is possible (RFC 9110 §12.5.3).</exception>
    public static Stream Decoded(HttpRequest request)
    {
        var coding = request.Headers.ContentEncoding.ToString().Trim();
        switch (coding.ToUpperInvariant())
        {
            case "" or "IDENTITY":
                return request.Body;
            case "GZIP" or "X-GZIP":
                return new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true);
            case "DEFLATE":
                return new ZLibStream(request.Body, CompressionMode.Decompress, leaveOpen: true);
            case "BR":
                return new BrotliStream(request.Body, CompressionMode.Decompress, leaveOpen: true);
            default:
                request.HttpContext.Response.Headers.AcceptEncoding = Accepted;
                throw ScimErrors.UnsupportedMediaType($"The body may be sent plain or in one of the encodings {Accepted}, not in \"{ScimErrors.Shorten(coding)}\".");
        }
    }

    /// <summary>What a decompressing stream throws when it was given something else. An end of the connection is not among it.</summary>
    public static bool IsBroken(Exception exception, Stream decoded) =>
        exception is InvalidDataException || (decoded is BrotliStream && exception is InvalidOperationException);
}
