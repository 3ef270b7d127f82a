using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Provisioning;

/// <summary>
/// Follows the provisioning log of a tenant as it is written: each request once, and those that are found together in the order in which they ended. The log is in the
/// order of their begin, and a request is written when it has been answered; so what began lately is read again, and now and then what took long.
/// </summary>
public sealed class RequestFollower
{
    /// <summary>What began longer ago has ended and is written.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private const int PageSize = 1_000;

    /// <summary>What ended in less is written long before this is over.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Near = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Far = TimeSpan.FromSeconds(3);

    private readonly HashSet<Guid> seen;
    private readonly ProvisioningLogQueries log;
    private readonly int tenantId;
    private readonly RequestQuery query;
    private readonly TimeProvider time;
    private readonly DateTimeOffset begun;
    private DateTimeOffset looked;
    private DateTimeOffset lookedFar;

    /// <param name="log">The log.</param>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="query">Which requests; from its <c>Since</c> on, or from now on.</param>
    /// <param name="time">The clock.</param>
    /// <param name="known">Requests that are not wanted again.</param>
    public RequestFollower(ProvisioningLogQueries log, int tenantId, RequestQuery query, TimeProvider time, IEnumerable<Guid>? known = null)
    {
        this.log = log;
        this.tenantId = tenantId;
        this.query = query with { Until = null, Before = null, Count = PageSize };
        this.time = time;
        seen = [.. known ?? []];
        begun = looked = lookedFar = query.Since ?? time.GetUtcNow();
    }

    /// <summary>What has been written since the call before.</summary>
    public async Task<IReadOnlyList<RequestRow>> NextAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var found = await ReadAsync(query with { Since = Later(begun, looked - Near) }, cancellationToken);
        if (now - lookedFar >= Far)
        {
            found.AddRange(await ReadAsync(query with { Since = Later(begun, now - Longest), MinDuration = Short }, cancellationToken));
            lookedFar = now;
        }

        looked = now;
        seen.RemoveWhere(txn => RequestReference.TimeOf(txn) < now - Longest - Near);
        return [.. found.OrderBy(request => request.At.AddMicroseconds(request.Duration))];
    }

    private async Task<List<RequestRow>> ReadAsync(RequestQuery stretch, CancellationToken cancellationToken)
    {
        var found = new List<RequestRow>();
        for (Guid? before = null; ;)
        {
            var page = await log.ReadAsync(tenantId, stretch with { Before = before }, cancellationToken);
            found.AddRange(page.Requests.Where(request => seen.Add(request.Txn)));
            if (page.Next is not { } next)
            {
                return found;
            }

            before = next;
        }
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
