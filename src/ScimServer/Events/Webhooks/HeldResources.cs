using System.Collections.Concurrent;

namespace ScimServer.Events.Webhooks;

/// <summary>The resources of a lane that are held back, each with the first of its events that failed or is answered late (EVT-123). Deliveries under way use it, too.</summary>
/// <param name="held">What the database says at the begin.</param>
internal sealed class HeldResources(IReadOnlyDictionary<Guid, long> held)
{
    private readonly ConcurrentDictionary<Guid, long> first = new(held);

    public bool IsEmpty => first.IsEmpty;

    public int Count => first.Count;

    /// <summary>From an event on.</summary>
    public void Hold(Guid resource, long seq) => first.AddOrUpdate(resource, seq, (_, before) => Math.Min(before, seq));

    /// <summary>Whether an earlier event of its resource is not delivered.</summary>
    public bool HoldBack(Delivery delivery) => first.TryGetValue(delivery.ResourceId, out var seq) && seq < delivery.Seq;

    /// <summary>Lets an event that waited for another take its place, if that is delivered and nothing before it has come to wait.</summary>
    public void Advance(Delivery delivery)
    {
        if (delivery.Previous is { Attempt.IsSuccess: true } previous)
        {
            first.TryUpdate(delivery.ResourceId, delivery.Seq, previous.Seq);
        }

        delivery.Previous = null;
    }

    /// <summary>Takes over what the database says after a note.</summary>
    /// <param name="resources">The resources that were written about.</param>
    /// <param name="still">Those of them that are still held back.</param>
    /// <param name="active">What is under way.</param>
    public void Settle(IEnumerable<Guid> resources, IReadOnlyDictionary<Guid, long> still, DeliveriesUnderWay active)
    {
        foreach (var resource in resources)
        {
            if (!still.TryGetValue(resource, out var seq))
            {
                if (!active.HasAny(resource))
                {
                    first.TryRemove(resource, out _);
                }
            }
            else if (!active.IsDelivered(seq))
            {
                // Else it has been delivered meanwhile, and those behind it may go already.
                first[resource] = seq;
            }
        }
    }
}
