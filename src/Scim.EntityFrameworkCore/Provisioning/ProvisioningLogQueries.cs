using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Provisioning;

/// <summary>Which requests are asked for. All that is given must hold.</summary>
public sealed record RequestQuery
{
    /// <summary>Only those that failed.</summary>
    public bool Failed { get; init; }

    /// <summary>Those whose path named this resource.</summary>
    public Guid? Resource { get; init; }

    /// <summary>Those of the token of this name.</summary>
    public string? Actor { get; init; }

    /// <summary>Those that took this long or longer.</summary>
    public TimeSpan? MinDuration { get; init; }

    /// <summary>Those that began at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Those that began before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Those before this reference.</summary>
    public Guid? Before { get; init; }

    /// <summary>So many at most.</summary>
    public int Count { get; init; } = 100;
}

/// <summary>A page of requests, newest first.</summary>
/// <param name="Requests">The requests; fewer than asked for, or none, where a long stretch of the log was looked through.</param>
/// <param name="Next">The reference before which the next page begins; null when there is none.</param>
public sealed record RequestPage(IReadOnlyList<RequestRow> Requests, Guid? Next);

/// <summary>A request that a reference leads to: one of a tenant, or one that was refused before its tenant was known.</summary>
/// <param name="Tenant">The tenant; null when it was not known.</param>
/// <param name="Request">The request of the tenant.</param>
/// <param name="Refused">The request without a tenant.</param>
public sealed record FoundRequest(Tenant? Tenant, RequestRow? Request, RefusedRequestRow? Refused);

/// <summary>What a tenant has asked for lately.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Requests">Requests in the time that was asked about.</param>
/// <param name="Failures">Those that failed.</param>
/// <param name="Unrecorded">Those that were counted and not recorded.</param>
/// <param name="LastSeen">When the last request began, however long ago; null when none is known.</param>
public sealed record TenantActivity(Tenant Tenant, long Requests, long Failures, long Unrecorded, DateTimeOffset? LastSeen);

/// <summary>Requests that failed before their tenant was known.</summary>
/// <param name="Requests">All of them.</param>
/// <param name="Unrecorded">Those that were counted and not recorded, because more came than the list takes.</param>
public sealed record RefusedCount(long Requests, long Unrecorded);

/// <summary>Reads the provisioning log. No query looks through more than a stretch of it.</summary>
public sealed class ProvisioningLogQueries
{
    /// <summary>Under which the requests are counted that were refused before their tenant was known.</summary>
    public const int NoTenant = 0;

    /// <summary>How many requests a page looks through.</summary>
    private const int Window = 20_000;

    private readonly ScimDatabase database;
    private readonly Tenants tenants;

    /// <summary>Made by the container.</summary>
    public ProvisioningLogQueries(ScimDatabase database, Tenants tenants)
    {
        this.database = database;
        this.tenants = tenants;
    }

    /// <summary>A page of a tenant's requests.</summary>
    public async Task<RequestPage> ReadAsync(int tenantId, RequestQuery query, CancellationToken cancellationToken)
    {
        await using var context = database.Open(tenantId);
        var log = Between(context.Requests, query);
        if (query.Failed)
        {
            log = log.Where(request => request.Failed);
        }

        var window = log.OrderByDescending(request => request.Txn).Take(Window);
        var found = await Matching(window, query).OrderByDescending(request => request.Txn).Take(query.Count + 1).ToListAsync(cancellationToken);
        if (found.Count > query.Count)
        {
            return new RequestPage(found[..query.Count], found[query.Count - 1].Txn);
        }

        var edge = query is { Resource: null, Actor: null, MinDuration: null }
            ? []
            : await log.OrderByDescending(request => request.Txn).Skip(Window - 1).Select(request => request.Txn).Take(2).ToListAsync(cancellationToken);
        return new RequestPage(found, edge.Count == 2 ? edge[0] : null);
    }

    /// <summary>The request of a reference, of a tenant or without one; null when it is not in the log, or not yet.</summary>
    public async Task<FoundRequest?> FindAsync(Guid reference, CancellationToken cancellationToken)
    {
        var txn = RequestReference.OfRequest(reference);
        await using var context = database.OpenForAccess();
        if (await context.RefusedRequests.SingleOrDefaultAsync(refused => refused.Txn == txn, cancellationToken) is { } refused)
        {
            return new FoundRequest(null, null, refused);
        }

        // The reference tells the minute, and the counts tell who asked for something then.
        var minute = RequestReference.TimeOf(txn).ToUnixTimeSeconds() / 60;
        var active = await context.RequestCounts.Where(count => count.Minute == minute && count.TenantId != NoTenant).Select(count => count.TenantId).ToListAsync(cancellationToken);
        foreach (var tenantId in active)
        {
            if (await FindAsync(tenantId, txn, cancellationToken) is { } request)
            {
                return await tenants.FindAsync(tenantId, cancellationToken) is { } tenant ? new FoundRequest(tenant, request, null) : null;
            }
        }

        return null;
    }

