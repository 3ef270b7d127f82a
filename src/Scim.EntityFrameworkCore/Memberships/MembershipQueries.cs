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
    /// The groups of several resources, direct and through groups inside groups (RFC 7643 §4.1.2), in the order of their ids. One
    /// statement for a whole page, and one more for each level of groups inside groups. A recursive statement would be planned
    /// for a hundred times the rows that there are, by reading whole tables. Each group is looked up once, not once a member.
    /// </summary>
    public static async Task<ILookup<Guid, GroupReference>> GroupsOfAsync(
        ScimDbContext context, DatabaseDialect dialect, IReadOnlyCollection<Guid> memberIds, CancellationToken cancellationToken)
    {
        var found = new List<DirectGroup>();
        var asked = memberIds.ToHashSet();
        for (var level = memberIds; level.Count > 0;)
        {
            var groups = await DirectGroupsAsync(context, dialect, level, cancellationToken);
            found.AddRange(groups);
            level = [.. groups.Where(group => group.IsMember).Select(group => group.GroupId).Where(asked.Add)];
        }

        var byMember = found.ToLookup(group => group.MemberId);
        return memberIds.SelectMany(member => AllGroups(member, byMember).Select(group => (member, group))).ToLookup(pair => pair.member, pair => pair.group);
    }

    private static async Task<List<DirectGroup>> DirectGroupsAsync(
        ScimDbContext context, DatabaseDialect dialect, IReadOnlyCollection<Guid> memberIds, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"""
            WITH m (member_id, group_id) AS MATERIALIZED (
                SELECT member_id, group_id FROM memberships
                WHERE tenant_id = @tenant_id AND member_id IN (SELECT ids.id FROM {dialect.IdTable("@ids")})),
            g (id, display, is_member) AS MATERIALIZED (
                SELECT d.group_id,
                    (SELECT r.display FROM resources AS r WHERE r.tenant_id = @tenant_id AND r.id = d.group_id),
                    (SELECT 1 FROM memberships AS up WHERE up.tenant_id = @tenant_id AND up.member_id = d.group_id LIMIT 1) IS NOT NULL
                FROM (SELECT DISTINCT group_id FROM m) AS d)
            SELECT m.member_id, m.group_id, g.display, g.is_member FROM m JOIN g ON g.id = m.group_id
            """;
        dialect.AddValue(command, "tenant_id", context.TenantId);
        dialect.AddIds(command, "ids", memberIds);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var groups = new List<DirectGroup>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var display = await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetString(2);
            groups.Add(new DirectGroup(reader.GetGuid(0), reader.GetGuid(1), display, reader.GetBoolean(3)));
        }

        return groups;
    }

    /// <summary>Goes up level by level. A group that was met before is not entered again, so that a cycle of groups ends.</summary>
    private static List<GroupReference> AllGroups(Guid member, ILookup<Guid, DirectGroup> byMember)
    {
        var groups = new SortedDictionary<Guid, GroupReference>();
        var open = new Queue<Guid>([member]);
        while (open.TryDequeue(out var id))
        {
            foreach (var group in byMember[id])
            {
                if (groups.TryAdd(group.GroupId, new GroupReference(group.GroupId, group.Display, Direct: id == member)))
                {
                    open.Enqueue(group.GroupId);
                }
            }
        }

        return [.. groups.Values];
    }

    /// <summary>A group of a member.</summary>
    /// <param name="MemberId">The member.</param>
    /// <param name="GroupId">The group.</param>
    /// <param name="Display">What is shown for the group.</param>
    /// <param name="IsMember">Whether the group is itself a member of groups.</param>
    private sealed record DirectGroup(Guid MemberId, Guid GroupId, string? Display, bool IsMember);
}
