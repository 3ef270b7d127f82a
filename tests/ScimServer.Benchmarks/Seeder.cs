using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;
using Scim;
using Scim.EntityFrameworkCore.Resources;
using Scim.EntityFrameworkCore.Rows;
using Scim.Resources;
using Scim.Schemas;

namespace ScimServer.Benchmarks;

/// <summary>
/// Fills a migrated, empty database by COPY with the rows that the server would have written (without change records). The
/// server's own code makes each row; indexes are put aside meanwhile and made again by their own definitions.
/// </summary>
internal sealed class Seeder(NpgsqlDataSource database, int tenantId, DataSize size)
{
    private const string ResourceColumns =
        "tenant_id, id, type, unique_key, external_id, display_name_key, display, active, reference_id, created, last_modified, version, document, search";

    private const string IndexDefinitions =
        """
        SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid) FROM pg_index
        WHERE indrelid IN ('resources'::regclass, 'memberships'::regclass) AND NOT indisprimary
        """;

    private const string ReferenceDefinitions =
        """
        SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
            format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE conrelid = 'memberships'::regclass AND contype = 'f'
        """;

    private readonly SchemaRegistry schemas = SchemaRegistry.Create(new SchemaOptions());
    private readonly ScimLimits limits = new();

    public async Task RunAsync()
    {
        var references = await PutAsideAsync(ReferenceDefinitions);
        var indexes = await PutAsideAsync(IndexDefinitions);
        var parts = Math.Max(2, Environment.ProcessorCount);
        await Task.WhenAll(Enumerable.Range(0, parts).Select(part => Task.Run(() => CopyUsersAsync(part, parts))));
        await CopyResourcesAsync(Enumerable.Range(0, size.Groups).Select(GroupRow));
        await CopyMembershipsAsync();
        await Parallel.ForEachAsync(indexes, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (index, _) =>
            await ExecuteAsync($"SET maintenance_work_mem = '512MB'; {index}"));
        foreach (var reference in references)
        {
            await ExecuteAsync(reference);
        }

        await ExecuteAsync("VACUUM ANALYZE");

        // Last: whether the database is complete is seen by them.
        await ExecuteAsync("INSERT INTO resource_counts (tenant_id, type, slot, n) SELECT tenant_id, type, 0, count(*) FROM resources GROUP BY tenant_id, type");
    }

    private async Task<List<string>> PutAsideAsync(string definitions)
    {
        var found = new List<(string Drop, string Create)>();
        await using (var command = database.CreateCommand(definitions))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                found.Add((reader.GetString(0), reader.GetString(1)));
            }
        }

        foreach (var (drop, _) in found)
        {
            await ExecuteAsync(drop);
        }

        return found.ConvertAll(pair => pair.Create);
    }

    private Task CopyUsersAsync(int part, int parts)
    {
        var (from, to) = ((long)size.Users * part / parts, (long)size.Users * (part + 1) / parts);
        return CopyResourcesAsync(Enumerable.Range((int)from, (int)(to - from)).Select(UserRow));
    }

    private ResourceRow UserRow(int i) => Row("User", People.UserId(i), People.User(i), People.Created(i), People.LastModified(i));

    private ResourceRow GroupRow(int g) => Row("Group", People.GroupId(g), People.Group(g), People.Created(0), People.Created(g));

    private ResourceRow Row(string typeName, Guid id, JsonObject body, DateTimeOffset created, DateTimeOffset lastModified)
    {
        var type = schemas.FindResourceType(typeName)!;
        var document = ResourceReader.Read(type, body, RequestKind.Create).Document;
        ResourceValidator.Validate(document);
        var row = new ResourceRow { TenantId = tenantId, Id = id, Type = typeName, Created = created, LastModified = lastModified, Version = 1, Document = [], Search = "" };
        ResourceKeys.Fill(row, document, limits);
        return row;
    }

    private async Task CopyResourcesAsync(IEnumerable<ResourceRow> rows)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var import = await connection.BeginBinaryImportAsync($"COPY resources ({ResourceColumns}) FROM STDIN (FORMAT BINARY)");
        foreach (var row in rows)
        {
            await import.StartRowAsync();
            await import.WriteAsync(row.TenantId, NpgsqlDbType.Integer);
            await import.WriteAsync(row.Id, NpgsqlDbType.Uuid);
            await import.WriteAsync(row.Type, NpgsqlDbType.Text);
            await import.WriteAsync(row.UniqueKey, NpgsqlDbType.Text);
            await import.WriteAsync(row.ExternalId, NpgsqlDbType.Text);
            await import.WriteAsync(row.DisplayNameKey, NpgsqlDbType.Text);
            await import.WriteAsync(row.Display, NpgsqlDbType.Text);
            await import.WriteAsync(row.Active, NpgsqlDbType.Boolean);
            await import.WriteAsync(row.ReferenceId, NpgsqlDbType.Uuid);
            await import.WriteAsync(row.Created.UtcDateTime, NpgsqlDbType.TimestampTz);
            await import.WriteAsync(row.LastModified.UtcDateTime, NpgsqlDbType.TimestampTz);
            await import.WriteAsync(row.Version, NpgsqlDbType.Bigint);
            await import.WriteAsync(row.Document, NpgsqlDbType.Bytea);
            await import.WriteAsync(row.Search, NpgsqlDbType.Jsonb);
        }

        await import.CompleteAsync();
    }

    private async Task CopyMembershipsAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var import = await connection.BeginBinaryImportAsync("COPY memberships (tenant_id, group_id, member_id) FROM STDIN (FORMAT BINARY)");
        for (var g = 0; g < size.Groups; g++)
        {
            foreach (var member in size.MembersOf(g))
            {
                await import.StartRowAsync();
                await import.WriteAsync(tenantId, NpgsqlDbType.Integer);
                await import.WriteAsync(People.GroupId(g), NpgsqlDbType.Uuid);
                await import.WriteAsync(People.UserId(member), NpgsqlDbType.Uuid);
            }
        }

        await import.CompleteAsync();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }
}
