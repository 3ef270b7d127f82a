namespace Scim.Tests.Patching;

/// <summary>
/// Every cell of what a PATCH can be: operation × kind of target (the headings), with the value at the path or, without a path,
/// as a key of the value × the target present or absent × what is right or wrong about it.
/// </summary>
public sealed class PatchGrid
{
    private static readonly string[] Operations = ["add", "replace", "remove"];

    private static readonly string[] Targets =
    [
        "singular", "complex", "sub-attribute", "simple values", "complex values", "extension attribute", "extension sub-attribute",
        "whole extension", "value path", "value path sub-attribute", "members",
    ];

    public static TheoryData<string, string, string, string> Cells
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            foreach (var (heading, line) in Lines())
            {
                var parts = line.Split(" | ", 3);
                var at = parts[2].IndexOf(" ⇶ ", StringComparison.Ordinal);
                data.Add($"{heading}: {parts[0]}", parts[1], parts[2][..at], parts[2][(at + 3)..]);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Cells))]
    public void A_cell_leads_to_the_change_or_the_error(string cell, string start, string operation, string expected) =>
        Assert.Equal((cell, expected), (cell, PatchWorld.Outcome(start, operation)));

    /// <summary>
    /// A remove has no value form: it needs a path. Its value means nothing but for many values, of which it lists those that go.
    /// The engine never sees whether a member is there.
    /// </summary>
    [Fact]
    public void No_cell_is_missing()
    {
        var expected =
            from operation in Operations
            from target in Targets
            from form in operation == "remove" ? (string[])["path"] : ["path", "value"]
            from presence in target == "members" ? (string[])["any"] : ["present", "absent"]
            from fault in (string[])["right", "wrong", "readOnly", "immutable", "unknown"]
            where operation != "remove" || fault != "wrong" || target.Contains("values", StringComparison.Ordinal) || target == "members"
            select $"{operation} × {target}: {form} {presence} {fault}";

        Assert.Equal(expected.Order(), Cells.Select(cell => (string)((object[])cell)[0]).Order());
    }

    private static IEnumerable<(string Heading, string Line)> Lines()
    {
        var heading = "";
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Patching", "patch-grid.cases")).Where(line => line.Length > 0))
        {
            if (line.StartsWith("// ", StringComparison.Ordinal))
            {
                heading = line[3..];
            }
            else
            {
                yield return (heading, line);
            }
        }
    }
}
