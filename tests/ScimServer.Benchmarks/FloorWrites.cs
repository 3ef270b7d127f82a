using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Npgsql;
using NpgsqlTypes;

namespace ScimServer.Benchmarks;

/// <summary>
/// The writing half of the floor: the rows that the server would write, in one transaction and as few round trips as
/// possible. What is stored is what was sent.
/// </summary>
internal sealed class FloorWrites(NpgsqlDataSource database)
{
    private const string Change =
        """
        INSERT INTO changes (tenant_id, txn, part, parts, resource_type, resource_id, external_id, display, kind, version, actor, at, delta, member_ids)
        VALUES (1, $1, 0, 1, $2, $3, 'floor', 'floor', 'patch', 1, 'floor', now(), $4, $5)
        """;

    private const string Insert =
        """
        INSERT INTO resources (tenant_id, id, type, unique_key, external_id, display_name_key, display, active, created, last_modified, version, document, search)
        VALUES (1, $1, 'User', $2, $2, $2, $2, true, now(), now(), 1, $3, $4)
        """;

    private const string Count =
        """
        INSERT INTO resource_counts (tenant_id, type, slot, n) VALUES (1, 'User', pg_backend_pid() % 32, 1)
        ON CONFLICT (tenant_id, type, slot) DO UPDATE SET n = resource_counts.n + excluded.n
        """;

    public async Task CreateAsync(HttpContext context, string userName)
    {
        var document = await ReadAsync(context);
        var id = Guid.CreateVersion7();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(Command(Insert, id, userName, document, Json(document)));
        batch.BatchCommands.Add(Command(Count));
        batch.BatchCommands.Add(Command(Change, Guid.CreateVersion7(), "User", id, Encoding.UTF8.GetString(document), NoMembers()));
        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        context.Response.StatusCode = StatusCodes.Status201Created;
        await context.Response.BodyWriter.WriteAsync(document);
    }

    /// <summary>As the server does it: the row is locked and read, then written.</summary>
    public async Task ReplaceAsync(HttpContext context, Guid user)
    {
        var document = await ReadAsync(context);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (before, _) = await LockAsync(connection, user);
        await UpdateAsync(connection, transaction, user, document, Encoding.UTF8.GetString(document), Encoding.UTF8.GetString(before));
        await transaction.CommitAsync();
        await context.Response.BodyWriter.WriteAsync(document);
    }

    public async Task SetActiveAsync(HttpContext context, Guid user, bool active)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (stored, search) = await LockAsync(connection, user);
        var (before, after) = active ? ("\"active\":false", "\"active\":true") : ("\"active\":true", "\"active\":false");
        var document = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(stored).Replace(before, after, StringComparison.Ordinal));
        search = search.Replace(before.Replace(":", ": ", StringComparison.Ordinal), after, StringComparison.Ordinal);
        await UpdateAsync(connection, transaction, user, document, search, "{\"active\":[true,false]}");
        await transaction.CommitAsync();
        await context.Response.BodyWriter.WriteAsync(document);
    }

    public async Task ChangeMembersAsync(Guid group, Guid member, bool add)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(Command("UPDATE resources SET version = version + 1, last_modified = now() WHERE tenant_id = 1 AND id = $1", group));
        batch.BatchCommands.Add(Command(
            add
                ? "INSERT INTO memberships (tenant_id, group_id, member_id) VALUES (1, $1, $2) ON CONFLICT DO NOTHING"
                : "DELETE FROM memberships WHERE tenant_id = 1 AND group_id = $1 AND member_id = $2",
            group,
            member));
        batch.BatchCommands.Add(Command(Change, Guid.CreateVersion7(), "Group", group, $"{{\"members\":[\"{member}\"]}}", new NpgsqlParameter { Value = new[] { member } }));
        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    /// <summary>The operations of a bulk request by COPY: users and their change records in one transaction.</summary>
    public async Task CopyAsync(HttpContext context)
    {
        using var body = JsonDocument.Parse(await ReadAsync(context));
        var users = body.RootElement.GetProperty("Operations").EnumerateArray()
            .Select(operation => operation.GetProperty("data"))
            .Select(data => (Id: Guid.CreateVersion7(), Name: data.GetProperty("userName").GetString()!.ToLowerInvariant(), Json: data.GetRawText()))
            .ToList();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await CopyUsersAsync(connection, users);
        await using var count = new NpgsqlCommand(Count.Replace("% 32, 1)", $"% 32, {users.Count})", StringComparison.Ordinal), connection);
        await count.ExecuteNonQueryAsync();
        await CopyChangesAsync(connection, users);
        await transaction.CommitAsync();
        await context.Response.WriteAsync(string.Join(',', users.Select(user => $"{{\"location\":\"{user.Id}\",\"status\":\"201\"}}")));
    }

    private static async Task CopyUsersAsync(NpgsqlConnection connection, List<(Guid Id, string Name, string Json)> users)
    {
        await using var import = await connection.BeginBinaryImportAsync(
            "COPY resources (tenant_id, id, type, unique_key, external_id, display_name_key, display, active, created, last_modified, version, document, search) FROM STDIN (FORMAT BINARY)");
        foreach (var (id, name, json) in users)
        {
            await import.StartRowAsync();
            await WriteAsync(import, 1, id, "User", name, name, name, name, true, DateTime.UtcNow, DateTime.UtcNow, 1L, Encoding.UTF8.GetBytes(json));
            await import.WriteAsync(json, NpgsqlDbType.Jsonb);
        }

        await import.CompleteAsync();
    }

    private static async Task CopyChangesAsync(NpgsqlConnection connection, List<(Guid Id, string Name, string Json)> users)
    {
        await using var import = await connection.BeginBinaryImportAsync(
            "COPY changes (tenant_id, txn, part, parts, resource_type, resource_id, kind, version, actor, at, delta) FROM STDIN (FORMAT BINARY)");
        foreach (var (id, _, json) in users)
        {
            await import.StartRowAsync();
            await WriteAsync(import, 1, Guid.CreateVersion7(), 0, 1, "User", id, "create", 1L, "floor", DateTime.UtcNow, json);
        }

        await import.CompleteAsync();
    }

    private static async Task WriteAsync(NpgsqlBinaryImporter import, params object[] values)
    {
        foreach (var value in values)
        {
            await import.WriteAsync(value);
        }
    }

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    private static async Task<(byte[] Document, string Search)> LockAsync(NpgsqlConnection connection, Guid user)
    {
        await using var command = new NpgsqlCommand("SELECT document, search FROM resources WHERE tenant_id = 1 AND id = $1 FOR NO KEY UPDATE", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = user });
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetFieldValue<byte[]>(0), reader.GetString(1));
    }

    private static async Task UpdateAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid user, byte[] document, string search, string delta)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(Command(
            "UPDATE resources SET version = version + 1, last_modified = now(), active = NOT active, document = $2, search = $3 WHERE tenant_id = 1 AND id = $1",
            user,
            document,
            new NpgsqlParameter { Value = search, NpgsqlDbType = NpgsqlDbType.Jsonb }));
        batch.BatchCommands.Add(Command(Change, Guid.CreateVersion7(), "User", user, delta, NoMembers()));
        await batch.ExecuteNonQueryAsync();
    }

    private static NpgsqlParameter NoMembers() => new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };

    private static NpgsqlParameter Json(byte[] utf8) => new() { Value = utf8, NpgsqlDbType = NpgsqlDbType.Jsonb };

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
