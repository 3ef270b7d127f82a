using System.CommandLine.Parsing;
using System.Globalization;

namespace ScimServer.Cli;

/// <summary>Reads when a token expires: a span from now, or a date in UTC.</summary>
internal static class Expiry
{
    /// <summary>What the word <c>never</c> is read as; the command line takes no null for a value that was given.</summary>
    public static readonly DateTimeOffset Never = DateTimeOffset.MaxValue;

    private const int MaxDays = 36_500;

    /// <summary>Reads a span, a time in the future, or the word <c>never</c>.</summary>
    public static DateTimeOffset ParseOrNever(ArgumentResult argument) =>
        string.Equals(argument.Tokens[0].Value, "never", StringComparison.OrdinalIgnoreCase) ? Never : Parse(argument) ?? default;

    /// <summary>Reads a span or a time in the future.</summary>
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

    /// <summary>Reads a span; nought is one.</summary>
    public static TimeSpan ParseSpan(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (Span(text) is { } span)
        {
            return span;
        }

        argument.AddError($"\"{text}\" is not a span such as 12h, 90d or 52w.");
        return default;
    }

    internal static DateTimeOffset? Parse(string text, DateTimeOffset now) => Span(text) is { } span ? now + span : UtcTime.Parse(text);

    private static TimeSpan? Span(string text)
    {
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > MaxDays)
        {
            return null;
        }

        return text[^1] switch
        {
            'h' => TimeSpan.FromHours(number),
            'd' => TimeSpan.FromDays(number),
            'w' => TimeSpan.FromDays(7.0 * number),
            _ => null,
        };
    }
}
