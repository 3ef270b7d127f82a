using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Filters;

/// <summary>
/// Memberships with those that come through groups inside groups. UNION drops what was found before, so that a cycle ends.
/// Only members that have members themselves are followed.
/// </summary>
internal static class NestedMemberships
{
    /// <summary>The pairs of a group and everything in it; of all groups when <paramref name="groupId"/> is null.</summary>
    public static IQueryable<MembershipRow> Of(ScimDbContext context, Guid? groupId) =>
        groupId is { } id ? OfOne(context, context.TenantId, id) : OfAll(context, context.TenantId);

    private static IQueryable<MembershipRow> OfOne(ScimDbContext context, int tenantId, Guid groupId) => context.Memberships.FromSql(
        $"""
        WITH RECURSIVE inside (group_id) AS (
            SELECT {groupId}
            UNION
            SELECT inner_group.member_id FROM inside
            JOIN memberships AS inner_group ON inner_group.tenant_id = {tenantId} AND inner_group.group_id = inside.group_id
            WHERE EXISTS (SELECT 1 FROM memberships AS its WHERE its.tenant_id = {tenantId} AND its.group_id = inner_group.member_id))
        SELECT memberships.tenant_id, {groupId} AS group_id, memberships.member_id FROM memberships
        WHERE memberships.tenant_id = {tenantId} AND memberships.group_id IN (SELECT inside.group_id FROM inside)
        """);

    private static IQueryable<MembershipRow> OfAll(ScimDbContext context, int tenantId) => context.Memberships.FromSql(
        $"""
        WITH RECURSIVE inside (outer_id, group_id) AS (
            SELECT tops.group_id, tops.group_id FROM memberships AS tops WHERE tops.tenant_id = {tenantId}
            UNION
            SELECT inside.outer_id, inner_group.member_id FROM inside
            JOIN memberships AS inner_group ON inner_group.tenant_id = {tenantId} AND inner_group.group_id = inside.group_id
            WHERE EXISTS (SELECT 1 FROM memberships AS its WHERE its.tenant_id = {tenantId} AND its.group_id = inner_group.member_id))
        SELECT memberships.tenant_id, inside.outer_id AS group_id, memberships.member_id FROM inside
        JOIN memberships ON memberships.tenant_id = {tenantId} AND memberships.group_id = inside.group_id
        """);
}
