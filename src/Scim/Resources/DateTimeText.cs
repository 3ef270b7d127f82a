using System.Text.RegularExpressions;

namespace Scim.Resources;

/// <summary>
/// The spelling of dateTimes. RFC 7643 §2.3.5 has them be xsd:dateTime; clients also send <c>2020-01-01T00:00Z</c> and <c>+0100</c>, which are none,
/// and what is stored is sent.
/// </summary>
public static partial class DateTimeText
{
    /// <summary>
    /// The same moment as a valid xsd:dateTime, with the offset and every digit of the fraction that were given. What is valid stays as it is.
    /// </summary>
    /// <returns>Null for what is no dateTime.</returns>
    public static string? Read(string value)
    {
        var parts = Parts().Match(value);
        if (!parts.Success)
        {
            return null;
        }

        var seconds = parts.Groups["seconds"] is { Success: true } given ? given.Value : "00";
        var fraction = parts.Groups["fraction"] is { Length: > 0 } digits ? "." + digits.Value : "";
        var offset = parts.Groups["hours"] is { Success: true } hours
            ? $"{hours.Value}:{(parts.Groups["minutes"] is { Success: true } minutes ? minutes.Value : "00")}"
            : parts.Groups["zulu"].Value;
        var text = $"{parts.Groups["start"].Value}:{seconds}{fraction}{offset}";
        return Folding.TryDateTimeOffset(text, out _) ? text : null;
    }

    [GeneratedRegex(@"^(?<start>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})(:(?<seconds>[0-9]{2})(\.(?<fraction>[0-9]*))?)?((?<zulu>Z)|(?<hours>[+-][0-9]{2})(:?(?<minutes>[0-9]{2}))?)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Parts();
}
