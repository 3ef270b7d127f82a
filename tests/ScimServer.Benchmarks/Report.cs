using System.Globalization;
using System.Text.Json;

namespace ScimServer.Benchmarks;

/// <summary>Figures as Markdown on standard output, and as JSON where asked for; notes on standard error.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Task NoteAsync(string note) => Console.Error.WriteLineAsync(note);

    public static async Task TableAsync(string[] headers, IEnumerable<string[]> rows)
    {
        await Console.Out.WriteLineAsync($"| {string.Join(" | ", headers)} |");
        await Console.Out.WriteLineAsync($"|{string.Concat(headers.Select((_, i) => i == 0 ? "---|" : "---:|"))}");
        foreach (var row in rows)
        {
            await Console.Out.WriteLineAsync($"| {string.Join(" | ", row)} |");
        }

        await Console.Out.WriteLineAsync();
    }

    public static async Task JsonAsync(string? path, object figures)
    {
        if (path is not null)
        {
            await File.WriteAllTextAsync(path, JsonSerializer.Serialize(figures, Indented));
        }
    }

    public static string Milliseconds(double value) => value.ToString(value < 10 ? "N2" : "N0", CultureInfo.InvariantCulture);

    public static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Ratio(double value) => value.ToString("N2", CultureInfo.InvariantCulture);
}
