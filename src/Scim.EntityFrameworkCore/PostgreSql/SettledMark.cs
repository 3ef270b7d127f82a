using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Changes;

namespace Scim.EntityFrameworkCore.PostgreSql;

/// <summary>
/// Up to which number the change log can be read (EVT-134). Numbers are drawn before commit, so a later one can be seen
/// first; a reader that remembers the last that it saw would lose the others. The mark: note the last number that was drawn,
/// then take a transaction number; each transaction that drew a number up to the noted one has a transaction number
/// below (it wrote or locked a row before it drew). When every transaction below has ended, all is there that ever will be.
/// </summary>
/// <remarks>Writers pay nothing for it. It needs the primary: a standby gives no transaction numbers (EVT-136).</remarks>
internal sealed class SettledMark
{
    /// <summary>How long a reader waits for transactions that are open. Then it reads up to where it could before.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly Lock turn = new();
    private Task<LogEnd> running = Task.FromResult(default(LogEnd));
    private Task<LogEnd>? queued;
    private long settled;
    private (long Seq, long Xid)? fence;
    private DateTime startedAt;

    /// <summary>
    /// The end of the log at some moment after the call. All who ask while a look at the database is under way share the next
    /// one, so any number of readers costs one look at a time.
    /// </summary>
    public Task<LogEnd> LookAsync(ScimDatabase database, CancellationToken cancellationToken)
    {
        lock (turn)
        {
            queued ??= LookAfterAsync(running, database);
            return queued.WaitAsync(cancellationToken);
        }
    }

    private async Task<LogEnd> LookAfterAsync(Task before, ScimDatabase database)
    {
        await Task.WhenAny(before);
        await Task.Yield();
        lock (turn)
        {
            running = queued!;
            queued = null;
        }

        await using var context = database.OpenForAccess();
        await context.Database.OpenConnectionAsync();
        return await AdvanceAsync(context.Database.GetDbConnection());
    }

    private async Task<LogEnd> AdvanceAsync(DbConnection connection)
    {
        var (last, start) = await LastAsync(connection);
        if (start != startedAt || last < Math.Max(settled, fence?.Seq ?? 0))
        {
            // Another server, or this one gone back in time: a failover that lost the end, a restored back-up. What was known of its numbers holds no more (EVT-138).
            (startedAt, settled, fence) = (start, 0, null);
        }

        var started = TimeProvider.System.GetTimestamp();
        while (settled < last)
        {
            fence ??= (last, await NumberAsync(connection, "SELECT pg_current_xact_id()::text::bigint"));
            if (await NumberAsync(connection, "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint") >= fence.Value.Xid)
            {
                settled = fence.Value.Seq;
                fence = null;
            }
            else if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                break;
            }
            else
            {
                await Task.Delay(2);
            }
        }

        return new LogEnd(settled, last);
    }

    /// <summary>The last number that was drawn, and which server says so: the moment of its start.</summary>
    private static async Task<(long Last, DateTime Start)> LastAsync(DbConnection connection)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('changes', 'seq')::regclass), 0), pg_postmaster_start_time()";
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetDateTime(1));
    }

    /// <summary>A statement of its own, in a snapshot of its own: several in one command would share a moment.</summary>
    private static async Task<long> NumberAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
