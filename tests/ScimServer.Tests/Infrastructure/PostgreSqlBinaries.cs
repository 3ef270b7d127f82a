namespace ScimServer.Tests.Infrastructure;

/// <summary>Where PostgreSQL is installed.</summary>
internal static class PostgreSqlBinaries
{
    /// <summary>The newest folder that has <c>initdb</c> and <c>pg_ctl</c>, or null.</summary>
    public static string? Find()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(Version).Select(folder => Path.Combine(folder, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return debian.Concat(path).FirstOrDefault(folder => Has(folder, "initdb") && Has(folder, "pg_ctl"));
    }

    private static bool Has(string folder, string program) =>
        File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe"));

    private static int Version(string folder) => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0;
}
