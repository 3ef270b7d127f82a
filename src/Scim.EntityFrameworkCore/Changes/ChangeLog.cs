using System.Data.Common;
using System.Globalization;
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
    /// <summary>
    /// Sends the command with the change at its end. A change with more members than a part holds is followed by the other
    /// parts, a round trip each. Where something is to be read behind the change, <c>execute</c> sends the command.
    /// </summary>
    public static async Task ExecuteWithChangeAsync(
        this DbCommand command, WriteTransaction write, TenantContext tenant, ResourceRow row, string kind, DateTimeOffset at, Delta delta, Func<Task>? execute = null)
    {
        foreach (var part in DeltaParts.Of(delta))
        {
            if (part.Part == 0)
            {
                command.AppendChange(write.Dialect, tenant, row, kind, at, part);
                await (execute?.Invoke() ?? command.ExecuteNonQueryAsync(CancellationToken.None));
            }
            else
            {
                await using var more = write.CreateCommand();
                more.AppendChange(write.Dialect, tenant, row, kind, at, part);
                await more.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
    }

    /// <summary>Appends the changes of new resources, each with a <c>txn</c> of its own, to a command that is sent later.</summary>
    /// <returns>The <c>txn</c> of each.</returns>
    public static IEnumerable<Guid> AppendCreated(this DbCommand command, DatabaseDialect dialect, TenantContext tenant, IReadOnlyList<NewResource> resources)
    {
        var changes = resources
            .Select(resource => new Change(tenant.ForOperation(), resource.Row, ChangeKind.Create, resource.Row.Created, DeltaParts.Of(resource.Created).Single()))
            .ToList();
        Append(command, dialect, changes);
        return changes.Select(change => change.Tenant.Txn);
    }

    private static void AppendChange(
        this DbCommand command, DatabaseDialect dialect, TenantContext tenant, ResourceRow row, string kind, DateTimeOffset at, DeltaPart part) =>
        Append(command, dialect, [new Change(tenant, row, kind, at, part)]);

    private static void Append(DbCommand command, DatabaseDialect dialect, IReadOnlyList<Change> changes)
    {
        command.CommandText += $"""

            INSERT INTO changes (tenant_id, txn, part, parts, resource_type, resource_id, external_id, display, kind, version, actor, at, delta, member_ids)
            VALUES {string.Join(", ", changes.Select((_, i) => Values(i.ToString(CultureInfo.InvariantCulture))))};
            """;
        for (var i = 0; i < changes.Count; i++)
        {
            Add(command, dialect, changes[i], i.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static string Values(string n) =>
        $"(@c_tenant{n}, @c_txn{n}, @c_part{n}, @c_parts{n}, @c_type{n}, @c_id{n}, @c_external_id{n}, @c_display{n}, @c_kind{n}, @c_version{n}, "
        + $"@c_actor{n}, @c_at{n}, @c_delta{n}, @c_members{n})";

    private static void Add(DbCommand command, DatabaseDialect dialect, Change change, string n)
    {
        var (tenant, row, kind, at, part) = change;
        dialect.AddValue(command, "c_tenant" + n, row.TenantId);
        dialect.AddValue(command, "c_txn" + n, tenant.Txn);
        dialect.AddValue(command, "c_part" + n, part.Part);
        dialect.AddValue(command, "c_parts" + n, part.Parts);
        dialect.AddValue(command, "c_type" + n, row.Type);
        dialect.AddValue(command, "c_id" + n, row.Id);
        dialect.AddValue(command, "c_external_id" + n, row.ExternalId);
        dialect.AddValue(command, "c_display" + n, row.Display);
        dialect.AddValue(command, "c_kind" + n, kind);
        dialect.AddValue(command, "c_version" + n, row.Version);
        dialect.AddValue(command, "c_actor" + n, tenant.Actor);
        dialect.AddValue(command, "c_at" + n, at);
        dialect.AddValue(command, "c_delta" + n, part.Json);
        dialect.AddIds(command, "c_members" + n, part.MemberIds);
    }

    /// <summary>One row of the log.</summary>
    private sealed record Change(TenantContext Tenant, ResourceRow Row, string Kind, DateTimeOffset At, DeltaPart Part);
}
