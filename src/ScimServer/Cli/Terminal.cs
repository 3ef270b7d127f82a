using Spectre.Console;

namespace ScimServer.Cli;

/// <summary>The terminal behind the output of a command.</summary>
internal static class Terminal
{
    /// <summary>Null when the output goes into a file, a pipe or a test: what is written there is for programs.</summary>
    public static IAnsiConsole? Of(TextWriter output) => output == Console.Out && !Console.IsOutputRedirected ? AnsiConsole.Console : null;
}
