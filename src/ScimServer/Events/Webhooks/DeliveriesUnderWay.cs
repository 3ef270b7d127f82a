namespace ScimServer.Events.Webhooks;

/// <summary>The events that a lane has taken up and not written down as done, each behind those that it follows.</summary>
internal sealed class DeliveriesUnderWay
{
    /// <summary>Events that are taken up out of the log and not done. Those that have a row do not keep others out.</summary>
    private const int MaxNew = 256;

    /// <summary>So many events of one resource leave room for others.</summary>
    private const int MaxEach = 25;

    private readonly Dictionary<long, Delivery> bySeq = [];
    private readonly Dictionary<Guid, Delivery> last = [];

    public int Count => bySeq.Count;

    public IReadOnlyCollection<Delivery> All => bySeq.Values;

    /// <summary>For how many more out of the log there is room; none until there is room for many.</summary>
    public int Room => MaxNew - bySeq.Values.Count(delivery => delivery.Row is null) is var room and >= MaxNew / 4 ? room : 0;

    /// <summary>The resource that has most of the places, if that is more than it may have while others wait for one.</summary>
    public Guid? Crowding() => bySeq.Values.Where(delivery => delivery.Row is null).CountBy(delivery => delivery.ResourceId)
        .Where(resource => resource.Value > MaxEach).OrderByDescending(resource => resource.Value).Select(resource => (Guid?)resource.Key).FirstOrDefault();

    public bool Contains(long seq) => bySeq.ContainsKey(seq);

    /// <summary>Whether an event that has an attempt behind it was delivered.</summary>
    public bool IsDelivered(long seq) => bySeq.GetValueOrDefault(seq)?.Attempt is { IsSuccess: true };

    public bool HasAny(Guid resource) => bySeq.Values.Any(delivery => delivery.ResourceId == resource);

    /// <summary>The latest event of a resource that has a row.</summary>
    public Delivery? LastNoted(Guid resource) => bySeq.Values.Where(delivery => delivery.Row is not null && delivery.ResourceId == resource).MaxBy(delivery => delivery.Seq);

    public void Add(Delivery delivery) => bySeq[delivery.Seq] = delivery;

    /// <summary>Puts an event behind those of its resource and of the resources that it names.</summary>
    /// <returns>What it has to wait for.</returns>
    public Task[] Follow(Delivery delivery)
    {
        var before = delivery.Keys.Select(key => last.GetValueOrDefault(key)?.Over.Task ?? Task.CompletedTask).Where(task => !task.IsCompleted).Distinct().ToArray();
        foreach (var key in delivery.Keys)
        {
            last[key] = delivery;
        }

        return before;
    }

    /// <summary>Nothing has to wait for it any more.</summary>
    public void Finish(Delivery delivery)
    {
        delivery.IsFinished = true;
        foreach (var key in delivery.Keys)
        {
            if (last.GetValueOrDefault(key) == delivery)
            {
                last.Remove(key);
            }
        }
    }

    public void Remove(Delivery delivery) => bySeq.Remove(delivery.Seq);
}
