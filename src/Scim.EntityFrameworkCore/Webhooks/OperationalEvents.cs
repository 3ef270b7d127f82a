using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Webhooks;

/// <summary>What operators are told of: noted in the transaction in which it happens, and sent to their endpoints like any event.</summary>
public static class OperationalEvents
{
    /// <summary>An endpoint was disabled.</summary>
    public const string EndpointDisabled = "webhook.disabled";

    /// <summary>An event was tried for days and given up.</summary>
    public const string EventGivenUp = "webhook.event.given_up";

    /// <summary>Events were deleted before an endpoint got them: it was disabled or failing for longer than they are kept.</summary>
    public const string EventsMissed = "webhook.events.missed";

    /// <summary>An access token is about to expire and has no successor.</summary>
    public const string TokenExpiring = "token.expiring";

    /// <summary>Notes an event, once for each subject, and has it sent to each of the operator's endpoints.</summary>
    internal static async Task NoteAsync(ScimDbContext context, DateTimeOffset now, string type, string subject, IReadOnlyDictionary<string, string?> data)
    {
        var id = Guid.CreateVersion7(now);
        var json = JsonSerializer.Serialize(data);
        var seqs = await context.Database.SqlQuery<long>(
            $"""
            INSERT INTO operational_events (id, subject, type, at, data) VALUES ({id}, {subject}, {type}, {now.UtcDateTime}, {json})
            ON CONFLICT (subject) DO NOTHING RETURNING seq AS "Value"
            """).ToListAsync(CancellationToken.None);
        if (seqs is not [var seq])
        {
            return;
        }

        var endpoints = await context.WebhookEndpoints.Where(row => row.TenantId == 0 && row.DisabledAt == null).Select(row => row.Id).ToListAsync(CancellationToken.None);
        context.WebhookRetries.AddRange(endpoints.Select(endpoint => new WebhookRetryRow
        {
            TenantId = 0,
            EndpointId = endpoint,
            Seq = seq,
            ResourceId = id,
            Attempts = 0,
            NextAt = now,
            Since = now,
        }));
        await context.SaveChangesAsync(CancellationToken.None);
        context.ChangeTracker.Clear();
    }
}
