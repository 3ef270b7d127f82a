using System.Globalization;
using Microsoft.AspNetCore.Http;
using Npgsql;
using NpgsqlTypes;

namespace ScimServer.Benchmarks;

/// <summary>
/// The reading half of the floor: one prepared statement, and the bytes that the server would answer with, spliced together
/// without looking at them.
/// </summary>
internal sealed class FloorReads(NpgsqlDataSource database)
{
    /// <summary>A user with what the server computes for it: its direct groups and the name of its manager.</summary>
    private const string Columns =
        """
        r.id, r.document, r.created, r.last_modified, r.version, m.display,
            (SELECT string_agg('{"value":"' || g.id || '","$ref":"' || $1 || 'Groups/' || g.id || '","display":"' || g.display || '","type":"direct"}', ',')
             FROM memberships AS x JOIN resources AS g ON g.tenant_id = 1 AND g.id = x.group_id WHERE x.tenant_id = 1 AND x.member_id = r.id)
        """;

    private const string Manager = "LEFT JOIN resources AS m ON m.tenant_id = 1 AND m.id = r.reference_id";

    public Task WriteUserAsync(HttpContext context, Guid user) => WriteAsync(
        context, $"SELECT {Columns} FROM resources AS r {Manager} WHERE r.tenant_id = 1 AND r.type = 'User' AND r.id = $2", isList: false, 1, new() { Value = user });

    public Task FindByUserNameAsync(HttpContext context, string value) => WriteAsync(
        context, $"SELECT {Columns} FROM resources AS r {Manager} WHERE r.tenant_id = 1 AND r.type = 'User' AND r.unique_key = $2", isList: true, 1, new() { Value = value });

    public Task FindByEmailAsync(HttpContext context, string value)
    {
        var path = $"$ ? (@.\"$t\" == \"1\" && exists(@.\"emails\"[*] ? (@.\"type\" == \"work\" && @.\"value\" == \"{value}\")))";
        return WriteAsync(
            context,
            $"SELECT {Columns} FROM (SELECT * FROM resources WHERE tenant_id = 1 AND type = 'User' AND search @? $2 OFFSET 0) AS r {Manager}",
            isList: true,
            1,
            new() { Value = path, NpgsqlDbType = NpgsqlDbType.JsonPath });
    }

    public async Task WritePageAsync(HttpContext context, int startIndex, int count)
    {
        await using var sum = database.CreateCommand("SELECT sum(n)::bigint FROM resource_counts WHERE tenant_id = 1 AND type = 'User'");
        var total = (long)(await sum.ExecuteScalarAsync())!;
        var page = $"(SELECT * FROM resources WHERE tenant_id = 1 AND type = 'User' ORDER BY id OFFSET $2 LIMIT {count.ToString(CultureInfo.InvariantCulture)})";
        await WriteAsync(context, $"SELECT {Columns} FROM {page} AS r {Manager} ORDER BY r.id", isList: true, total, new() { Value = startIndex - 1 });
    }

    public Task WriteBehindAsync(HttpContext context, Guid after, int count)
    {
        var page = $"(SELECT * FROM resources WHERE tenant_id = 1 AND type = 'User' AND id > $2 ORDER BY id LIMIT {count.ToString(CultureInfo.InvariantCulture)})";
        return WriteAsync(context, $"SELECT {Columns} FROM {page} AS r {Manager} ORDER BY r.id", isList: true, 1, new() { Value = after });
    }

    private async Task WriteAsync(HttpContext context, string sql, bool isList, long total, NpgsqlParameter key)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = $"{context.Request.Scheme}://{context.Request.Host}/scim/v2/" });
        command.Parameters.Add(key);
        await using var reader = await command.ExecuteReaderAsync();
        context.Response.ContentType = "application/scim+json";
        var answer = new SplicedAnswer(context);
        if (isList)
        {
            answer.BeginList(total);
        }

        while (await reader.ReadAsync())
        {
            answer.Add(reader);
        }

        if (isList)
        {
            answer.EndList();
        }

        await context.Response.BodyWriter.FlushAsync();
    }
}
