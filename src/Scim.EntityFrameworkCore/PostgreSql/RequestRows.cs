using Npgsql;
using NpgsqlTypes;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.PostgreSql;

/// <summary>Appends to the provisioning log by one statement whose parameters are arrays of a column, as <see cref="NewRows"/> does for resources.</summary>
internal static class RequestRows
{
    /// <summary>A log entry may be lost when the database machine fails, so its transaction does not wait for the disk.</summary>
    private const string Insert =
        """
        SET LOCAL synchronous_commit = off;
        INSERT INTO requests (tenant_id, txn, at, method, route, resource_id, status, failed, actor, rules, client_id, duration, authenticated, read, stored, failure)
        SELECT @tenant_id, r.* FROM unnest(@txn, @at, @method, @route, @resource_id, @status, @failed, @actor, @rules, @client_id, @duration, @authenticated, @read,
            @stored, @failure) AS r;
        """;

    /// <summary>Appends the statement. All requests are of one tenant.</summary>
    public static void Append(NpgsqlCommand command, IReadOnlyList<RequestRow> rows)
    {
        command.CommandText += Insert;
        command.Parameters.Add(new NpgsqlParameter("tenant_id", NpgsqlDbType.Integer) { Value = rows[0].TenantId });
        AddColumn(command, "txn", NpgsqlDbType.Uuid, rows, row => row.Txn);
        AddColumn(command, "at", NpgsqlDbType.TimestampTz, rows, row => row.At.UtcDateTime);
        AddColumn(command, "method", NpgsqlDbType.Text, rows, row => row.Method);
        AddColumn(command, "route", NpgsqlDbType.Text, rows, row => row.Route);
        AddColumn(command, "resource_id", NpgsqlDbType.Uuid, rows, row => row.ResourceId);
        AddColumn(command, "status", NpgsqlDbType.Integer, rows, row => row.Status);
        AddColumn(command, "failed", NpgsqlDbType.Boolean, rows, row => row.Failed);
        AddColumn(command, "actor", NpgsqlDbType.Text, rows, row => row.Actor);
        AddColumn(command, "rules", NpgsqlDbType.Text, rows, row => row.Rules);
        AddColumn(command, "client_id", NpgsqlDbType.Text, rows, row => row.ClientId);
        AddColumn(command, "duration", NpgsqlDbType.Integer, rows, row => row.Duration);
        AddColumn(command, "authenticated", NpgsqlDbType.Integer, rows, row => row.Authenticated);
        AddColumn(command, "read", NpgsqlDbType.Integer, rows, row => row.Read);
        AddColumn(command, "stored", NpgsqlDbType.Integer, rows, row => row.Stored);
        AddColumn(command, "failure", NpgsqlDbType.Text, rows, row => row.Failure);
    }

    private static void AddColumn<TValue>(NpgsqlCommand command, string name, NpgsqlDbType type, IReadOnlyList<RequestRow> rows, Func<RequestRow, TValue> value) =>
        command.Parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Array | type) { Value = rows.Select(value).ToArray() });
}
