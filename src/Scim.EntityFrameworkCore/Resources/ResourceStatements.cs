using System.Data.Common;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Resources;

/// <summary>The statements that write rows of <c>resources</c> and <c>resource_counts</c>. Each is appended to a command.</summary>
internal static class ResourceStatements
{
    private const string Insert =
        """
        INSERT INTO resources (tenant_id, id, type, unique_key, external_id, display_name_key, display, active, reference_id,
            created, last_modified, version, document, search, password_hash)
        VALUES (@tenant_id, @id, @type, @unique_key, @external_id, @display_name_key, @display, @active, @reference_id,
            @created, @last_modified, @version, @document, @search, @password_hash);
        """;

    private const string Update =
        """
        UPDATE resources SET unique_key = @unique_key, external_id = @external_id, display_name_key = @display_name_key,
            display = @display, active = @active, reference_id = @reference_id, last_modified = @last_modified,
            version = @version, document = @document, search = @search, password_hash = @password_hash
        WHERE tenant_id = @tenant_id AND id = @id;
        """;

    private const string Touch =
        "UPDATE resources SET version = @version, last_modified = @last_modified WHERE tenant_id = @tenant_id AND id = @id;";

    private const string Delete = "DELETE FROM resources WHERE tenant_id = @tenant_id AND id = @id;";

    public static void AppendInsert(this DbCommand command, DatabaseDialect dialect, ResourceRow row)
    {
        command.CommandText += Insert;
        AddRow(command, dialect, row);
        dialect.AddValue(command, "type", row.Type);
        dialect.AddValue(command, "created", row.Created);
    }

    public static void AppendUpdate(this DbCommand command, DatabaseDialect dialect, ResourceRow row)
    {
        command.CommandText += Update;
        AddRow(command, dialect, row);
    }

    /// <summary>A new version of a row whose document stays: its members changed.</summary>
    public static void AppendTouch(this DbCommand command, DatabaseDialect dialect, ResourceRow row)
    {
        command.CommandText += Touch;
        AddKey(command, dialect, row);
        dialect.AddValue(command, "version", row.Version);
        dialect.AddValue(command, "last_modified", row.LastModified);
    }

    public static void AppendDelete(this DbCommand command, DatabaseDialect dialect, ResourceRow row)
    {
        command.CommandText += Delete;
        AddKey(command, dialect, row);
        dialect.AddValue(command, "type", row.Type);
    }

    /// <summary>Counts the rows of one type that the same command inserts or deletes.</summary>
    public static void AppendCount(this DbCommand command, DatabaseDialect dialect, int difference)
    {
        command.CommandText += $"""
            INSERT INTO resource_counts (tenant_id, type, slot, n) VALUES (@tenant_id, @type, {dialect.CountSlot}, @difference)
            ON CONFLICT (tenant_id, type, slot) DO UPDATE SET n = resource_counts.n + excluded.n;
            """;
        dialect.AddValue(command, "difference", (long)difference);
    }

    private static void AddKey(DbCommand command, DatabaseDialect dialect, ResourceRow row)
    {
        dialect.AddValue(command, "tenant_id", row.TenantId);
        dialect.AddValue(command, "id", row.Id);
    }

    private static void AddRow(DbCommand command, DatabaseDialect dialect, ResourceRow row)
    {
        AddKey(command, dialect, row);
        dialect.AddValue(command, "unique_key", row.UniqueKey);
        dialect.AddValue(command, "external_id", row.ExternalId);
        dialect.AddValue(command, "display_name_key", row.DisplayNameKey);
        dialect.AddValue(command, "display", row.Display);
        dialect.AddValue(command, "active", row.Active);
        dialect.AddValue(command, "reference_id", row.ReferenceId);
        dialect.AddValue(command, "last_modified", row.LastModified);
        dialect.AddValue(command, "version", row.Version);
        dialect.AddValue(command, "document", row.Document);
        dialect.AddJson(command, "search", row.Search);
        dialect.AddValue(command, "password_hash", row.PasswordHash);
    }
}
