namespace Scim.Tests.Filters;

/// <summary>Reads tables of <c>input ⇶ expected</c>; lines that begin with // are headings.</summary>
internal static class CaseFile
{
    public static TheoryData<string, string> Read(string name)
    {
        var data = new TheoryData<string, string>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Filters", name)))
        {
            if (line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal))
            {
                var parts = line.Split('⇶', 2);
                data.Add(parts[0].TrimEnd(), parts[1].Trim());
            }
        }

        return data;
    }
}
