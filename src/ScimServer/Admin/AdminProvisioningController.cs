using Microsoft.AspNetCore.Mvc;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Provisioning;
using ScimServer.Http;

namespace ScimServer.Admin;

/// <summary>The provisioning log: what identity providers asked for, what became of it, and why not.</summary>
[Route(AdminEndpoint.Base)]
public sealed class AdminProvisioningController(Tenants tenants, ProvisioningLogQueries log, RequestTail tail, TimeProvider time) : AdminController
{
    private const int MaxMinutes = 60 * 24 * 31;

    /// <summary>
    /// The requests of a tenant, newest first. All parameters that are given must hold. With <c>Accept: text/event-stream</c> they come as they
    /// end, each once, until the client goes; <c>until</c>, <c>count</c> and <c>cursor</c> mean nothing then.
    /// </summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="failed">True for those that failed only.</param>
    /// <param name="resource">Those whose path names the resource with this id.</param>
    /// <param name="actor">Those of the token of this name.</param>
    /// <param name="since">Those that began at this time or later; in UTC unless it says otherwise.</param>
    /// <param name="until">Those that began before this time; in UTC unless it says otherwise.</param>
    /// <param name="count">So many at most: 1 to 1000.</param>
    /// <param name="cursor">The <c>nextCursor</c> of the page before.</param>
    [HttpGet("tenants/{tenantId:int}/requests")]
    [ProducesResponseType<RequestsView>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Requests(
        int tenantId,
        [FromQuery] bool failed = false,
        [FromQuery] Guid? resource = null,
        [FromQuery] string? actor = null,
        [FromQuery] DateTime? since = null,
        [FromQuery] DateTime? until = null,
        [FromQuery] int count = 100,
        [FromQuery] string? cursor = null)
    {
        var tenant = await TenantAsync(tenants, tenantId);
        var query = new RequestQuery
        {
            Failed = failed,
            Resource = resource,
            Actor = actor,
            Since = Utc(since),
            Until = Utc(until),
            Count = Count(count),
            Before = string.IsNullOrEmpty(cursor) ? null : Reference(cursor, nameof(cursor)),
        };
        if (ServerSentEvents.AreWanted(Request))
        {
            await tail.RunAsync(HttpContext, tenant, query);
            return new EmptyResult();
        }

        var page = await log.ReadAsync(tenant.Id, query, Aborted);
        return Ok(new RequestsView([.. page.Requests.Select(RequestView.Of)], page.Next is { } next ? RequestReference.Format(next) : null));
    }

    /// <summary>One request of a tenant, by the reference that its answer and its log line have.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="reference">The reference, in any case; of an operation of a bulk too.</param>
    [HttpGet("tenants/{tenantId:int}/requests/{reference}")]
    public async Task<RequestView> Get(int tenantId, string reference)
    {
        var tenant = await TenantAsync(tenants, tenantId);
        return await log.FindAsync(tenant.Id, Reference(reference, nameof(reference)), Aborted) is { } request
            ? RequestView.Of(request)
            : throw NoRequest(reference);
    }

    /// <summary>One request of whatever tenant, or of none, by its reference.</summary>
    /// <param name="reference">The reference, in any case; of an operation of a bulk too.</param>
    [HttpGet("requests/{reference}")]
    public async Task<FoundRequestView> Find(string reference) =>
        await log.FindAsync(Reference(reference, nameof(reference)), Aborted) is { } found ? FoundRequestView.Of(found) : throw NoRequest(reference);

    /// <summary>Requests that were refused before their tenant was known, with the true reason, newest first.</summary>
    /// <param name="count">So many at most: 1 to 1000.</param>
    /// <param name="cursor">The <c>nextCursor</c> of the page before.</param>
    [HttpGet("refused-requests")]
    public async Task<RefusedRequestsView> Refused([FromQuery] int count = 100, [FromQuery] string? cursor = null)
    {
        var before = string.IsNullOrEmpty(cursor) ? (Guid?)null : Reference(cursor, nameof(cursor));
        var found = await log.RefusedAsync(before, Count(count) + 1, Aborted);
        var lastDay = await log.CountRefusedAsync(time.GetUtcNow().AddDays(-1), Aborted);
        return new RefusedRequestsView(
            [.. found.Take(count).Select(RefusedRequestView.Of)],
            found.Count > count ? RequestReference.Format(found[count - 1].Txn) : null,
            new RefusedCountView(lastDay.Requests, lastDay.Unrecorded));
    }

    /// <summary>How many requests each tenant made lately, how many failed, and when the last one came.</summary>
    /// <param name="minutes">The last so many minutes: 1 to 44640, which is 31 days.</param>
    [HttpGet("overview")]
    public async Task<IReadOnlyList<TenantActivityView>> Overview([FromQuery] int minutes = 60)
    {
        if (minutes is < 1 or > MaxMinutes)
        {
            throw new AccessException($"\"minutes\" must be 1 to {MaxMinutes}.") { Field = "minutes" };
        }

        return [.. (await log.OverviewAsync(time.GetUtcNow().AddMinutes(-minutes), Aborted)).Select(TenantActivityView.Of)];
    }

    private static Guid Reference(string text, string field) =>
        RequestReference.TryParse(text, out var reference)
            ? reference
            : throw new AccessException("That is not a reference: it has sixteen characters, like 7K2M9QX4ABCDEFGH.") { Field = field };

    private static AccessException NoRequest(string reference) => new(
        $"There is no request with the reference {Scim.Errors.ScimErrors.Shorten(reference)} in the log. It is written a second after the answer, and deleted when it is old.")
    { Fault = AccessFault.NotFound };
}
