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
        command.AddColumn("txn", NpgsqlDbType.Uuid, rows, row => row.Txn);
        command.AddColumn("at", NpgsqlDbType.TimestampTz, rows, row => row.At.UtcDateTime);
        command.AddColumn("method", NpgsqlDbType.Text, rows, row => row.Method);
        command.AddColumn("route", NpgsqlDbType.Text, rows, row => row.Route);
        command.AddColumn("resource_id", NpgsqlDbType.Uuid, rows, row => row.ResourceId);
        command.AddColumn("status", NpgsqlDbType.Integer, rows, row => row.Status);
        command.AddColumn("failed", NpgsqlDbType.Boolean, rows, row => row.Failed);
        command.AddColumn("actor", NpgsqlDbType.Text, rows, row => row.Actor);
        command.AddColumn("rules", NpgsqlDbType.Text, rows, row => row.Rules);
        command.AddColumn("client_id", NpgsqlDbType.Text, rows, row => row.ClientId);
        command.AddColumn("duration", NpgsqlDbType.Integer, rows, row => row.Duration);
        command.AddColumn("authenticated", NpgsqlDbType.Integer, rows, row => row.Authenticated);
        command.AddColumn("read", NpgsqlDbType.Integer, rows, row => row.Read);
        command.AddColumn("stored", NpgsqlDbType.Integer, rows, row => row.Stored);
        command.AddColumn("failure", NpgsqlDbType.Text, rows, row => row.Failure);
    }
}
