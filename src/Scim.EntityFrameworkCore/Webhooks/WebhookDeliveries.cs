using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Leases;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Webhooks;

/// <summary>
/// What has been delivered of a tenant's events to an endpoint: a position in the change log, a row for each event before it that is still
/// to be delivered, and the attempts. Written by the instance that holds the endpoint's lease, and by no other.
/// </summary>
public sealed class WebhookDeliveries
{
    /// <summary>The kind of the leases.</summary>
    public const string LeaseKind = "webhook";

    private readonly ScimDatabase database;
    private readonly ChangeFeed feed;
    private readonly WorkLeases leases;
    private readonly DeliveryJournal journal;
    private readonly TimeProvider time;

    /// <summary>Made by the container.</summary>
    public WebhookDeliveries(ScimDatabase database, ChangeFeed feed, WorkLeases leases, DeliveryJournal journal, TimeProvider time)
    {
        this.database = database;
        this.feed = feed;
        this.leases = leases;
        this.journal = journal;
        this.time = time;
    }

    /// <summary>The name of the lease on an endpoint.</summary>
    public static string LeaseName(Guid endpoint) => $"{LeaseKind}:{endpoint:N}";

    /// <summary>Completes with the next commit of this process for a tenant. Taken before reading.</summary>
    public Task NextChange(int tenantId) => database.Changes.Next(tenantId);

