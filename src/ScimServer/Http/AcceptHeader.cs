using Microsoft.Net.Http.Headers;

namespace ScimServer.Http;

/// <summary>How much a client wants which media type (RFC 9110 §12.5.1). A header that is not there, or cannot be read, asks for nothing: all are welcome.</summary>
internal readonly struct AcceptHeader
{
    private readonly IList<MediaTypeHeaderValue> ranges;

    private AcceptHeader(IList<MediaTypeHeaderValue> ranges) => this.ranges = ranges;

    public static AcceptHeader Of(HttpRequest request) =>
        new(request.Headers.Accept.Count > 0 && MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var ranges) ? ranges : []);

    /// <summary>The quality that the most specific range gives to a type; 0 when none does.</summary>
    public double Quality(string type)
    {
        if (ranges.Count == 0)
        {
            return 1;
        }

        var slash = type.IndexOf('/', StringComparison.Ordinal);
        return Find(type) ?? Find($"{type[..slash]}/*") ?? Find("*/*") ?? 0;
    }

    /// <summary>Whether the type is named, and not only within a range.</summary>
    public bool Names(string type) => Find(type) is not null;

    private double? Find(string range) =>
        ranges.Where(given => given.MediaType.Equals(range, StringComparison.OrdinalIgnoreCase)).Max(given => (double?)(given.Quality ?? 1));
}
