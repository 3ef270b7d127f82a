using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Resources;
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
    public static async Task<List<(Guid GroupId, MemberReference Member)>> MembersAsync(
        ScimDbContext context, DatabaseDialect dialect, IReadOnlyCollection<Guid> groupIds, int limit, CancellationToken cancellationToken)
    {
        await using var command = await CommandAsync(
            context,
            dialect,
            groupIds,
            $"""
            SELECT m.group_id, r.id, r.type, r.display
            FROM memberships AS m JOIN resources AS r ON r.tenant_id = @tenant_id AND r.id = m.member_id
            WHERE m.tenant_id = @tenant_id AND {dialect.IsOneOf("m.group_id", "@ids")}
            ORDER BY m.group_id, m.member_id LIMIT {limit.ToString(CultureInfo.InvariantCulture)}
            """,
            cancellationToken);
        await using var reader = await dialect.ReadAsync(command, context.TenantId, isPlannedOnce: false, cancellationToken);
        var members = new List<(Guid, MemberReference)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            members.Add((reader.GetGuid(0), ShownRows.ReadReference(reader, 1)!));
        }

        return members;
    }

    /// <summary>
    /// The groups that several resources are members of. Each group is looked up once, not once a member. A recursive statement for
    /// the groups around groups would be planned for a hundred times the rows that there are, by reading whole tables.
    /// </summary>
    public static async Task<List<DirectGroup>> DirectGroupsAsync(
        ScimDbContext context, DatabaseDialect dialect, IReadOnlyCollection<Guid> memberIds, CancellationToken cancellationToken)
    {
        await using var command = await CommandAsync(
            context,
            dialect,
            memberIds,
            $"""
            WITH m (member_id, group_id) AS MATERIALIZED (
                SELECT member_id, group_id FROM memberships
                WHERE tenant_id = @tenant_id AND {dialect.IsOneOf("member_id", "@ids")}),
            g (id, display, is_member) AS MATERIALIZED (
                SELECT d.group_id,
                    (SELECT r.display FROM resources AS r WHERE r.tenant_id = @tenant_id AND r.id = d.group_id),
                    (SELECT 1 FROM memberships AS up WHERE up.tenant_id = @tenant_id AND up.member_id = d.group_id LIMIT 1) IS NOT NULL
                FROM (SELECT DISTINCT group_id FROM m) AS d)
            SELECT m.member_id, m.group_id, g.display, g.is_member FROM m JOIN g ON g.id = m.group_id
            """,
            cancellationToken);
        await using var reader = await dialect.ReadAsync(command, context.TenantId, isPlannedOnce: false, cancellationToken);
        var groups = new List<DirectGroup>();
        while (await reader.ReadAsync(cancellationToken))
        {
            groups.Add(ReadDirectGroup(reader));
        }

        return groups;
    }

    private static async Task<DbCommand> CommandAsync(
        ScimDbContext context, DatabaseDialect dialect, IReadOnlyCollection<Guid> ids, string sql, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        dialect.AddValue(command, "tenant_id", context.TenantId);
        dialect.AddIds(command, "ids", ids);
        return command;
    }

    private static DirectGroup ReadDirectGroup(DbDataReader reader) =>
        new(reader.GetGuid(0), reader.GetGuid(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetBoolean(3));

    /// <summary>Adds the groups around the direct groups of the resources: one statement for each level of groups inside groups.</summary>
    public static async Task AddOuterGroupsAsync(
        ScimDbContext context, DatabaseDialect dialect, List<DirectGroup> groups, IEnumerable<Guid> resourceIds, CancellationToken cancellationToken)
    {
        var asked = resourceIds.ToHashSet();
        IReadOnlyList<DirectGroup> level = groups;
        while (level.Where(group => group.IsMember).Select(group => group.GroupId).Where(asked.Add).ToList() is { Count: > 0 } around)
        {
            level = await DirectGroupsAsync(context, dialect, around, cancellationToken);
            groups.AddRange(level);
        }
    }

    /// <summary>
    /// The groups of a resource, direct and through groups inside groups (RFC 7643 §4.1.2), in the order of their ids. Goes up
    /// level by level; a group that was met before is not entered again, so that a cycle of groups ends.
    /// </summary>
    public static IReadOnlyList<GroupReference> AllGroups(Guid member, ILookup<Guid, DirectGroup> byMember)
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
}

/// <summary>A group of a member.</summary>
/// <param name="MemberId">The member.</param>
/// <param name="GroupId">The group.</param>
/// <param name="Display">What is shown for the group.</param>
/// <param name="IsMember">Whether the group is itself a member of groups.</param>
internal sealed record DirectGroup(Guid MemberId, Guid GroupId, string? Display, bool IsMember);
