using Microsoft.EntityFrameworkCore;
using Scim.Errors;

namespace Scim.EntityFrameworkCore.Changes;

/// <summary>Takes an event.</summary>
public delegate void EventTaker(in EventFields fields);

/// <summary>
/// The rows of a long page behind those at its begin. They are read in parts, and no connection is held while a part is sent. They are not made
/// into objects: a product that reads a log of millions waits for nothing else.
/// </summary>
public sealed class FeedRest
{
    private const int MaxRows = 2_500;

    /// <summary>What a part has at most, if its rows are as long as those before it: rows with thousand members are long.</summary>
    private const int PartBytes = 4 * 1024 * 1024;

    private readonly ScimDatabase database;
    private readonly int tenantId;
    private readonly long to;
    private long after;
    private long bytesOfRow;

    internal FeedRest(ScimDatabase database, int tenantId, long after, long to, long bytesOfRow) =>
        (this.database, this.tenantId, this.after, this.to, this.bytesOfRow) = (database, tenantId, after, to, Math.Max(1, bytesOfRow));

    /// <summary>Reads the next part.</summary>
    /// <param name="take">Gets each row while it is read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>False when there was nothing left.</returns>
    /// <exception cref="ScimException">410 when rows of the part have been deleted meanwhile.</exception>
    public async Task<bool> ReadAsync(EventTaker take, CancellationToken cancellationToken)
    {
        if (after >= to)
        {
            return false;
        }

        var limit = Math.Clamp(PartBytes / bytesOfRow, 1, MaxRows);
        await using var context = database.Open(tenantId);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = EventReader.Statement;
        database.Dialect.AddValue(command, "tenant", tenantId);
        database.Dialect.AddValue(command, "after", after);
        database.Dialect.AddValue(command, "to", to);
        database.Dialect.AddValue(command, "limit", limit);
        await context.Database.OpenConnectionAsync(cancellationToken);
        await using var rows = await database.Dialect.ReadAsync(command, tenantId, isPlannedOnce: false, cancellationToken);
        using var events = new EventReader(rows);
        var count = 0L;
        while (await rows.ReadAsync(cancellationToken))
        {
            take(events.Read());
            count++;
        }

        if (after < await events.ReadHorizonAsync(cancellationToken))
        {
            throw ScimErrors.Gone(ChangeFeed.Expired);
        }

        bytesOfRow = count == 0 ? bytesOfRow : Math.Max(1, events.Bytes / count);
        after = count < limit ? to : events.Seq;
        return true;
    }
}
