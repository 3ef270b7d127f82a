using System.CommandLine.Parsing;
using System.Globalization;

namespace ScimServer.Cli;

/// <summary>Reads when a token expires: a span from now, or a date in UTC.</summary>
internal static class Expiry
{
    private const int MaxDays = 36_500;

    public static DateTimeOffset? Parse(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        var now = TimeProvider.System.GetUtcNow();
        var time = Parse(text, now);
        if (time is null)
        {
            argument.AddError($"\"{text}\" is neither a span such as 12h, 90d or 52w nor a date such as 2027-12-31.");
        }
        else if (time <= now)
        {
            argument.AddError($"\"{text}\" is in the past.");
        }

        return time;
    }

    internal static DateTimeOffset? Parse(string text, DateTimeOffset now)
    {
        if (text.Length > 1 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MaxDays)
        {
            return text[^1] switch
            {
                'h' => now.AddHours(number),
                'd' => now.AddDays(number),
                'w' => now.AddDays(7.0 * number),
                _ => null,
            };
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
    }
}
