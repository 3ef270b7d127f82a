using System.Globalization;
using Spectre.Console;

namespace ScimServer.Cli;

/// <summary>
/// Prints rows under headings: with lines and colours on a terminal, else in columns two blanks apart, whole and plain, for programs that read them.
/// </summary>
internal static class Table
{
    /// <summary>Prints to the output of a command.</summary>
    public static async Task WriteAsync(TextWriter output, string[] headings, IEnumerable<string[]> rows)
    {
        if (Terminal.Of(output) is { } terminal)
        {
            Draw(terminal, headings, rows);
            return;
        }

        string[][] lines = [headings, .. rows];
        var widths = headings.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
        {
            await output.WriteLineAsync(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    /// <summary>A time to the second, for what comes in quick succession.</summary>
    public static string Second(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    /// <summary>What is shown is text, whatever it looks like: names are chosen by others.</summary>
    internal static void Draw(IAnsiConsole terminal, string[] headings, IEnumerable<string[]> rows)
    {
        var table = new Spectre.Console.Table { Border = TableBorder.Rounded, BorderStyle = Style.Parse("grey") };
        table.AddColumns([.. headings.Select(heading => new TableColumn(new Text(heading, Style.Parse("bold"))))]);

        // An id is there to be copied.
        table.Columns[0].NoWrap = true;
        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell, ColorOf(cell))));
        }

        terminal.Write(table);
    }

    private static Style ColorOf(string cell) => cell.Split(' ')[0] switch
    {
        "valid" or "enabled" => Style.Parse("green"),
        "revoked" or "disabled" or "being" => Style.Parse("red"),
        "expired" => Style.Parse("yellow"),
        _ => Style.Plain,
    };
}
