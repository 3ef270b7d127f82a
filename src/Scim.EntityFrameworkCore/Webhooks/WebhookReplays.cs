using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Webhooks;

/// <summary>Which events are to be sent anew. All that is given must hold.</summary>
public sealed record WebhookReplay
{
    /// <summary>This event.</summary>
    public ChangeId? Event { get; init; }

    /// <summary>Events of this resource.</summary>
    public Guid? Resource { get; init; }

    /// <summary>Events at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Events before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>What the endpoint gets at all.</summary>
    public FeedRequest Filter { get; init; } = new();
}

/// <summary>Has events sent anew that the position is past already: with the ids and bytes of the first time, in order for each resource.</summary>
public sealed class WebhookReplays
{
    /// <summary>Events in one replay.</summary>
    public const int MaxEvents = 10_000;

    private const int RowsPerStatement = 500;

    private readonly ScimDatabase database;
    private readonly TimeProvider time;

    /// <summary>Made by the container.</summary>
    public WebhookReplays(ScimDatabase database, TimeProvider time)
    {
        this.database = database;
        this.time = time;
    }

    /// <summary>Has them sent anew. What is to be sent for the first time anyway is not counted.</summary>
    /// <returns>How many events.</returns>
    /// <exception cref="AccessException">They are too many, or the endpoint does not get events of the tenant.</exception>
    public async Task<int> ReplayAsync(Webhook webhook, int tenantId, WebhookReplay replay, CancellationToken cancellationToken)
    {
        if (webhook.TenantId != WebhookEndpoints.Operator && webhook.TenantId != tenantId)
        {
            throw new AccessException($"The webhook {webhook.Id} does not get events of that tenant.") { Fault = AccessFault.NotFound };
        }

        var events = await FindAsync(webhook, tenantId, replay, cancellationToken);
        if (events.Count > MaxEvents)
        {
            throw new AccessException($"These are more than {MaxEvents} events. Narrow it down.") { Fault = AccessFault.Conflict };
        }

        var now = time.GetUtcNow();
        await database.WriteAsync(
            tenantId: null,
            async context =>
            {
                foreach (var part in events.Chunk(RowsPerStatement))
                {
                    await AddAsync(context, webhook, tenantId, part, now);
                }

                await context.WebhookEndpoints.Where(row => row.TenantId == webhook.TenantId && row.Id == webhook.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.Revision, row => row.Revision + 1), CancellationToken.None);
                AdminLog.Note(context, now, "webhook.replay", await WebhookEndpoints.TenantNameAsync(context, tenantId), detail: $"{webhook.Id}: {events.Count} events");
                await context.SaveChangesAsync(CancellationToken.None);
            },
            cancellationToken);
        return events.Count;
    }

    private async Task<List<(long Seq, Guid Resource)>> FindAsync(Webhook webhook, int tenantId, WebhookReplay replay, CancellationToken cancellationToken)
    {
        long position;
        await using (var access = database.OpenForAccess())
        {
            position = await access.WebhookPositions.Where(row => row.TenantId == tenantId && row.EndpointId == webhook.Id).Select(row => row.Position).SingleOrDefaultAsync(cancellationToken);
        }

        await using var context = database.Open(tenantId);
        var changes = ChangeFeed.Filtered(context.Changes.Where(row => row.Seq <= position), replay.Filter);
        if (replay.Event is { } id)
        {
            changes = changes.Where(row => row.Txn == id.Txn && row.ResourceId == id.ResourceId && row.Part == id.Part);
        }

        if (replay.Resource is { } resource)
        {
            changes = changes.Where(row => row.ResourceId == resource);
        }

        if (replay.Since is { } since)
        {
            changes = changes.Where(row => row.At >= since);
        }

        if (replay.Until is { } until)
        {
            changes = changes.Where(row => row.At < until);
        }

        var found = await changes.OrderBy(row => row.Seq).Take(MaxEvents + 1).Select(row => new { row.Seq, row.ResourceId }).ToListAsync(cancellationToken);
        return [.. found.Select(row => (row.Seq, row.ResourceId))];
    }

    /// <summary>An event that waits or was given up already is tried now, and for days again.</summary>
    private static async Task AddAsync(ScimDbContext context, Webhook webhook, int tenantId, (long Seq, Guid Resource)[] events, DateTimeOffset now)
    {
        var numbers = events.Select(one => one.Seq).ToList();
        var waiting = context.WebhookRetries.Where(row => row.TenantId == tenantId && row.EndpointId == webhook.Id && numbers.Contains(row.Seq));
        var known = (await waiting.Select(row => row.Seq).ToListAsync(CancellationToken.None)).ToHashSet();
        await waiting.ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Attempts, 0).SetProperty(row => row.NextAt, now).SetProperty(row => row.GaveUpAt, (DateTimeOffset?)null), CancellationToken.None);
        context.WebhookRetries.AddRange(events.Where(one => !known.Contains(one.Seq)).Select(one => new WebhookRetryRow
        {
            TenantId = tenantId,
            EndpointId = webhook.Id,
            Seq = one.Seq,
            ResourceId = one.Resource,
            Attempts = 0,
            NextAt = now,
            Since = now,
        }));
        await context.SaveChangesAsync(CancellationToken.None);
        context.ChangeTracker.Clear();
    }
}
