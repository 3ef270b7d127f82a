using System.Data.Common;
using Scim.EntityFrameworkCore.Leases;
using Scim.EntityFrameworkCore.Webhooks;

namespace Scim.EntityFrameworkCore.Sqlite;

/// <summary>Writes what many lanes have delivered, in one transaction.</summary>
internal static class DeliveryRows
{
    private const string Hold = "SELECT count(*) FROM leases WHERE name = @name AND fence = @fence AND holder = @holder";

    private const string Move = "UPDATE webhook_positions SET position = @position, at = @at WHERE tenant_id = @tenant_id AND endpoint_id = @endpoint_id";

    private const string Add =
        """
        INSERT INTO webhook_attempts (tenant_id, endpoint_id, id, first_seq, last_seq, at, failed, entries)
        VALUES (@tenant_id, @endpoint_id, @id, @first_seq, @last_seq, @at, 0, @entries)
        """;

    /// <returns>The leases that are held; of the others nothing was written.</returns>
    public static async Task<HashSet<Lease>> WriteAsync(DbConnection connection, DatabaseDialect dialect, Guid holder, DateTimeOffset now, IReadOnlyList<DeliveryNote> notes)
    {
        await using var transaction = await dialect.BeginWriteAsync(connection, CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        var held = new HashSet<Lease>();
        foreach (var note in notes)
        {
            if (held.Contains(note.Lease) || await CountAsync(Hold, ("name", note.Lease.Name), ("fence", note.Lease.Fence), ("holder", holder)) > 0)
            {
                held.Add(note.Lease);
                await WriteAsync(note);
            }
        }

        await transaction.CommitAsync();
        return held;

        async Task WriteAsync(DeliveryNote note)
        {
            (string, object?)[] lane = [("tenant_id", note.TenantId), ("endpoint_id", note.EndpointId), ("at", now)];
            if (note.Position is { } position)
            {
                await CountAsync(Move, [.. lane, ("position", position)]);
            }

            if (note.Entries is { } entries)
            {
                await CountAsync(Add, [.. lane, ("id", Guid.CreateVersion7(now)), ("first_seq", note.FirstSeq), ("last_seq", note.LastSeq), ("entries", entries)]);
            }
        }

        async Task<long> CountAsync(string sql, params (string Name, object? Value)[] parameters)
        {
            command.CommandText = sql;
            command.Parameters.Clear();
            foreach (var (name, value) in parameters)
            {
                dialect.AddValue(command, name, value);
            }

            return await command.ExecuteScalarAsync() is long count ? count : 0;
        }
    }
}
