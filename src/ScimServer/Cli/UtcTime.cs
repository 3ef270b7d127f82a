using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace ScimServer.Cli;

/// <summary>Times as they are given on the command line: in UTC, like everything that is printed, unless they say otherwise.</summary>
internal static class UtcTime
{
    private const string Example = "2026-11-29 or 2026-11-29T20:00Z";

    /// <summary>An option that takes a time.</summary>
    public static Option<DateTimeOffset?> Option(string name, string description) => new(name)
    {
        Description = $"{description}: a time in UTC such as {Example}.",
        CustomParser = Parse,
    };

    /// <summary>The time, or null when the text is none.</summary>
    internal static DateTimeOffset? Parse(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    private static DateTimeOffset? Parse(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        var time = Parse(text);
        if (time is null)
        {
            argument.AddError($"\"{text}\" is not a time such as {Example}.");
        }

        return time;
    }
}
