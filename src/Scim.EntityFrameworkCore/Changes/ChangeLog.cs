using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Changes;

/// <summary>The kinds of change, as they are stored.</summary>
internal static class ChangeKind
{
    public const string Create = "create";
    public const string Replace = "replace";
    public const string Patch = "patch";
    public const string Delete = "delete";
}

/// <summary>What a change did.</summary>
/// <param name="Attributes">The paths of the attributes that changed.</param>
/// <param name="Added">Members that came.</param>
/// <param name="Removed">Members that went.</param>
internal sealed record Delta(IReadOnlyCollection<string> Attributes, IReadOnlyCollection<Guid> Added, IReadOnlyCollection<Guid> Removed)
{
    public static Delta Of(IReadOnlyCollection<string> attributes) => new(attributes, [], []);

    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (Attributes.Count > 0)
            {
                writer.WriteStartArray("attributes"u8);
                foreach (var path in Attributes)
                {
                    writer.WriteStringValue(path);
                }

                writer.WriteEndArray();
            }

            if (Added.Count + Removed.Count > 0)
            {
                writer.WriteStartObject("members"u8);
                WriteIds(writer, "added", Added);
                WriteIds(writer, "removed", Removed);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static void WriteIds(Utf8JsonWriter writer, string name, IReadOnlyCollection<Guid> ids)
    {
        if (ids.Count > 0)
        {
            writer.WriteStartArray(name);
            foreach (var id in ids)
            {
                writer.WriteStringValue(id);
            }

            writer.WriteEndArray();
        }
    }
}

/// <summary>Appends to the change log. The statement must be the last of its transaction (see <see cref="ChangeRow.Seq"/>).</summary>
internal static class ChangeLog
{
    public static void AppendChange(
        this DbCommand command, DatabaseDialect dialect, TenantContext tenant, ResourceRow row, string kind, DateTimeOffset at, Delta delta)
    {
        var n = command.Parameters.Count.ToString(CultureInfo.InvariantCulture);
        command.CommandText += $"""

            INSERT INTO changes (tenant_id, txn, resource_type, resource_id, kind, version, actor, at, delta)
            VALUES (@c_tenant{n}, @c_txn{n}, @c_type{n}, @c_id{n}, @c_kind{n}, @c_version{n}, @c_actor{n}, @c_at{n}, @c_delta{n});
            """;
        dialect.AddValue(command, "c_tenant" + n, row.TenantId);
        dialect.AddValue(command, "c_txn" + n, tenant.Txn);
        dialect.AddValue(command, "c_type" + n, row.Type);
        dialect.AddValue(command, "c_id" + n, row.Id);
        dialect.AddValue(command, "c_kind" + n, kind);
        dialect.AddValue(command, "c_version" + n, row.Version);
        dialect.AddValue(command, "c_actor" + n, tenant.Actor);
        dialect.AddValue(command, "c_at" + n, at);
        dialect.AddJson(command, "c_delta" + n, delta.ToJson());
    }
}