    /// <summary>The request of a tenant with that reference; null when there is none.</summary>
    public async Task<RequestRow?> FindAsync(int tenantId, Guid reference, CancellationToken cancellationToken)
    {
        var txn = RequestReference.OfRequest(reference);
        await using var context = database.Open(tenantId);
        return await context.Requests.SingleOrDefaultAsync(request => request.Txn == txn, cancellationToken);
    }

    /// <summary>The latest requests that failed before a tenant was known, newest first.</summary>
    public async Task<IReadOnlyList<RefusedRequestRow>> RefusedAsync(Guid? before, int count, CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        var refused = before is { } last ? context.RefusedRequests.Where(request => request.Txn.CompareTo(last) < 0) : context.RefusedRequests;
        return await refused.OrderByDescending(request => request.Txn).Take(count).ToListAsync(cancellationToken);
    }

    /// <summary>How many requests failed before their tenant was known since a time, and how many of them were never in the list.</summary>
    public async Task<RefusedCount> CountRefusedAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var minute = since.ToUnixTimeSeconds() / 60;
        await using var context = database.OpenForAccess();
        var counts = context.RequestCounts.Where(count => count.TenantId == NoTenant && count.Minute >= minute);
        return new RefusedCount(await counts.SumAsync(count => count.Requests, cancellationToken), await counts.SumAsync(count => count.Unrecorded, cancellationToken));
    }

    /// <summary>What each tenant has asked for since a time, out of the counts of minutes.</summary>
    public async Task<IReadOnlyList<TenantActivity>> OverviewAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var minute = since.ToUnixTimeSeconds() / 60;
        var all = await tenants.ListAsync(cancellationToken);
        await using var context = database.OpenForAccess();
        var sums = await context.RequestCounts
            .Where(count => count.Minute >= minute)
            .GroupBy(count => count.TenantId)
            .Select(of => new { TenantId = of.Key, Requests = of.Sum(count => count.Requests), Failures = of.Sum(count => count.Failures), Unrecorded = of.Sum(count => count.Unrecorded) })
            .ToDictionaryAsync(sum => sum.TenantId, cancellationToken);
        var seen = await context.Tenants
            .Select(tenant => new
            {
                tenant.Id,
                Last = context.RequestCounts.Where(count => count.TenantId == tenant.Id).OrderByDescending(count => count.Minute).Select(count => (DateTimeOffset?)count.LastSeen).FirstOrDefault(),
            })
            .ToDictionaryAsync(tenant => tenant.Id, tenant => tenant.Last, cancellationToken);
        return [.. all.Select(tenant => sums.GetValueOrDefault(tenant.Id) is { } sum
            ? new TenantActivity(tenant, sum.Requests, sum.Failures, sum.Unrecorded, seen.GetValueOrDefault(tenant.Id))
            : new TenantActivity(tenant, 0, 0, 0, seen.GetValueOrDefault(tenant.Id)))];
    }

    private static IQueryable<RequestRow> Between(IQueryable<RequestRow> requests, RequestQuery query)
    {
        if (query.Since is { } since)
        {
            var first = RequestReference.At(since);
            requests = requests.Where(request => request.Txn.CompareTo(first) >= 0);
        }

        if (query.Until is { } until)
        {
            var end = RequestReference.At(until);
            requests = requests.Where(request => request.Txn.CompareTo(end) < 0);
        }

        return query.Before is { } before ? requests.Where(request => request.Txn.CompareTo(before) < 0) : requests;
    }

    private static IQueryable<RequestRow> Matching(IQueryable<RequestRow> requests, RequestQuery query)
    {
        if (query.Resource is { } resource)
        {
            requests = requests.Where(request => request.ResourceId == resource);
        }

        if (query.MinDuration is { } duration)
        {
            var microseconds = (long)duration.TotalMicroseconds;
            requests = requests.Where(request => request.Duration >= microseconds);
        }

        return query.Actor is { } actor ? requests.Where(request => request.Actor == actor) : requests;
    }
}
