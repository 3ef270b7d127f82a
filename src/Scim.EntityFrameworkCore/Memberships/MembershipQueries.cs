using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Scim.Resources;

namespace Scim.EntityFrameworkCore.Memberships;

/// <summary>Reads members of groups and groups of members.</summary>
internal static class MembershipQueries
{
    /// <summary>The members of a group in the order of their ids.</summary>
    public static IQueryable<MemberReference> MembersOf(ScimDbContext context, Guid groupId) =>
        context.Memberships
            .Where(membership => membership.GroupId == groupId)
            .Join(context.Resources, membership => membership.MemberId, member => member.Id, (membership, member) => member)
            .OrderBy(member => member.Id)
            .Select(member => new MemberReference(member.Id, member.Type, member.Display));

    /// <summary>The members of several groups, at most <paramref name="limit"/> of them, by group.</summary>
    public static async Task<List<(Guid GroupId, MemberReference Member)>> MembersOfAsync(
        ScimDbContext context, IReadOnlyList<Guid> groupIds, int limit, CancellationToken cancellationToken)
    {
        var pairs = await context.Memberships
            .Where(membership => groupIds.Contains(membership.GroupId))
            .Join(context.Resources, membership => membership.MemberId, member => member.Id, (membership, member) => new { membership.GroupId, Member = member })
            .OrderBy(pair => pair.GroupId).ThenBy(pair => pair.Member.Id)
            .Select(pair => new { pair.GroupId, pair.Member.Id, pair.Member.Type, pair.Member.Display })
            .Take(limit)
            .ToListAsync(cancellationToken);
        return pairs.ConvertAll(pair => (pair.GroupId, new MemberReference(pair.Id, pair.Type, pair.Display)));
    }

    /// <summary>
    /// The groups of several resources, direct and through groups inside groups (RFC 7643 §4.1.2). One statement for a whole
    /// page; UNION drops what was found before, so that a cycle of groups ends.
    /// </summary>
    public static async Task<ILookup<Guid, GroupReference>> GroupsOfAsync(
        ScimDbContext context, DatabaseDialect dialect, IReadOnlyCollection<Guid> memberIds, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"""
            WITH RECURSIVE up (member_id, group_id, direct) AS (
                SELECT member_id, group_id, 1 FROM memberships
                WHERE tenant_id = @tenant_id AND member_id IN (SELECT ids.id FROM {dialect.IdTable("@ids")})
                UNION
                SELECT up.member_id, memberships.group_id, 0 FROM up
                JOIN memberships ON memberships.tenant_id = @tenant_id AND memberships.member_id = up.group_id)
            SELECT up.member_id, up.group_id, resources.display, max(up.direct) FROM up
            JOIN resources ON resources.tenant_id = @tenant_id AND resources.id = up.group_id
            GROUP BY up.member_id, up.group_id, resources.display
            ORDER BY up.member_id, up.group_id
            """;
        dialect.AddValue(command, "tenant_id", context.TenantId);
        dialect.AddIds(command, "ids", memberIds);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(reader, cancellationToken);
    }

    private static async Task<ILookup<Guid, GroupReference>> ReadAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        var found = new List<(Guid MemberId, GroupReference Group)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var display = await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetString(2);
            found.Add((reader.GetGuid(0), new GroupReference(reader.GetGuid(1), display, reader.GetInt32(3) == 1)));
        }

        return found.ToLookup(pair => pair.MemberId, pair => pair.Group);
    }
}
