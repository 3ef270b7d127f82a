using Spectre.Console;
using Table = ScimServer.Cli.Table;

namespace ScimServer.Tests.Cli;

public class TableTests
{
    private static readonly string[][] Rows = [["01a2262c-5a69-7461-b894-2437dc09ec33", "[red]acme[/]", "enabled"], ["x", "[", "revoked 2026-01-01 00:00Z"]];

    [Fact]
    public async Task What_programs_read_is_plain_and_whole()
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await Table.WriteAsync(output, ["ID", "NAME", "STATE"], Rows);
        Assert.Equal(
            """
            ID                                    NAME          STATE
            01a2262c-5a69-7461-b894-2437dc09ec33  [red]acme[/]  enabled
            x                                     [             revoked 2026-01-01 00:00Z

            """.ReplaceLineEndings("\n"),
            output.ToString());
    }

    [Fact]
    public void On_a_terminal_there_are_lines_and_colours_and_names_are_text_whatever_they_look_like()
    {
        using var output = new StringWriter();
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.Standard, Out = new AnsiConsoleOutput(output) });
        terminal.Profile.Width = 120;
        Table.Draw(terminal, ["ID", "NAME", "STATE"], Rows);
        Assert.All((string[])["01a2262c-5a69-7461-b894-2437dc09ec33", "[red]acme[/]", "\u001b[32menabled", "\u256d"], text => Assert.Contains(text, output.ToString(), StringComparison.Ordinal));
    }
}
