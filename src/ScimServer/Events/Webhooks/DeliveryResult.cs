using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Webhooks;

namespace ScimServer.Events.Webhooks;

/// <summary>What is written down of a delivery.</summary>
internal static class DeliveryResult
{
    /// <summary>Adds a finished delivery to the notes.</summary>
    public static void Add(DeliveryNotes notes, Delivery delivery, DateTimeOffset now)
    {
        if (delivery.Attempt is { } attempt)
        {
            (attempt.IsSuccess && delivery.Row is null ? notes.Delivered : notes.Other).Add(attempt);
        }

        switch (delivery)
        {
            case { Attempt.IsSuccess: true, Row: { } row }:
                notes.Done.Add((row.Seq, row.ResourceId));
                break;
            case { Attempt.IsSuccess: true }:
                break;
            case { Attempt: null, Row.NextAt: null }:
                // It goes on waiting as before.
                break;
            case { Row: { } row }:
                PutOff(row, delivery, now);
                notes.Again.Add(row);
                break;
            default:
                delivery.Row = NewRow(delivery, now);
                PutOff(delivery.Row, delivery, now);
                notes.Later.Add(delivery.Row);
                break;
        }
    }

    /// <summary>A row for an event that has none.</summary>
    public static WebhookRetryRow NewRow(Delivery delivery, DateTimeOffset now) => new()
    {
        TenantId = delivery.TenantId,
        EndpointId = delivery.EndpointId,
        Seq = delivery.Seq,
        ResourceId = delivery.ResourceId,
        Attempts = 0,
        Since = now,
    };

    private static void PutOff(WebhookRetryRow row, Delivery delivery, DateTimeOffset now)
    {
        row.Attempts = delivery.Attempt?.Number ?? row.Attempts;
        row.NextAt = delivery.Next;
        row.GaveUpAt = delivery.Attempt is not null && delivery.Next is null ? now : null;
        row.Since = delivery.Attempt is not null ? delivery.FailedSince : row.Since;
    }
}
