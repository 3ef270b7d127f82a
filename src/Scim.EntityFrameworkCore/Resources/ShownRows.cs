using System.Data.Common;
using Scim.EntityFrameworkCore.Rows;
using Scim.Resources;

namespace Scim.EntityFrameworkCore.Resources;

/// <summary>A row as an answer needs it.</summary>
/// <param name="Row">The row, without the columns that no answer shows.</param>
/// <param name="Target">The resource that it refers to (a user's manager), when that exists here.</param>
internal sealed record ShownRow(ResourceRow Row, MemberReference? Target);

/// <summary>
/// The columns that answers need, of a row called r and the row that it refers to, in one statement: a statement of its own for
/// the second would be a round trip more for every answer.
/// </summary>
internal static class ShownRows
{
    /// <summary>The columns; <see cref="Join"/> must be among the tables.</summary>
    public const string Columns = "r.id, r.type, r.created, r.last_modified, r.version, r.document, target.id, target.type, target.display";

    /// <summary>The row that r refers to.</summary>
    public const string Join = "LEFT JOIN resources AS target ON target.tenant_id = r.tenant_id AND target.id = r.reference_id";

    private const int Target = 6;

    /// <summary>Reads <see cref="Columns"/>, which begin at <paramref name="first"/>; null when there is no row.</summary>
    public static ShownRow? Read(DbDataReader reader, int tenantId, int first = 0)
    {
        if (reader.IsDBNull(first))
        {
            return null;
        }

        var row = new ResourceRow
        {
            TenantId = tenantId,
            Id = reader.GetGuid(first),
            Type = reader.GetString(first + 1),
            Created = Time(reader, first + 2),
            LastModified = Time(reader, first + 3),
            Version = reader.GetInt64(first + 4),
            Document = reader.GetFieldValue<byte[]>(first + 5),
            Search = "",
        };
        return new ShownRow(row, ReadReference(reader, first + Target));
    }

    /// <summary>Reads an id, a type and a display name; null when there is none.</summary>
    public static MemberReference? ReadReference(DbDataReader reader, int first) => reader.IsDBNull(first)
        ? null
        : new MemberReference(reader.GetGuid(first), reader.GetString(first + 1), reader.IsDBNull(first + 2) ? null : reader.GetString(first + 2));

    private static DateTimeOffset Time(DbDataReader reader, int column) => new(DateTime.SpecifyKind(reader.GetDateTime(column), DateTimeKind.Utc));
}
