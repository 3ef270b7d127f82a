using System.Data.Common;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Resources;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Changes;

/// <summary>
/// Appends to the change log. What is appended must be the last of its resource in the transaction, and the resource's row must
/// be locked: see <see cref="ChangeRow.Seq"/>.
/// </summary>
internal static class ChangeLog
{
    private const string Insert =
        """

        INSERT INTO changes (tenant_id, txn, part, parts, resource_type, resource_id, external_id, display, kind, version, actor, at, delta, member_ids)
        VALUES (@c_tenant, @c_txn, @c_part, @c_parts, @c_type, @c_id, @c_external_id, @c_display, @c_kind, @c_version, @c_actor, @c_at, @c_delta, @c_members);
        """;

    /// <summary>
    /// Sends the command with the change at its end. A change with more members than a part holds goes on in commands of its own, one
    /// for each of the other parts. The last of all is sent by <paramref name="last"/>, where that is given: it may append more.
    /// </summary>
    public static async Task ExecuteWithChangeAsync(
        this DbCommand command, WriteTransaction write, TenantContext tenant, ResourceRow row, string kind, DateTimeOffset at, Delta delta, Func<DbCommand, Task>? last = null)
    {
        foreach (var part in DeltaParts.Of(delta))
        {
            await using var more = part.Part == 0 ? null : write.CreateCommand();
            var current = more ?? command;
            current.AppendChange(write.Dialect, tenant, row, kind, at, part);
            await (last is not null && part.Part == part.Parts - 1 ? last(current) : current.ExecuteNonQueryAsync(CancellationToken.None));
        }
    }

    /// <summary>Appends a change, or a part of one, to a command that is sent later.</summary>
    public static void AppendChange(
        this DbCommand command, DatabaseDialect dialect, TenantContext tenant, ResourceRow row, string kind, DateTimeOffset at, DeltaPart part)
    {
        command.CommandText += Insert;
        dialect.AddValue(command, "c_tenant", row.TenantId);
        dialect.AddValue(command, "c_txn", tenant.Txn);
        dialect.AddValue(command, "c_part", part.Part);
        dialect.AddValue(command, "c_parts", part.Parts);
        dialect.AddValue(command, "c_type", row.Type);
        dialect.AddValue(command, "c_id", row.Id);
        dialect.AddValue(command, "c_external_id", row.ExternalId);
        dialect.AddValue(command, "c_display", row.Display);
        dialect.AddValue(command, "c_kind", kind);
        dialect.AddValue(command, "c_version", row.Version);
        dialect.AddValue(command, "c_actor", tenant.Actor);
        dialect.AddValue(command, "c_at", at);
        dialect.AddValue(command, "c_delta", part.Json);
        dialect.AddIds(command, "c_members", part.MemberIds);
    }
}
