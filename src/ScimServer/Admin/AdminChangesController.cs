using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Provisioning;
using ScimServer.Http;

namespace ScimServer.Admin;

/// <summary>Who changed what: the change log of a tenant, and what operators did.</summary>
[Route(AdminEndpoint.Base)]
public sealed class AdminChangesController(Tenants tenants, ChangeQueries changes, AdminLog log) : AdminController
{
    /// <summary>The change log of a tenant, newest first. All parameters that are given must hold.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="resource">Changes of the resource with this id.</param>
    /// <param name="member">Changes of groups by which the resource with this id came or went as a member.</param>
    /// <param name="actor">Changes that the token of this name asked for.</param>
    /// <param name="txn">Changes that the request of this reference caused, with those of all its operations.</param>
    /// <param name="since">Changes at this time or later; in UTC unless it says otherwise.</param>
    /// <param name="until">Changes before this time; in UTC unless it says otherwise.</param>
    /// <param name="count">So many at most: 1 to 1000.</param>
    /// <param name="cursor">The <c>nextCursor</c> of the page before.</param>
    [HttpGet("tenants/{tenantId:int}/changes")]
    public async Task<ChangesView> Changes(
        int tenantId,
        [FromQuery] Guid? resource,
        [FromQuery] Guid? member,
        [FromQuery] string? actor,
        [FromQuery] string? txn,
        [FromQuery] DateTime? since,
        [FromQuery] DateTime? until,
        [FromQuery] int count = 100,
        [FromQuery] string? cursor = null)
    {
        var tenant = await TenantAsync(tenants, tenantId);
        var query = new ChangeQuery
        {
            Resource = resource,
            Member = member,
            Actor = actor,
            Txn = string.IsNullOrEmpty(txn) ? null
                : RequestReference.TryParse(txn, out var reference) ? reference
                : throw new AccessException("\"txn\" is not the reference of a request.") { Field = "txn" },
            Since = Utc(since),
            Until = Utc(until),
            Count = Count(count),
            Before = Position(cursor),
        };
        var page = await changes.ReadAsync(tenant.Id, query, Aborted);
        return new ChangesView([.. page.Changes.Select(ChangeView.Of)], page.Next?.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>What was done to tenants, tokens, clients, webhooks and streams, and by whom; newest first.</summary>
    /// <param name="count">So many at most: 1 to 1000.</param>
    /// <param name="cursor">The <c>nextCursor</c> of the page before.</param>
    [HttpGet("actions")]
    public async Task<ActionsView> Actions([FromQuery] int count = 100, [FromQuery] string? cursor = null)
    {
        var found = await log.ListAsync(Position(cursor), Count(count) + 1, Aborted);
        var next = found.Count > count ? found[count - 1].Seq.ToString(CultureInfo.InvariantCulture) : null;
        return new ActionsView([.. found.Take(count).Select(ActionView.Of)], next);
    }

    private static long? Position(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return null;
        }

        return long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? position
            : throw new AccessException("The cursor is not one that this server gave.") { Field = "cursor" };
    }
}
