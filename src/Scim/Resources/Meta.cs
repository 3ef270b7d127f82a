using System.Globalization;

namespace Scim.Resources;

/// <summary>What the server knows of a resource (RFC 7643 §3.1); <c>location</c> is added by whoever knows the public address.</summary>
/// <param name="ResourceType">The name of the type.</param>
/// <param name="Created">When the resource was created, in UTC, to the millisecond.</param>
/// <param name="LastModified">When it was last changed, in UTC, to the millisecond.</param>
/// <param name="Version">Counts the changes of what is stored; the ETag is <c>W/"n"</c>.</param>
public sealed record Meta(string ResourceType, DateTimeOffset Created, DateTimeOffset LastModified, long Version)
{
    private const int UpToMilliseconds = 23;

    /// <summary>The version as ETag and <c>meta.version</c>.</summary>
    public string ETag => Resources.ETag.Format(Version);

    /// <summary>A time as it is sent: UTC with milliseconds.</summary>
    public static string Format(DateTimeOffset time) => string.Create(UpToMilliseconds + 1, time.UtcDateTime, static (text, utc) =>
    {
        // A format of one's own takes several times as long as this one, which is the same to the milliseconds.
        Span<char> roundTrip = stackalloc char[28];
        utc.TryFormat(roundTrip, out _, "O", CultureInfo.InvariantCulture);
        roundTrip[..UpToMilliseconds].CopyTo(text);
        text[UpToMilliseconds] = 'Z';
    });

    /// <summary>
    /// A time cut to the precision in which it is sent, so that a client that filters by a time it was told finds the
    /// resource.
    /// </summary>
    public static DateTimeOffset Cut(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
}
