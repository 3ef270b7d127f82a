using Microsoft.AspNetCore.Mvc;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Erasure;
using ScimServer.Http;

namespace ScimServer.Admin;

/// <summary>Erases persons.</summary>
[Route(AdminEndpoint.Base)]
public sealed class AdminErasuresController(Tenants tenants, PersonErasure erasure, TenantContext context, IHostApplicationLifetime lifetime) : AdminController
{
    /// <summary>
    /// Removes a person from resources, change records and the provisioning log, and answers what was removed; it takes some seconds. The bare facts stay. Who reads events
    /// hears of it by a <c>user.deleted</c> that says <c>erased</c>. If it was interrupted, do it again, by id: a person who is erased already is answered with zeros.
    /// </summary>
    /// <response code="404">There is no such user, or nothing is known of the id.</response>
    /// <response code="409">Several users have the externalId, or the user was deleted meanwhile.</response>
    [HttpPost("tenants/{tenantId:int}/erasures")]
    public async Task<ErasureView> Erase(int tenantId, [FromBody] ErasePersonRequest request)
    {
        var tenant = await TenantAsync(tenants, tenantId);
        var person = await erasure.FindAsync(tenant.Id, request.ToName(), Aborted);

        // Once begun it is not given up because the client has gone.
        return ErasureView.Of(await erasure.RunAsync(tenant, person, context.Txn, lifetime.ApplicationStopping));
    }
}

/// <summary>Whom to erase: one of the three.</summary>
/// <param name="Id">The id of the user; it also finds who was deleted before.</param>
/// <param name="UserName">The userName, in any case.</param>
/// <param name="ExternalId">The id that the identity provider gave.</param>
public sealed record ErasePersonRequest(Guid? Id, string? UserName, string? ExternalId)
{
    internal PersonName ToName() => new() { Id = Id, UserName = UserName, ExternalId = ExternalId };

    /// <summary>Without the values: a record prints its members, and this one may end up in a log.</summary>
    public override string ToString() => $"{nameof(ErasePersonRequest)} {Id}";
}

/// <summary>An erasure.</summary>
/// <param name="Id">The id of the person, which stays in the records.</param>
/// <param name="ResourceType">The type of the resource; null when nothing tells it any more.</param>
/// <param name="Removed">What was removed.</param>
public sealed record ErasureView(Guid Id, string? ResourceType, RemovedView Removed)
{
    internal static ErasureView Of(Erased erased) => new(
        erased.Id,
        erased.ResourceType,
        new RemovedView(erased.Resources, erased.Memberships, erased.References, erased.Changes, erased.GroupChanges, erased.Requests, erased.StreamErrors));
}

/// <summary>What was removed of a person.</summary>
/// <param name="Resources">Resources that were deleted: 1, or 0 when the person had been deleted before.</param>
/// <param name="Memberships">Groups that the person left.</param>
/// <param name="References">Resources that referred to the person (as manager) and do no more.</param>
/// <param name="Changes">Changes of the person that lost their values.</param>
/// <param name="GroupChanges">Changes of groups that lost the person's externalId.</param>
/// <param name="Requests">Failed requests that named the person and lost what was kept of them.</param>
/// <param name="StreamErrors">Errors of streams whose description named the person and was removed.</param>
public sealed record RemovedView(int Resources, int Memberships, int References, int Changes, int GroupChanges, int Requests, int StreamErrors);
