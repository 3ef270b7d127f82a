using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Streams;

/// <summary>Makes, finds, changes and deletes the streams of a tenant. Every change is noted in the log of what operators did.</summary>
public sealed class EventStreams
{
    /// <summary>Streams of a tenant at most: each costs work for every change.</summary>
    public const int MaxPerTenant = 20;

    /// <summary>The kind of the leases under which streams are pushed.</summary>
    internal const string LeaseKind = "stream";

    private const int MaxText = 500;

    private readonly ScimDatabase database;
    private readonly TimeProvider time;

    /// <summary>Made by the container.</summary>
    public EventStreams(ScimDatabase database, TimeProvider time)
    {
        this.database = database;
        this.time = time;
    }

    /// <summary>Makes a stream, enabled, which tells what happens from now on.</summary>
    /// <exception cref="AccessException">A text is too long, or the tenant has as many streams as it may.</exception>
    public async Task<EventStreamRow> CreateAsync(Tenant tenant, NewEventStream stream, CancellationToken cancellationToken)
    {
        CheckText("audience", stream.Audience);
        CheckText("description", stream.Description);
        var end = await database.Dialect.LogEndAsync(database, cancellationToken);
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.Open(tenant.Id);
        if (await context.EventStreams.CountAsync(cancellationToken) >= MaxPerTenant)
        {
            throw new AccessException($"A tenant may have at most {MaxPerTenant} streams.") { Fault = AccessFault.Conflict };
        }

        var row = new EventStreamRow
        {
            TenantId = tenant.Id,
            Id = stream.Id,
            Issuer = stream.Issuer,
            Audience = string.IsNullOrEmpty(stream.Audience) ? $"{stream.Issuer}/streams/{stream.Id}" : stream.Audience,
            Mode = stream.Mode,
            Events = stream.Events is null ? null : [.. stream.Events],
            Delivery = stream.EndpointUrl is null ? StreamDelivery.Poll : StreamDelivery.Push,
            EndpointUrl = stream.EndpointUrl,
            Authorization = stream.Authorization,
            Description = stream.Description,
            Status = StreamStatus.Enabled,
            Created = time.GetUtcNow(),
            Position = end.Settled,
        };
        context.EventStreams.Add(row);
        if (row.Delivery == StreamDelivery.Push)
        {
            context.PushStreams.Add(new PushStreamRow { TenantId = row.TenantId, StreamId = row.Id });
        }
        else
        {
            context.PollStreams.Add(new PollStreamRow { TenantId = row.TenantId, StreamId = row.Id });
        }

        Note(context, tenant, "stream.create", row, $"{Name(row.Mode)}, {Name(row.Delivery)}{(row.EndpointUrl is null ? "" : $" to {row.EndpointUrl}")}");
        await context.SaveChangesAsync(CancellationToken.None);
        return row;
    }

    /// <summary>The streams of a tenant, oldest first.</summary>
    public async Task<IReadOnlyList<EventStreamRow>> ListAsync(int tenantId, CancellationToken cancellationToken)
    {
        await using var context = database.Open(tenantId);
        return await context.EventStreams.OrderBy(row => row.Id).ToListAsync(cancellationToken);
    }

    /// <summary>The streams of all tenants that are pushed.</summary>
    public async Task<IReadOnlyList<PushStreamRow>> ListPushedAsync(CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        return await context.PushStreams.ToListAsync(cancellationToken);
    }

    /// <summary>The streams of all tenants that are polled.</summary>
    public async Task<IReadOnlyList<PollStreamRow>> ListPolledAsync(CancellationToken cancellationToken)
    {
        await using var context = database.OpenForAccess();
        return await context.PollStreams.ToListAsync(cancellationToken);
    }

    /// <summary>A stream of the tenant, or null.</summary>
    public async Task<EventStreamRow?> FindAsync(int tenantId, Guid id, CancellationToken cancellationToken)
    {
        await using var context = database.Open(tenantId);
        return await context.EventStreams.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
    }

