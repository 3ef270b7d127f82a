using System.Globalization;
using System.Text;

namespace Scim.Resources;

/// <summary>What the server knows of a resource (RFC 7643 §3.1); <c>location</c> is added by whoever knows the public address.</summary>
/// <param name="ResourceType">The name of the type.</param>
/// <param name="Created">When the resource was created, in UTC, to the millisecond.</param>
/// <param name="LastModified">When it was last changed, in UTC, to the millisecond.</param>
/// <param name="Version">Counts the changes of what is stored; the ETag is <c>W/"n"</c>.</param>
public sealed record Meta(string ResourceType, DateTimeOffset Created, DateTimeOffset LastModified, long Version)
{
    /// <summary>Characters of a time as it is sent.</summary>
    public const int TimeLength = UpToMilliseconds + 1;

    private const int UpToMilliseconds = 23;

    /// <summary>The version as ETag and <c>meta.version</c>.</summary>
    public string ETag => Resources.ETag.Format(Version);

    /// <summary>A time as it is sent: UTC with milliseconds.</summary>
    public static string Format(DateTimeOffset time) => string.Create(TimeLength, time, static (text, time) =>
    {
        Span<byte> ascii = stackalloc byte[TimeLength];
        Format(time, ascii);
        Encoding.ASCII.GetChars(ascii, text);
    });

    /// <summary>Writes a time as it is sent.</summary>
    /// <param name="time">The time.</param>
    /// <param name="ascii">Where to: <see cref="TimeLength"/> bytes.</param>
    public static void Format(DateTimeOffset time, Span<byte> ascii)
    {
        // A format of one's own takes several times as long as this one, which is the same to the milliseconds.
        Span<byte> roundTrip = stackalloc byte[28];
        time.UtcDateTime.TryFormat(roundTrip, out _, "O", CultureInfo.InvariantCulture);
        roundTrip[..UpToMilliseconds].CopyTo(ascii);
        ascii[UpToMilliseconds] = (byte)'Z';
    }

    /// <summary>
    /// A time cut to the precision in which it is sent, so that a client that filters by a time it was told finds the
    /// resource.
    /// </summary>
    public static DateTimeOffset Cut(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
}
