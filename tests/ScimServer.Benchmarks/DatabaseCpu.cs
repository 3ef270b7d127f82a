using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace ScimServer.Benchmarks;

/// <summary>The processor time of the PostgreSQL that is measured, when it runs on this machine and Linux tells of its processes.</summary>
internal sealed class DatabaseCpu
{
    private readonly string? postmaster;

    private DatabaseCpu(string? postmaster) => this.postmaster = postmaster;

    /// <summary>What all of its processes have used so far.</summary>
    public TimeSpan Total => postmaster is null
        ? TimeSpan.Zero
        : Process.GetProcesses().Where(IsOfDatabase).Aggregate(TimeSpan.Zero, (sum, process) => sum + TimeOf(process));

    public static async Task<DatabaseCpu> OpenAsync(string connectionString)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand("SELECT pg_backend_pid()");
        var backend = (int)(await command.ExecuteScalarAsync())!;
        return new DatabaseCpu(ParentOf(backend));
    }

    private bool IsOfDatabase(Process process) => process.ProcessName.StartsWith("postgres", StringComparison.Ordinal) && ParentOf(process.Id) == postmaster;

    private static TimeSpan TimeOf(Process process)
    {
        try
        {
            return process.TotalProcessorTime;
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // Ended meanwhile.
            return TimeSpan.Zero;
        }
    }

    private static string? ParentOf(int process)
    {
        try
        {
            // Behind the name, which is in parentheses, come the state and the parent.
            var stat = File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
