using System.Globalization;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Cli;

/// <summary>Shows how many rows a deletion has removed from each table: counting up on a terminal, else in a line per table.</summary>
internal sealed class DeletionProgress(TextWriter output) : IProgress<TenantDeletionProgress>
{
    private readonly bool counts = !Console.IsOutputRedirected;
    private TenantDeletionProgress? last;

    public void Report(TenantDeletionProgress value)
    {
        if (last is not null && last.Table != value.Table)
        {
            End();
        }

        last = value;
        if (counts && value.Rows > 0)
        {
            output.Write($"\r{Line(value)}");
        }
    }

    /// <summary>Ends the line of the last table.</summary>
    public void End()
    {
        if (last is { Rows: > 0 })
        {
            output.WriteLine(counts ? "" : Line(last));
        }

        last = null;
    }

    private static string Line(TenantDeletionProgress progress) =>
        $"{progress.Table,-20} {progress.Rows.ToString("N0", CultureInfo.InvariantCulture)} deleted";
}
