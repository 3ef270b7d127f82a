using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Webhooks;

/// <summary>What became of an event at an endpoint.</summary>
/// <param name="Change">The event.</param>
/// <param name="Webhook">The endpoint.</param>
/// <param name="State"><c>delivered</c>, <c>waiting</c>, <c>givenUp</c>, <c>next</c> (its turn has not come), <c>filtered</c> or <c>unknown</c> (from before the endpoint, or not kept any more).</param>
/// <param name="DeliveredAt">When it was taken.</param>
/// <param name="NextAttempt">When it is tried next.</param>
/// <param name="Attempts">The attempts, oldest first.</param>
public sealed record WebhookDelivery(
    ChangeRow Change, Webhook Webhook, string State, DateTimeOffset? DeliveredAt, DateTimeOffset? NextAttempt, IReadOnlyList<WebhookAttempt> Attempts);

/// <summary>An attempt with the event that it was about.</summary>
/// <param name="TenantId">The tenant; 0 for an operational event.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Change">The event; null when it is not kept any more, or is an operational one.</param>
/// <param name="Happened">The operational event; null when it is none.</param>
public sealed record WebhookAttemptOf(int TenantId, WebhookAttempt Attempt, ChangeRow? Change, OperationalEventRow? Happened);

/// <summary>Tells what was delivered, and when: by endpoint, by event and by resource.</summary>
public sealed class WebhookQueries
{
    /// <summary>Rows that can hold an event: those of its moment, and one for each further attempt.</summary>
    private const int RowsOfEvent = 50;

    private readonly ScimDatabase database;

    /// <summary>Made by the container.</summary>
    public WebhookQueries(ScimDatabase database) => this.database = database;

    /// <summary>The latest attempts at an endpoint, newest first.</summary>
    /// <param name="webhook">The endpoint.</param>
    /// <param name="onlyFailed">Only those that failed.</param>
    /// <param name="count">So many at most.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<IReadOnlyList<WebhookAttemptOf>> AttemptsAsync(Webhook webhook, bool onlyFailed, int count, CancellationToken cancellationToken)
    {
        var found = new List<WebhookAttemptOf>();
        await using var access = database.OpenForAccess();
        var tenants = await access.WebhookPositions.Where(row => row.EndpointId == webhook.Id).Select(row => row.TenantId).ToListAsync(cancellationToken);
        foreach (var tenantId in tenants.Append(WebhookEndpoints.Operator).Distinct())
        {
            var rows = await access.WebhookAttempts
                .Where(row => row.TenantId == tenantId && row.EndpointId == webhook.Id && (!onlyFailed || row.Failed))
                .OrderByDescending(row => row.Id).Take(count).Select(row => row.Entries).ToListAsync(cancellationToken);
            var attempts = rows.SelectMany(WebhookAttempt.Read).OrderByDescending(attempt => attempt.At).Take(count).ToList();
            found.AddRange(await WithEventsAsync(access, tenantId, attempts, cancellationToken));
        }

        return [.. found.OrderByDescending(one => one.Attempt.At).Take(count)];
    }

    /// <summary>What became of an event, or of the latest events of a resource, at each endpoint of the tenant and of the operator; newest first.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="eventId">The event; null for those of the resource.</param>
    /// <param name="resource">The resource.</param>
    /// <param name="matches">Whether an endpoint's filter lets a change through.</param>
    /// <param name="count">Events at most.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<IReadOnlyList<WebhookDelivery>> DeliveriesAsync(
        int tenantId, ChangeId? eventId, Guid? resource, Func<Webhook, ChangeRow, bool> matches, int count, CancellationToken cancellationToken)
    {
        await using var context = database.Open(tenantId);
        var changes = eventId is { } id
            ? await context.Changes.Where(row => row.Txn == id.Txn && row.ResourceId == id.ResourceId && row.Part == id.Part).ToListAsync(cancellationToken)
            : await context.Changes.Where(row => row.ResourceId == resource).OrderByDescending(row => row.Seq).Take(count).ToListAsync(cancellationToken);
        await using var access = database.OpenForAccess();
        var endpoints = (await access.WebhookEndpoints.Where(row => row.TenantId == tenantId || row.TenantId == WebhookEndpoints.Operator).OrderBy(row => row.Id).ToListAsync(cancellationToken))
            .Select(WebhookEndpoints.ToWebhook).ToList();
        var found = new List<WebhookDelivery>();
        foreach (var change in changes)
        {
            foreach (var endpoint in endpoints)
            {
                found.Add(await StateAsync(access, change, endpoint, matches(endpoint, change), cancellationToken));
            }
        }

        return found;
    }

    private static async Task<WebhookDelivery> StateAsync(ScimDbContext access, ChangeRow change, Webhook endpoint, bool matches, CancellationToken cancellationToken)
    {
        var (tenantId, seq) = (change.TenantId, change.Seq);
        var rows = await access.WebhookAttempts
            .Where(row => row.TenantId == tenantId && row.EndpointId == endpoint.Id && row.LastSeq >= seq)
            .OrderBy(row => row.LastSeq).Take(RowsOfEvent).Select(row => row.Entries).ToListAsync(cancellationToken);
        var attempts = rows.SelectMany(WebhookAttempt.Read).Where(attempt => attempt.Seq == seq).OrderBy(attempt => attempt.At).ToList();
        var retry = await access.WebhookRetries.SingleOrDefaultAsync(row => row.TenantId == tenantId && row.EndpointId == endpoint.Id && row.Seq == seq, cancellationToken);
        var position = await access.WebhookPositions.Where(row => row.TenantId == tenantId && row.EndpointId == endpoint.Id).Select(row => (long?)row.Position).SingleOrDefaultAsync(cancellationToken) ?? 0;
        var delivered = attempts.LastOrDefault(attempt => attempt.IsSuccess)?.At;
        var untried = matches ? seq > position ? "next" : "unknown" : "filtered";
        return retry is null
            ? new WebhookDelivery(change, endpoint, delivered is null ? untried : "delivered", delivered, null, attempts)
            : new WebhookDelivery(change, endpoint, retry.GaveUpAt is null ? "waiting" : "givenUp", delivered, retry.NextAt, attempts);
    }

    private async Task<IEnumerable<WebhookAttemptOf>> WithEventsAsync(ScimDbContext access, int tenantId, List<WebhookAttempt> attempts, CancellationToken cancellationToken)
    {
        var numbers = attempts.Select(attempt => attempt.Seq).Distinct().ToList();
        if (tenantId == WebhookEndpoints.Operator)
        {
            var happened = await access.OperationalEvents.Where(row => numbers.Contains(row.Seq)).ToDictionaryAsync(row => row.Seq, cancellationToken);
            return attempts.Select(attempt => new WebhookAttemptOf(tenantId, attempt, null, happened.GetValueOrDefault(attempt.Seq)));
        }

        await using var context = database.Open(tenantId);
        var changes = await context.Changes.Where(row => numbers.Contains(row.Seq)).ToDictionaryAsync(row => row.Seq, cancellationToken);
        return attempts.Select(attempt => new WebhookAttemptOf(tenantId, attempt, changes.GetValueOrDefault(attempt.Seq), null));
    }
}
