using System.Data.Common;
using Scim.EntityFrameworkCore.Rows;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Resources;

/// <summary>Reads rows that the transaction is going to write, locked, so that nobody changes them in between.</summary>
internal static class LockedRows
{
    private const string Columns =
        """
        SELECT tenant_id, id, type, unique_key, external_id, display_name_key, display, active, reference_id, created, last_modified,
            version, document, '' AS search, password_hash FROM resources
        """;

    /// <summary>The row of a resource, or null.</summary>
    public static async Task<ResourceRow?> FindAsync(
        WriteTransaction write, ResourceType type, Guid id, string lockClause, CancellationToken cancellationToken)
    {
        await using var command = write.CreateCommand($"{Columns} WHERE tenant_id = @tenant_id AND id = @id AND type = @type{lockClause}");
        write.Dialect.AddValue(command, "id", id);
        write.Dialect.AddValue(command, "type", type.Name);
        return (await ReadAsync(write, command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>The rows of a query of ids, in the order of the ids: all who lock several do it in this order.</summary>
    public static async Task<List<ResourceRow>> FindAllAsync(WriteTransaction write, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        await using var command = write.CreateCommand(
            $"{Columns} WHERE tenant_id = @tenant_id AND {write.Dialect.IsOneOf("id", "@ids")} ORDER BY id{write.Dialect.LockForUpdate}");
        write.Dialect.AddIds(command, "ids", ids);
        return await ReadAsync(write, command, cancellationToken);
    }

    private static async Task<List<ResourceRow>> ReadAsync(WriteTransaction write, DbCommand command, CancellationToken cancellationToken)
    {
        write.Dialect.AddValue(command, "tenant_id", write.Context.TenantId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<ResourceRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(ReadRow(reader));
        }

        return rows;
    }

    private static ResourceRow ReadRow(DbDataReader reader) => new()
    {
        TenantId = reader.GetInt32(0),
        Id = reader.GetGuid(1),
        Type = reader.GetString(2),
        UniqueKey = Text(reader, 3),
        ExternalId = Text(reader, 4),
        DisplayNameKey = Text(reader, 5),
        Display = Text(reader, 6),
        Active = reader.IsDBNull(7) ? null : reader.GetBoolean(7),
        ReferenceId = reader.IsDBNull(8) ? null : reader.GetGuid(8),
        Created = Time(reader, 9),
        LastModified = Time(reader, 10),
        Version = reader.GetInt64(11),
        Document = (byte[])reader.GetValue(12),
        Search = reader.GetString(13),
        PasswordHash = Text(reader, 14),
    };

    private static string? Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static DateTimeOffset Time(DbDataReader reader, int column) =>
        new(DateTime.SpecifyKind(reader.GetDateTime(column), DateTimeKind.Utc));
}
