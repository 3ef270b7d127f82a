using System.Data.Common;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Sqlite;

/// <summary>Appends to the provisioning log by one prepared statement for each request.</summary>
internal static class RequestRows
{
    private const string Insert =
        """
        INSERT INTO requests (tenant_id, txn, at, method, route, resource_id, status, failed, actor, rules, client_id, duration, authenticated, read, stored, failure)
        VALUES (@tenant_id, @txn, @at, @method, @route, @resource_id, @status, @failed, @actor, @rules, @client_id, @duration, @authenticated, @read, @stored, @failure)
        """;

    public static async Task InsertAsync(DbCommand command, DatabaseDialect dialect, IReadOnlyList<RequestRow> rows)
    {
        command.CommandText = Insert;
        foreach (var row in rows)
        {
            command.Parameters.Clear();
            dialect.AddValue(command, "tenant_id", row.TenantId);
            dialect.AddValue(command, "txn", row.Txn);
            dialect.AddValue(command, "at", row.At);
            dialect.AddValue(command, "method", row.Method);
            dialect.AddValue(command, "route", row.Route);
            dialect.AddValue(command, "resource_id", row.ResourceId);
            dialect.AddValue(command, "status", row.Status);
            dialect.AddValue(command, "failed", row.Failed);
            dialect.AddValue(command, "actor", row.Actor);
            dialect.AddValue(command, "rules", row.Rules);
            dialect.AddValue(command, "client_id", row.ClientId);
            dialect.AddValue(command, "duration", row.Duration);
            dialect.AddValue(command, "authenticated", row.Authenticated);
            dialect.AddValue(command, "read", row.Read);
            dialect.AddValue(command, "stored", row.Stored);
            dialect.AddValue(command, "failure", row.Failure);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}
