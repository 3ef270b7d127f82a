using System.CommandLine;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ScimServer.Benchmarks;

/// <summary>
/// What the server's speed is measured against: bare Kestrel and raw Npgsql with prepared statements on the same tables. It does
/// the same durable work in one transaction and checks nothing: no token, no tenant, no schema, no log.
/// </summary>
internal sealed class FloorServer(NpgsqlDataSource database)
{
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
        app.MapGet("/groups/{group}", floor.WriteGroupAsync);
        MapReads(app, new FloorReads(database));
        MapWrites(app, new FloorWrites(database));
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
    }

    private static void MapReads(WebApplication app, FloorReads reads)
    {
        app.MapGet("/users/{user}", reads.WriteUserAsync);
        app.MapGet("/users/by-name/{value}", reads.FindByUserNameAsync);
        app.MapGet("/users/by-email/{value}", reads.FindByEmailAsync);
        app.MapGet("/users/from/{startIndex}/{count}", reads.WritePageAsync);
        app.MapGet("/users/behind/{after}/{count}", reads.WriteBehindAsync);
    }

    private static void MapWrites(WebApplication app, FloorWrites writes)
    {
        app.MapPost("/users/{userName}", writes.CreateAsync);
        app.MapPut("/users/{user}", writes.ReplaceAsync);
        app.MapPost("/users/{user}/active/{active}", writes.SetActiveAsync);
        app.MapPost("/bulk", writes.CopyAsync);
        app.MapPost("/groups/{group}/members/{member}", (Guid group, Guid member) => writes.ChangeMembersAsync(group, member, add: true));
        app.MapDelete("/groups/{group}/members/{member}", (Guid group, Guid member) => writes.ChangeMembersAsync(group, member, add: false));
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
}
