using System.Data.Common;
using System.Text.Json;
using Scim.EntityFrameworkCore.Memberships;
using Scim.EntityFrameworkCore.Rows;
using Scim.Resources;

namespace Scim.EntityFrameworkCore.Resources;

/// <summary>A row as an answer needs it.</summary>
/// <param name="Row">The row, without the columns that no answer shows.</param>
/// <param name="Target">The resource that it refers to (a user's manager), when that exists here.</param>
/// <param name="Groups">Its direct groups; null when they were not read with it.</param>
internal sealed record ShownRow(ResourceRow Row, MemberReference? Target, IReadOnlyList<DirectGroup>? Groups = null);

/// <summary>
/// The columns that answers need, of a row called r, with the row that it refers to and its groups, in one statement: statements
/// of their own would be a round trip more for every answer.
/// </summary>
internal static class ShownRows
{
    /// <summary>In the place of <see cref="Groups"/> where they are not asked for, or read for a whole page at once.</summary>
    public const string NoGroups = "NULL";

    /// <summary>The row that r refers to.</summary>
    public const string Join = "LEFT JOIN resources AS target ON target.tenant_id = r.tenant_id AND target.id = r.reference_id";

    private const int Target = 6;
    private const int GroupsColumn = 9;

    /// <summary>The columns; <see cref="Join"/> must be among the tables.</summary>
    public static string Columns(string groups) => $"r.id, r.type, r.created, r.last_modified, r.version, r.document, {Companions(groups)}";

    /// <summary>A column with the direct groups of r as JSON: id, display name, and whether the group is itself a member of groups.</summary>
    public static string Groups(DatabaseDialect dialect) => $"""
        (SELECT {dialect.AggregateArrays("m.group_id, g.display, CASE WHEN EXISTS (SELECT 1 FROM memberships AS up WHERE up.tenant_id = m.tenant_id AND up.member_id = m.group_id) THEN 1 ELSE 0 END")}
            FROM memberships AS m JOIN resources AS g ON g.tenant_id = m.tenant_id AND g.id = m.group_id
            WHERE m.tenant_id = r.tenant_id AND m.member_id = r.id)
        """;

    /// <summary>Reads the <see cref="Columns"/>, which begin at <paramref name="first"/>; null when there is no row.</summary>
    public static ShownRow? Read(DbDataReader reader, int tenantId, bool withGroups, int first = 0)
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
        return new ShownRow(row, ReadReference(reader, first + Target), withGroups ? ReadGroups(reader, first + GroupsColumn, row.Id) : null);
    }

    /// <summary>Reads an id, a type and a display name; null when there is none.</summary>
    public static MemberReference? ReadReference(DbDataReader reader, int first) => reader.IsDBNull(first)
        ? null
        : new MemberReference(reader.GetGuid(first), reader.GetString(first + 1), reader.IsDBNull(first + 2) ? null : reader.GetString(first + 2));

    /// <summary>Appends what an answer shows beside a row that the same command writes.</summary>
    public static void AppendCompanions(this DbCommand command, DatabaseDialect dialect, ResourceRow row, bool withGroups)
    {
        command.CommandText += $"""

            SELECT {Companions(withGroups ? Groups(dialect) : NoGroups)} FROM resources AS r {Join} WHERE r.tenant_id = @shown_tenant AND r.id = @shown_id;
            """;
        dialect.AddValue(command, "shown_tenant", row.TenantId);
        dialect.AddValue(command, "shown_id", row.Id);
    }

    /// <summary>Sends a command to which <see cref="AppendCompanions"/> appended.</summary>
    public static async Task<ShownRow> ExecuteWithCompanionsAsync(this DbCommand command, ResourceRow row, bool withGroups)
    {
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        var shown = await reader.ReadAsync(CancellationToken.None)
            ? new ShownRow(row, ReadReference(reader, 0), withGroups ? ReadGroups(reader, GroupsColumn - Target, row.Id) : null)
            : throw new InvalidOperationException($"{row.Type} {row.Id} is not there though it was written.");
        while (await reader.NextResultAsync(CancellationToken.None))
        {
        }

        return shown;
    }

    private static string Companions(string groups) => $"target.id, target.type, target.display, {groups}";

    private static List<DirectGroup> ReadGroups(DbDataReader reader, int column, Guid memberId)
    {
        if (reader.IsDBNull(column))
        {
            return [];
        }

        using var groups = JsonDocument.Parse(reader.GetString(column));
        return [.. groups.RootElement.EnumerateArray().Select(group =>
            new DirectGroup(memberId, Guid.Parse(group[0].GetString()!), group[1].GetString(), group[2].GetInt32() == 1))];
    }

    private static DateTimeOffset Time(DbDataReader reader, int column) => new(DateTime.SpecifyKind(reader.GetDateTime(column), DateTimeKind.Utc));
}