    /// <summary>
    /// Begins to deliver under a new lease: gives the position, and has what was being sent under the one before sent again at once. A tenant that is
    /// younger than an endpoint of the operator begins at the beginning.
    /// </summary>
    /// <returns>
    /// The position, and the events behind it that have a row: they failed while one before them was still being sent. They are not to be taken up anew.
    /// </returns>
    public async Task<(long Position, HashSet<long> Noted)> BeginAsync(Lease lease, int tenantId, Guid endpoint, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        long? position;
        bool isBrokenOff;
        await using (var context = database.OpenForAccess())
        {
            position = await context.WebhookPositions
                .Where(row => row.TenantId == tenantId && row.EndpointId == endpoint).Select(row => (long?)row.Position).SingleOrDefaultAsync(cancellationToken);
            isBrokenOff = await BrokenOff(context, tenantId, endpoint, now).AnyAsync(cancellationToken);
        }

        if (position is null || isBrokenOff)
        {
            await WriteAsync(lease, async context =>
            {
                if (position is null)
                {
                    context.WebhookPositions.Add(new WebhookPositionRow { TenantId = tenantId, EndpointId = endpoint, Position = 0, At = now });
                    await context.SaveChangesAsync(CancellationToken.None);
                }

                await BrokenOff(context, tenantId, endpoint, now).ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAt, now), CancellationToken.None);
            });
        }

        return (position ?? 0, await NotedAsync(tenantId, endpoint, position ?? 0, cancellationToken));
    }

    private async Task<HashSet<long>> NotedAsync(int tenantId, Guid endpoint, long position, CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        return [.. await context.WebhookRetries.Where(row => row.TenantId == tenantId && row.EndpointId == endpoint && row.Seq > position).Select(row => row.Seq).ToListAsync(cancellationToken)];
    }

    /// <summary>Events that were put off without an attempt that came to an end.</summary>
    private static IQueryable<WebhookRetryRow> BrokenOff(ScimDbContext context, int tenantId, Guid endpoint, DateTimeOffset now) =>
        Waiting(context, tenantId, endpoint).Where(row => row.Attempts == 0 && row.NextAt > now);

    /// <summary>The resources that are held back, each with the first event that it waits for.</summary>
    public async Task<Dictionary<Guid, long>> HeldAsync(int tenantId, Guid endpoint, CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        return await HeldAsync(Waiting(context, tenantId, endpoint), cancellationToken);
    }

    /// <summary>
    /// Events whose time has come, and those of the same resources that only wait for them; in their order. Of each resource they are the first that
    /// wait, without a gap. One whose time has come waits for those before it. Those that have not been tried do not wait for those that failed.
    /// </summary>
    public async Task<IReadOnlyList<WebhookRetryRow>> DueAsync(int tenantId, Guid endpoint, int count, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var context = database.OpenForAccess();
        var waiting = Waiting(context, tenantId, endpoint);
        var first = await waiting.Where(row => row.NextAt <= now && !waiting.Any(earlier => earlier.ResourceId == row.ResourceId && earlier.Seq < row.Seq))
            .OrderBy(row => row.Attempts > 0).ThenBy(row => row.NextAt).ThenBy(row => row.Seq).Take(count).ToListAsync(cancellationToken);
        if (first.Count == 0)
        {
            return first;
        }

        var resources = first.Select(row => row.ResourceId).ToList();
        var theirs = await waiting.Where(row => resources.Contains(row.ResourceId)).OrderBy(row => row.Seq).Take(count).ToListAsync(cancellationToken);
        var ready = theirs.GroupBy(row => row.ResourceId).SelectMany(rows => rows.TakeWhile(row => row.NextAt is null || row.NextAt <= now));
        return [.. first.Concat(ready).DistinctBy(row => row.Seq).OrderBy(row => row.Seq)];
    }

    /// <summary>The changes behind a position that the filter lets through.</summary>
    /// <exception cref="InvalidOperationException">The log ends before the position: the database went back in time, and with it the position that it keeps.</exception>
    public async Task<(IReadOnlyList<ChangeRow> Changes, long Reached, long Horizon)> ReadAsync(int tenantId, long after, FeedRequest filter, CancellationToken cancellationToken)
    {
        var (rows, reached, end, horizon) = await feed.ReadBehindAsync(tenantId, after, filter, cancellationToken);
        return after > end.Last
            ? throw new InvalidOperationException($"The change log ends at {end.Last}, before {after}, up to where it has been read.")
            : (rows, reached, horizon);
    }

    /// <summary>Changes by their numbers, as far as they are kept.</summary>
    public async Task<IReadOnlyList<ChangeRow>> FindAsync(int tenantId, IReadOnlyCollection<long> numbers, CancellationToken cancellationToken) =>
        await feed.FindAsync(tenantId, numbers, cancellationToken);

    /// <summary>Operational events by their numbers.</summary>
    public async Task<IReadOnlyList<OperationalEventRow>> FindOperationalAsync(IReadOnlyCollection<long> numbers, CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        return await context.OperationalEvents.Where(row => numbers.Contains(row.Seq)).OrderBy(row => row.Seq).ToListAsync(cancellationToken);
    }

    /// <summary>Writes down what was done, and lets the next event of each resource go.</summary>
    /// <returns>Of the resources that were written about, those that are still held back, each with the event that it waits for.</returns>
    /// <exception cref="LeaseLostException">Another instance delivers now. Nothing was written.</exception>
    public async Task<Dictionary<Guid, long>> NoteAsync(Lease lease, int tenantId, Webhook endpoint, DeliveryNotes notes)
    {
        if (notes.IsPlain)
        {
            await journal.WriteAsync(new DeliveryNote(lease, tenantId, endpoint.Id, notes.Position, notes.Delivered));
            return [];
        }

        var now = time.GetUtcNow();
        Dictionary<Guid, long> held = [];
        await WriteAsync(lease, async context =>
        {
            if (notes.Position is { } position)
            {
                await context.WebhookPositions.Where(row => row.TenantId == tenantId && row.EndpointId == endpoint.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.Position, position).SetProperty(row => row.At, now), CancellationToken.None);
            }

            AddAttempts(context, tenantId, endpoint.Id, notes, now);
            context.WebhookRetries.AddRange(notes.Later);
            context.WebhookRetries.UpdateRange(notes.Again);
            await context.SaveChangesAsync(CancellationToken.None);
            held = await LetGoAsync(context, tenantId, endpoint.Id, notes, now);
            await NoteEndpointAsync(context, endpoint, notes, now);
        });
        return held;
    }

    /// <summary>Notes that events were deleted before the endpoint got them, and goes on behind them.</summary>
    public Task MissedAsync(Lease lease, int tenantId, Webhook endpoint, long after, long horizon) => WriteAsync(lease, async context =>
    {
        var now = time.GetUtcNow();
        await context.WebhookPositions.Where(row => row.TenantId == tenantId && row.EndpointId == endpoint.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Position, horizon).SetProperty(row => row.At, now), CancellationToken.None);
        await OperationalEvents.NoteAsync(context, now, OperationalEvents.EventsMissed, $"missed {endpoint.Id:N} {tenantId} {after}", new Dictionary<string, string?>
        {
            ["webhook"] = endpoint.Id.ToString(),
            ["url"] = endpoint.Given.Url,
            ["tenant"] = await WebhookEndpoints.TenantNameAsync(context, tenantId),
        });
    });

    private static void AddAttempts(ScimDbContext context, int tenantId, Guid endpoint, DeliveryNotes notes, DateTimeOffset now)
    {
        void Add(IReadOnlyList<WebhookAttempt> attempts, bool failed) => context.WebhookAttempts.Add(new WebhookAttemptRow
        {
            TenantId = tenantId,
            EndpointId = endpoint,
            Id = Guid.CreateVersion7(now),
            FirstSeq = attempts.Min(attempt => attempt.Seq),
            LastSeq = attempts.Max(attempt => attempt.Seq),
            At = now,
            Failed = failed,
            Entries = WebhookAttempt.Write(attempts),
        });

        if (notes.Delivered.Count > 0)
        {
            Add(notes.Delivered, failed: false);
        }

        foreach (var attempt in notes.Other)
        {
            Add([attempt], failed: !attempt.IsSuccess);
        }
    }

    private static async Task<Dictionary<Guid, long>> LetGoAsync(ScimDbContext context, int tenantId, Guid endpoint, DeliveryNotes notes, DateTimeOffset now)
    {
        if (notes.RecoveredFrom is { } from)
        {
            await Waiting(context, tenantId, endpoint).Where(row => row.NextAt > now && row.Since >= from)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAt, now), CancellationToken.None);
        }

        var resources = notes.Resources();
        if (resources.Count == 0)
        {
            return [];
        }

        if (notes.Done.Count > 0)
        {
            var done = notes.Done.Select(one => one.Seq).ToList();
            await context.WebhookRetries.Where(row => row.TenantId == tenantId && row.EndpointId == endpoint && done.Contains(row.Seq)).ExecuteDeleteAsync(CancellationToken.None);
        }

        var held = await HeldAsync(Waiting(context, tenantId, endpoint).Where(row => resources.Contains(row.ResourceId)), CancellationToken.None);
        var first = held.Values.ToList();
        await Waiting(context, tenantId, endpoint).Where(row => first.Contains(row.Seq) && row.NextAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAt, now), CancellationToken.None);
        return held;
    }

    private static async Task NoteEndpointAsync(ScimDbContext context, Webhook endpoint, DeliveryNotes notes, DateTimeOffset now)
    {
        var row = context.WebhookEndpoints.Where(row => row.TenantId == endpoint.TenantId && row.Id == endpoint.Id);
        if (notes.IsFailingNoted)
        {
            await row.ExecuteUpdateAsync(set => set.SetProperty(row => row.FailingSince, notes.FailingSince), CancellationToken.None);
        }

        foreach (var given in notes.Again.Concat(notes.Later).Where(retry => retry.GaveUpAt is not null))
        {
            await OperationalEvents.NoteAsync(context, now, OperationalEvents.EventGivenUp, $"given up {endpoint.Id:N} {given.TenantId} {given.Seq} {given.GaveUpAt:O}", new Dictionary<string, string?>
            {
                ["webhook"] = endpoint.Id.ToString(),
                ["url"] = endpoint.Given.Url,
                ["tenant"] = await WebhookEndpoints.TenantNameAsync(context, given.TenantId),
                ["resource"] = given.ResourceId.ToString(),
            });
        }

        if (notes.DisableReason is { } reason
            && await row.Where(row => row.DisabledAt == null).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.DisabledAt, now).SetProperty(row => row.DisabledReason, reason).SetProperty(row => row.Revision, row => row.Revision + 1),
                CancellationToken.None) > 0)
        {
            var tenant = await WebhookEndpoints.TenantNameAsync(context, endpoint.TenantId);
            Access.AdminLog.Note(context, now, "webhook.disable", tenant, detail: $"{endpoint.Id} {endpoint.Given.Url}: {reason}");
            await OperationalEvents.NoteAsync(context, now, OperationalEvents.EndpointDisabled, $"disabled {endpoint.Id:N} {now:O}", new Dictionary<string, string?>
            {
                ["webhook"] = endpoint.Id.ToString(),
                ["url"] = endpoint.Given.Url,
                ["tenant"] = tenant,
                ["reason"] = reason,
            });
        }
    }

    private static IQueryable<WebhookRetryRow> Waiting(ScimDbContext context, int tenantId, Guid endpoint) =>
        context.WebhookRetries.Where(row => row.TenantId == tenantId && row.EndpointId == endpoint && row.GaveUpAt == null);

    private static Task<Dictionary<Guid, long>> HeldAsync(IQueryable<WebhookRetryRow> rows, CancellationToken cancellationToken) =>
        rows.GroupBy(row => row.ResourceId).Select(group => new { group.Key, First = group.Min(row => row.Seq) }).ToDictionaryAsync(group => group.Key, group => group.First, cancellationToken);

    private Task WriteAsync(Lease lease, Func<ScimDbContext, Task> write) => database.WriteAsync(
        tenantId: null,
        async context =>
        {
            await leases.HoldAsync(context, lease);
            await write(context);
        },
        CancellationToken.None);
}
