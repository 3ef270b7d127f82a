using ScimServer.Http;

namespace ScimServer.Events.Webhooks;

/// <summary>
/// Holds deliveries back while more SCIM requests are under way than the processors can answer, so that they wait in the log and not the requests. Then an
/// answer pays for the delivery of one change to one endpoint, which so keeps up; where there are several, it takes two answers for each. Tenants share
/// them evenly.
/// </summary>
internal sealed class DeliveryPace(ScimLoad load, TimeProvider time)
{
    /// <summary>How often new deliveries start while they are held back: often enough that they do not come in waves.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(50);

    /// <summary>So many requests under way for each processor, on an average, hold deliveries back.</summary>
    private const int Many = 4;

    /// <summary>So few let them go on. Between the two it stays as it is.</summary>
    private const int Few = 2;

    /// <summary>So many changes of a tenant are delivered at a time however busy the server is: slow requests alone hold up nobody's events for long.</summary>
    private const int Least = 4;

    /// <summary>So many answers that nobody made use of count later on.</summary>
    private const int MaxLeft = 512;

    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(100);

    private readonly Lock turn = new();
    private volatile bool isHeldBack;
    private long measuredAt = time.GetTimestamp();
    private TimeSpan measured;
    private long seen;
    private long left;

    /// <summary>Whether deliveries are held back.</summary>
    public bool IsHeldBack => isHeldBack;

    /// <summary>How many changes to read now.</summary>
    /// <param name="wanted">How many are wanted.</param>
    /// <param name="lanes">To how many endpoints each of them goes.</param>
    public int Take(int wanted, int lanes)
    {
        lock (turn)
        {
            var (answered, taken) = load.Total();
            left = Math.Min(MaxLeft, left + answered - seen);
            seen = answered;
            Measure(taken);
            if (!isHeldBack)
            {
                return wanted;
            }

            // Half of what is left: who comes next finds as much by then.
            var share = Math.Min(wanted, Math.Max(Least, (int)(left / (2 * Price(lanes)))));
            left = Math.Max(0, left - (share * Price(lanes)));
            return share;
        }
    }

    /// <summary>Gives back what turned out not to be needed.</summary>
    /// <param name="changes">So many of those that were taken.</param>
    /// <param name="lanes">As they were taken.</param>
    public void Return(int changes, int lanes)
    {
        lock (turn)
        {
            left += changes * Price(lanes);
        }
    }

    /// <summary>How many answers it takes for a change to go to so many endpoints.</summary>
    private static int Price(int lanes) => lanes > 1 ? 2 * lanes : 1;

    private void Measure(TimeSpan taken)
    {
        var elapsed = time.GetElapsedTime(measuredAt);
        if (elapsed >= Window)
        {
            var underWay = (taken - measured) / elapsed;
            isHeldBack = underWay > (isHeldBack ? Few : Many) * Environment.ProcessorCount;
            (measuredAt, measured) = (time.GetTimestamp(), taken);
        }
    }
}
