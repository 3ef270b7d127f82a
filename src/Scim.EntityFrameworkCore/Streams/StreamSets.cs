using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Rows;
using Scim.Json;

namespace Scim.EntityFrameworkCore.Streams;

/// <summary>What is noted of a token when it is issued.</summary>
internal static class StreamSets
{
    /// <summary>What a stream says of itself that may wait to be taken.</summary>
    public const int MaxWaitingNotes = 10;

    /// <summary>The event that answers a verification (EVT-77).</summary>
    public const string VerificationUri = "https://schemas.openid.net/secevent/ssf/event-type/verification";

    /// <summary>The event that tells of a new status (EVT-77).</summary>
    public const string StreamUpdatedUri = "https://schemas.openid.net/secevent/ssf/event-type/stream-updated";

    private const int JtiBytes = 16;

    /// <summary>A change as a token of a stream.</summary>
    public static IssuedSetRow OfChange(EventStreamRow stream, ChangeRow change, string[] events, DateTimeOffset at) => new()
    {
        TenantId = stream.TenantId,
        StreamId = stream.Id,
        Jti = JtiOf(stream.Id, change),
        Seq = change.Seq,
        ResourceId = change.ResourceId,
        IssuedAt = at,
        Events = events,
    };

    /// <summary>A verification as a token of a stream.</summary>
    public static IssuedSetRow Verification(EventStreamRow stream, string? state, DateTimeOffset at) => Note(stream, VerificationUri, at, [("state", state)]);

    /// <summary>The status of a stream as a token of it.</summary>
    public static IssuedSetRow StatusChanged(EventStreamRow stream, DateTimeOffset at) =>
        Note(stream, StreamUpdatedUri, at, [("status", stream.Status.ToString().ToLowerInvariant()), ("reason", stream.StatusReason)]);

    /// <summary>The stream of that id, tracked, and locked until the open transaction ends; null when there is none.</summary>
    public static async Task<EventStreamRow?> LockAsync(ScimDatabase database, ScimDbContext context, Guid id, CancellationToken cancellationToken)
    {
        var sql = "SELECT * FROM event_streams WHERE tenant_id = {0} AND id = {1}" + database.Dialect.LockForUpdate;
        var rows = await context.EventStreams.FromSqlRaw(sql, context.TenantId, id).IgnoreQueryFilters().AsTracking().ToListAsync(cancellationToken);
        return rows.SingleOrDefault();
    }

    /// <summary>The same for a change in a stream whoever issues it and however often, so that two instances cannot issue it twice.</summary>
    private static string JtiOf(Guid streamId, ChangeRow change)
    {
        var id = new ChangeId(change.Txn, change.ResourceId, change.Part);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{streamId:N} {id}")).AsSpan(0, JtiBytes));
    }

    private static IssuedSetRow Note(EventStreamRow stream, string uri, DateTimeOffset at, (string Name, string? Value)[] members)
    {
        using var payload = JsonBuffer.Rent();
        payload.Writer.WriteStartObject();
        foreach (var (name, value) in members.Where(member => member.Value is not null))
        {
            payload.Writer.WriteString(name, value);
        }

        payload.Writer.WriteEndObject();
        return new IssuedSetRow
        {
            TenantId = stream.TenantId,
            StreamId = stream.Id,
            Jti = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(JtiBytes)),
            Seq = stream.Position,
            IssuedAt = at,
            Events = [uri],
            Payload = payload.ToString(),
        };
    }
}
