using System.Globalization;
using System.Text.RegularExpressions;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace ScimServer.Tests.Infrastructure;

/// <summary>
/// Everything that the servers of this run log, with all properties and exceptions, those of processes too, in a file until the run ends. Then it is searched for
/// every one of <see cref="UsedValues"/>.
/// </summary>
internal static partial class RunLog
{
    private static readonly Lock Gate = new();
    private static readonly string Path = System.IO.Path.GetTempFileName();
    private static StreamWriter? writer = Open(append: false);

    /// <summary>How many lines there are.</summary>
    public static long Lines { get; private set; }

    /// <summary>The setting that has a server of this process write here: more than it prints, since its own rooms tell what they tell at Debug.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        new("Serilog:Using:0", typeof(RunLog).Assembly.GetName().Name),
        new("Serilog:WriteTo:0", nameof(RunLogSink.RunLog)),
        new("Serilog:MinimumLevel:Override:ScimServer", "Debug"),
        new("Serilog:MinimumLevel:Override:Scim", "Debug"),
    ];

    public static void Write(string line)
    {
        lock (Gate)
        {
            writer?.WriteLine(line.ReplaceLineEndings(" "));
            Lines++;
        }
    }

    /// <summary>Writes a line of a process, if it is one of the log: what the server announces at its first start has a token, as it is meant.</summary>
    public static void WriteOfProcess(string line)
    {
        if (LogLine().IsMatch(line))
        {
            Write(line);
        }
    }

    /// <summary>The lines so far that hold one of the values, each with the first that it holds.</summary>
    public static IReadOnlyList<(string Value, string Line)> Leaks(IReadOnlyCollection<string> values)
    {
        // By the first characters of each value: one look at every place of the log, however many values there are.
        var heads = values.GroupBy(value => value[..UsedValues.MinLength], StringComparer.OrdinalIgnoreCase).ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.OrdinalIgnoreCase);
        var find = heads.GetAlternateLookup<ReadOnlySpan<char>>();
        lock (Gate)
        {
            writer?.Dispose();
            var leaks = new List<(string, string)>();
            foreach (var line in File.ReadLines(Path))
            {
                for (var at = 0; at <= line.Length - UsedValues.MinLength; at++)
                {
                    if (find.TryGetValue(line.AsSpan(at, UsedValues.MinLength), out var candidates)
                        && Array.Find(candidates, value => string.Compare(line, at, value, 0, value.Length, StringComparison.OrdinalIgnoreCase) == 0) is { } leaked)
                    {
                        leaks.Add((leaked, line));
                        break;
                    }
                }
            }

            writer = Open(append: true);
            return leaks;
        }
    }

    /// <summary>Removes the file.</summary>
    public static void End()
    {
        lock (Gate)
        {
            writer?.Dispose();
            writer = null;
            File.Delete(Path);
        }
    }

    private static StreamWriter Open(bool append) => new(Path, append, new System.Text.UTF8Encoding(false), bufferSize: 64 * 1024);

    [GeneratedRegex(@"^(\d\d:\d\d:\d\d [A-Z]{3} |\{""@t"")")]
    private static partial Regex LogLine();

    internal sealed class Sink : ILogEventSink
    {
        private static readonly RenderedCompactJsonFormatter Formatter = new();

        public void Emit(LogEvent logEvent)
        {
            using var line = new StringWriter(CultureInfo.InvariantCulture);
            Formatter.Format(logEvent, line);
            Write(line.ToString());
        }
    }
}

/// <summary>Found by Serilog's configuration.</summary>
public static class RunLogSink
{
    /// <summary>Writes to the log of the run.</summary>
    public static LoggerConfiguration RunLog(this LoggerSinkConfiguration sinks) => (sinks ?? throw new ArgumentNullException(nameof(sinks))).Sink(new RunLog.Sink());
}