    /// <summary>Changes what a receiver may change. What has been issued stays as it is.</summary>
    /// <exception cref="AccessException">There is no such stream, or a text is too long.</exception>
    public Task<EventStreamRow> ChangeAsync(Tenant tenant, Guid id, Action<EventStreamRow> change, CancellationToken cancellationToken) =>
        WriteAsync(
            tenant,
            id,
            (context, row) =>
            {
                change(row);
                CheckText("description", row.Description);
                Note(context, tenant, "stream.change", row, row.EndpointUrl is null ? null : $"pushes to {row.EndpointUrl}");
                return Task.CompletedTask;
            },
            cancellationToken);

    /// <summary>
    /// Enables, pauses or disables. A paused stream goes on where it was; a disabled one forgets what it had, and enabled again it begins
    /// with what happens then (EVT-77).
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="id">The stream.</param>
    /// <param name="status">The status.</param>
    /// <param name="reason">Why, for people; null for no reason.</param>
    /// <param name="tellsReceiver">Whether the receiver is told by a token: it is when somebody else decided.</param>
    /// <param name="cancellationToken">Heeded until the write.</param>
    /// <exception cref="AccessException">There is no such stream, or the reason is too long.</exception>
    public async Task<EventStreamRow> SetStatusAsync(
        Tenant tenant, Guid id, StreamStatus status, string? reason, bool tellsReceiver, CancellationToken cancellationToken)
    {
        CheckText("reason", reason);
        var end = await database.Dialect.LogEndAsync(database, cancellationToken);
        return await WriteAsync(
            tenant,
            id,
            async (context, row) =>
            {
                if (row.Status == status)
                {
                    return;
                }

                Note(context, tenant, $"stream.{Verb(status)}", row, reason);
                await SetStatusAsync(context, row, status, reason, end.Settled);
                if (tellsReceiver)
                {
                    context.IssuedSets.Add(StreamSets.StatusChanged(row, time.GetUtcNow()));
                }
            },
            cancellationToken);
    }

    /// <summary>Has a token sent that shows the receiver that the stream works (EVT-77).</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="id">The stream.</param>
    /// <param name="state">What the receiver wants to see in it; null for nothing.</param>
    /// <param name="cancellationToken">Heeded until the write.</param>
    /// <exception cref="AccessException">There is no such stream, the state is too long, or verifications wait that nobody fetched.</exception>
    public async Task VerifyAsync(Tenant tenant, Guid id, string? state, CancellationToken cancellationToken)
    {
        CheckText("state", state);
        await WriteAsync(
            tenant,
            id,
            async (context, row) =>
            {
                if (await context.IssuedSets.CountAsync(set => set.StreamId == id && set.Payload != null, cancellationToken) >= StreamSets.MaxWaitingNotes)
                {
                    throw new AccessException("Verifications of this stream wait that its receiver has not taken yet.") { Fault = AccessFault.TooMany };
                }

                context.IssuedSets.Add(StreamSets.Verification(row, state, time.GetUtcNow()));
            },
            cancellationToken);
    }

