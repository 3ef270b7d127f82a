using System.CommandLine;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace ScimServer.Benchmarks;

/// <summary>
/// What the server's speed is measured against: bare Kestrel and raw Npgsql with prepared statements on the same tables. It does
/// the same durable work in one transaction and checks nothing: no token, no tenant, no schema, no log.
/// </summary>
internal sealed class FloorServer(NpgsqlDataSource database)
{
    private const string Change =
        """
        INSERT INTO changes (tenant_id, txn, resource_type, resource_id, kind, version, actor, at, delta)
        VALUES (1, $1, $2, $3, 'patch', 1, 'floor', now(), '{}')
        """;

    private const string Members =
        """
        SELECT r.id, r.type, r.display FROM memberships AS m JOIN resources AS r ON r.tenant_id = 1 AND r.id = m.member_id
        WHERE m.tenant_id = 1 AND m.group_id = $1 ORDER BY m.member_id
        """;

    public static Command CreateCommand()
    {
        var command = new Command("floor", "The floor, started by the other commands.") { BenchmarkOptions.Postgres };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetRequiredValue(BenchmarkOptions.Postgres)!, cancellationToken));
        return command;
    }

    private static async Task RunAsync(string connectionString, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 20, AutoPrepareMinUsages = 2 };
        await using var database = NpgsqlDataSource.Create(settings.ConnectionString);
        var floor = new FloorServer(database);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/", () => "");
        app.MapPost("/groups/{group}/members/{member}", (Guid group, Guid member) => floor.ChangeMembersAsync(
            group, member, "INSERT INTO memberships (tenant_id, group_id, member_id) VALUES (1, $1, $2) ON CONFLICT DO NOTHING"));
        app.MapDelete("/groups/{group}/members/{member}", (Guid group, Guid member) => floor.ChangeMembersAsync(
            group, member, "DELETE FROM memberships WHERE tenant_id = 1 AND group_id = $1 AND member_id = $2"));
        app.MapGet("/groups/{group}", floor.WriteGroupAsync);
        app.MapPost("/users/{user}/active/{active}", floor.SetActiveAsync);
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
    }

    private async Task<IResult> ChangeMembersAsync(Guid group, Guid member, string statement)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(Command("UPDATE resources SET version = version + 1, last_modified = now() WHERE tenant_id = 1 AND id = $1", group));
        batch.BatchCommands.Add(Command(statement, group, member));
        batch.BatchCommands.Add(Command(Change, Guid.CreateVersion7(), "Group", group));
        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        return Results.NoContent();
    }

    private async Task SetActiveAsync(HttpResponse response, Guid user, bool active)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (document, search) = await LockAsync(connection, user, active);
        await using var batch = new NpgsqlBatch(connection, transaction);
        var update = Command("UPDATE resources SET version = version + 1, last_modified = now(), active = $2, document = $3, search = $4 WHERE tenant_id = 1 AND id = $1", user, active, document);
        update.Parameters.Add(new NpgsqlParameter { Value = search, NpgsqlDbType = NpgsqlDbType.Jsonb });
        batch.BatchCommands.Add(update);
        batch.BatchCommands.Add(Command(Change, Guid.CreateVersion7(), "User", user));
        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        await response.BodyWriter.WriteAsync(document);
    }

    private static async Task<(byte[] Document, string Search)> LockAsync(NpgsqlConnection connection, Guid user, bool active)
    {
        await using var command = new NpgsqlCommand("SELECT document, search FROM resources WHERE tenant_id = 1 AND id = $1 FOR NO KEY UPDATE", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = user });
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var (before, after) = active ? ("\"active\":false", "\"active\":true") : ("\"active\":true", "\"active\":false");
        var document = Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(0)).Replace(before, after, StringComparison.Ordinal);
        var search = reader.GetString(1).Replace(before.Replace(":", ": ", StringComparison.Ordinal), after, StringComparison.Ordinal);
        return (Encoding.UTF8.GetBytes(document), search);
    }

    private async Task WriteGroupAsync(HttpResponse response, HttpRequest request, Guid group)
    {
        var users = $"{request.Scheme}://{request.Host}/scim/v2/Users/";
        await using var command = database.CreateCommand(Members);
        command.Parameters.Add(new NpgsqlParameter { Value = group });
        await using var reader = await command.ExecuteReaderAsync();
        await using var writer = new Utf8JsonWriter(response.BodyWriter);
        writer.WriteStartArray();
        while (await reader.ReadAsync())
        {
            var id = reader.GetGuid(0);
            writer.WriteStartObject();
            writer.WriteString("value"u8, id);
            writer.WriteString("$ref"u8, users + id);
            writer.WriteString("type"u8, reader.GetString(1));
            writer.WriteString("display"u8, reader.GetString(2));
            writer.WriteEndObject();
            if (writer.BytesPending > 16_384)
            {
                await writer.FlushAsync();
                await response.BodyWriter.FlushAsync();
            }
        }

        writer.WriteEndArray();
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
