using Npgsql;
using NpgsqlTypes;
using Scim.EntityFrameworkCore.Leases;
using Scim.EntityFrameworkCore.Webhooks;

namespace Scim.EntityFrameworkCore.PostgreSql;

/// <summary>Writes what many lanes have delivered by one statement: it looks whether their leases are held, moves their positions and adds their attempts.</summary>
internal static class DeliveryRows
{
    /// <summary>Leases are locked in the order of their names, as where they are renewed, so that the two never wait for each other.</summary>
    private const string Write =
        """
        WITH mine AS (
            SELECT l.name, l.fence FROM leases AS l JOIN (SELECT DISTINCT * FROM unnest(@lease, @fence) AS g(name, fence)) AS g ON l.name = g.name AND l.fence = g.fence
            WHERE l.holder = @holder ORDER BY l.name FOR SHARE OF l),
        notes AS (
            SELECT n.* FROM unnest(@lease, @fence, @tenant_id, @endpoint_id, @position, @id, @first_seq, @last_seq, @entries)
                AS n(lease, fence, tenant_id, endpoint_id, position, id, first_seq, last_seq, entries)
            JOIN mine ON mine.name = n.lease AND mine.fence = n.fence),
        moved AS (
            UPDATE webhook_positions AS p SET position = n.position, at = @at FROM notes AS n
            WHERE p.tenant_id = n.tenant_id AND p.endpoint_id = n.endpoint_id AND n.position IS NOT NULL),
        added AS (
            INSERT INTO webhook_attempts (tenant_id, endpoint_id, id, first_seq, last_seq, at, failed, entries)
            SELECT tenant_id, endpoint_id, id, first_seq, last_seq, @at, false, entries FROM notes WHERE entries IS NOT NULL)
        SELECT name, fence FROM mine
        """;

    /// <returns>The leases that are held; of the others nothing was written.</returns>
    public static async Task<HashSet<Lease>> WriteAsync(NpgsqlConnection connection, Guid holder, DateTimeOffset now, IReadOnlyList<DeliveryNote> notes)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Write;
        command.Parameters.Add(new NpgsqlParameter("holder", NpgsqlDbType.Uuid) { Value = holder });
        command.Parameters.Add(new NpgsqlParameter("at", NpgsqlDbType.TimestampTz) { Value = now.UtcDateTime });
        command.AddColumn("lease", NpgsqlDbType.Text, notes, note => note.Lease.Name);
        command.AddColumn("fence", NpgsqlDbType.Bigint, notes, note => note.Lease.Fence);
        command.AddColumn("tenant_id", NpgsqlDbType.Integer, notes, note => note.TenantId);
        command.AddColumn("endpoint_id", NpgsqlDbType.Uuid, notes, note => note.EndpointId);
        command.AddColumn("position", NpgsqlDbType.Bigint, notes, note => note.Position);
        command.AddColumn("id", NpgsqlDbType.Uuid, notes, _ => Guid.CreateVersion7(now));
        command.AddColumn("first_seq", NpgsqlDbType.Bigint, notes, note => note.FirstSeq);
        command.AddColumn("last_seq", NpgsqlDbType.Bigint, notes, note => note.LastSeq);
        command.AddColumn("entries", NpgsqlDbType.Text, notes, note => note.Entries);
        var held = new HashSet<Lease>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            held.Add(new Lease(reader.GetString(0), reader.GetInt64(1)));
        }

        return held;
    }
}