    /// <summary>Deletes a stream with everything that it has not told yet.</summary>
    /// <returns>False when there is no such stream.</returns>
    public async Task<bool> DeleteAsync(Tenant tenant, Guid id, CancellationToken cancellationToken)
    {
        var lease = $"{LeaseKind}:{id:N}";
        using var turn = await database.Dialect.EnterWriteAsync(cancellationToken);
        await using var context = database.Open(tenant.Id);
        if (await context.EventStreams.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } row)
        {
            return false;
        }

        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await context.IssuedSets.Where(set => set.StreamId == id).ExecuteDeleteAsync(CancellationToken.None);
        await context.StreamErrors.Where(error => error.StreamId == id).ExecuteDeleteAsync(CancellationToken.None);
        await context.PushStreams.Where(push => push.TenantId == tenant.Id && push.StreamId == id).ExecuteDeleteAsync(CancellationToken.None);
        await context.PollStreams.Where(poll => poll.TenantId == tenant.Id && poll.StreamId == id).ExecuteDeleteAsync(CancellationToken.None);
        await context.Leases.Where(held => held.Name == lease).ExecuteDeleteAsync(CancellationToken.None);
        var deleted = await context.EventStreams.Where(stream => stream.Id == id).ExecuteDeleteAsync(CancellationToken.None);
        if (deleted > 0)
        {
            Note(context, tenant, "stream.delete", row, null);
            await context.SaveChangesAsync(CancellationToken.None);
        }

        await transaction.CommitAsync(CancellationToken.None);
        return deleted > 0;
    }

    /// <summary>The latest errors of a stream, newest first.</summary>
    public async Task<IReadOnlyList<StreamErrorRow>> ErrorsAsync(int tenantId, Guid id, CancellationToken cancellationToken)
    {
        await using var context = database.Open(tenantId);
        return await context.StreamErrors.Where(error => error.StreamId == id).OrderByDescending(error => error.Id).ToListAsync(cancellationToken);
    }

    /// <summary>How many tokens of a stream were issued and not acknowledged.</summary>
    public async Task<int> CountWaitingAsync(int tenantId, Guid id, CancellationToken cancellationToken)
    {
        await using var context = database.Open(tenantId);
        return await context.IssuedSets.CountAsync(set => set.StreamId == id, cancellationToken);
    }

    /// <summary>What the Authorization header of a stream is encrypted for.</summary>
    internal static string AuthorizationUse(Guid id) => $"authorization of the stream {id:N}";

    /// <summary>In a transaction of the caller's, in which the row is tracked.</summary>
    internal static async Task SetStatusAsync(ScimDbContext context, EventStreamRow row, StreamStatus status, string? reason, long settled)
    {
        if (status == StreamStatus.Disabled)
        {
            await context.IssuedSets.Where(set => set.StreamId == row.Id && set.Payload == null).ExecuteDeleteAsync(CancellationToken.None);
        }
        else if (status == StreamStatus.Enabled && row.Status == StreamStatus.Disabled)
        {
            row.Position = Math.Max(row.Position, settled);
        }

        row.Status = status;
        row.StatusReason = reason;
        row.FailingSince = null;
        row.RetryAt = null;
        row.Failures = 0;
    }

    private async Task<EventStreamRow> WriteAsync(Tenant tenant, Guid id, Func<ScimDbContext, EventStreamRow, Task> work, CancellationToken cancellationToken)
    {
        var written = await database.WriteAsync(
            tenant.Id,
            async context =>
            {
                var row = await StreamSets.LockAsync(database, context, id, cancellationToken)
                    ?? throw new AccessException($"There is no stream with the id {id}.") { Fault = AccessFault.NotFound };
                await work(context, row);
                await context.SaveChangesAsync(CancellationToken.None);
                return row;
            },
            cancellationToken);
        database.Changes.Raise(tenant.Id);
        return written;
    }

    private void Note(ScimDbContext context, Tenant tenant, string action, EventStreamRow row, string? detail) =>
        AdminLog.Note(context, time.GetUtcNow(), action, tenant.Name, detail: $"{row.Id}{(detail is null ? "" : $": {detail}")}");

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLower(CultureInfo.InvariantCulture);

    private static string Verb(StreamStatus status) => status switch { StreamStatus.Enabled => "enable", StreamStatus.Paused => "pause", _ => "disable" };

    private static void CheckText(string field, string? text)
    {
        if (text is not null && (text.Length > MaxText || text.Any(char.IsControl)))
        {
            throw new AccessException($"The {field} may have at most {MaxText} printable characters.") { Field = field };
        }
    }
}
