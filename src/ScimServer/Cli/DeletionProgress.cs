using System.Globalization;
using Scim.EntityFrameworkCore.Access;
using Spectre.Console;

namespace ScimServer.Cli;

/// <summary>Shows how many rows a deletion has removed from each table: counting up on a terminal, else in a line per table.</summary>
internal sealed class DeletionProgress(TextWriter output) : IProgress<TenantDeletionProgress>
{
    private StatusContext? status;
    private TenantDeletionProgress? last;

    /// <summary>Runs the deletion with a line that moves on a terminal.</summary>
    public async Task RunAsync(string title, Func<Task> delete)
    {
        if (Terminal.Of(output) is { } terminal)
        {
            await terminal.Status().StartAsync(title, context =>
            {
                status = context;
                return delete();
            });
        }
        else
        {
            await delete();
        }

        End();
    }

    public void Report(TenantDeletionProgress value)
    {
        if (last is not null && last.Table != value.Table)
        {
            End();
        }

        last = value;
        if (value.Rows > 0)
        {
            status?.Status(Line(value));
        }
    }

    private void End()
    {
        if (last is { Rows: > 0 })
        {
            output.WriteLine(Line(last));
        }

        last = null;
    }

    private static string Line(TenantDeletionProgress progress) =>
        $"{progress.Table,-20} {progress.Rows.ToString("N0", CultureInfo.InvariantCulture)} deleted";
}
