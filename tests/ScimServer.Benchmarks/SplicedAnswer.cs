using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace ScimServer.Benchmarks;

/// <summary>Puts an answer of the floor together: the stored bytes, and behind them what is computed.</summary>
internal sealed class SplicedAnswer(HttpContext context)
{
    private readonly IBufferWriter<byte> output = context.Response.BodyWriter;
    private bool any;

    public void BeginList(long total) => Text(
        $"{{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:ListResponse\"],\"totalResults\":{total.ToString(CultureInfo.InvariantCulture)},\"startIndex\":1,\"Resources\":[");

    public void EndList() => Text("]}");

    public void Add(NpgsqlDataReader row)
    {
        if (any)
        {
            Text(",");
        }

        any = true;
        var id = row.GetGuid(0);
        var document = row.GetFieldValue<byte[]>(1);
        output.Write(document.AsSpan(0, document.Length - 1));
        var manager = row.IsDBNull(5) ? "" : $",\"displayName\":\"{row.GetString(5)}\",\"$ref\":\"{context.Request.Scheme}://{context.Request.Host}/scim/v2/Users/{id}\"";
        var groups = row.IsDBNull(6) ? "" : $"\"groups\":[{row.GetString(6)}],";
        Text($",\"id\":\"{id}\"{manager},{groups}\"meta\":{{\"resourceType\":\"User\",\"created\":\"{Time(row, 2)}\",\"lastModified\":\"{Time(row, 3)}\",\"version\":\"W/\\\"{row.GetInt64(4).ToString(CultureInfo.InvariantCulture)}\\\"\",\"location\":\"{context.Request.Scheme}://{context.Request.Host}/scim/v2/Users/{id}\"}}}}");
    }

    private static string Time(NpgsqlDataReader row, int column) =>
        row.GetDateTime(column).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private void Text(string text) => Encoding.UTF8.GetBytes(text, output);
}
