using System.Data.Common;
using System.Globalization;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Resources;

/// <summary>The statements that write rows of <c>resources</c> and <c>resource_counts</c>. Each is appended to a command.</summary>
internal static class ResourceStatements
{
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

    /// <summary>Inserts rows by one statement.</summary>
    public static void AppendInsert(this DbCommand command, DatabaseDialect dialect, params IReadOnlyList<ResourceRow> rows)
    {
        command.CommandText += $"""
            INSERT INTO resources (tenant_id, id, type, unique_key, external_id, display_name_key, display, active, reference_id,
                created, last_modified, version, document, search, password_hash)
            VALUES {string.Join(", ", rows.Select((_, i) => Values(Suffix(i))))};
            """;
        for (var i = 0; i < rows.Count; i++)
        {
            var n = Suffix(i);
            AddRow(command, dialect, rows[i], n);
            dialect.AddValue(command, "type" + n, rows[i].Type);
            dialect.AddValue(command, "created" + n, rows[i].Created);
        }
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

    /// <summary>The first row's parameters have the names that the other statements of a command know.</summary>
    private static string Suffix(int i) => i == 0 ? "" : i.ToString(CultureInfo.InvariantCulture);

    private static string Values(string n) =>
        $"(@tenant_id{n}, @id{n}, @type{n}, @unique_key{n}, @external_id{n}, @display_name_key{n}, @display{n}, @active{n}, @reference_id{n}, "
        + $"@created{n}, @last_modified{n}, @version{n}, @document{n}, @search{n}, @password_hash{n})";

    private static void AddKey(DbCommand command, DatabaseDialect dialect, ResourceRow row, string n = "")
    {
        dialect.AddValue(command, "tenant_id" + n, row.TenantId);
        dialect.AddValue(command, "id" + n, row.Id);
    }

    private static void AddRow(DbCommand command, DatabaseDialect dialect, ResourceRow row, string n = "")
    {
        AddKey(command, dialect, row, n);
        dialect.AddValue(command, "unique_key" + n, row.UniqueKey);
        dialect.AddValue(command, "external_id" + n, row.ExternalId);
        dialect.AddValue(command, "display_name_key" + n, row.DisplayNameKey);
        dialect.AddValue(command, "display" + n, row.Display);
        dialect.AddValue(command, "active" + n, row.Active);
        dialect.AddValue(command, "reference_id" + n, row.ReferenceId);
        dialect.AddValue(command, "last_modified" + n, row.LastModified);
        dialect.AddValue(command, "version" + n, row.Version);
        dialect.AddValue(command, "document" + n, row.Document);
        dialect.AddJson(command, "search" + n, row.Search);
        dialect.AddValue(command, "password_hash" + n, row.PasswordHash);
    }
}
