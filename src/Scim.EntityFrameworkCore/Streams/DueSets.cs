using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Streams;

/// <summary>
/// Chooses among the tokens that a receiver has not taken those that are pushed now, and says whether more are to be issued. One that has to
/// be tried again later, or is under way, holds back those of its resource that follow it, and no others (EVT-123).
/// </summary>
internal sealed class DueSets(EventStreamRow stream, IReadOnlySet<string> underWay, DateTimeOffset now)
{
    /// <summary>Tokens that may be issued and not taken, but for those that are tried again later.</summary>
    public const int Window = 200;

    /// <summary>Tokens that are tried again later, each of another resource. A receiver that refuses more gets nothing new until it has taken some of them.</summary>
    public const int MaxHeld = 1_000;

    /// <summary>All that can be there: what was held back by tokens that are done together goes beyond the window by as many.</summary>
    public const int MaxIssued = MaxHeld + (3 * Window);

    /// <summary>
    /// Tokens of one resource in the window, of which the last holds back the rest (<see cref="HeldBack"/>). Where as many resources are pushed side by
    /// side as have room in the window, those that are slow cannot fill it while there is a turn for others.
    /// </summary>
    public const int MaxEach = 25;

    /// <summary>Tokens that a receiver is tried with that takes nothing, each of another resource, so that those that nobody can take do not look like a dead receiver.</summary>
    private const int Probe = 8;

    private readonly List<IssuedSetRow> due = [];
    private readonly HashSet<Guid> waiting = [];
    private readonly HashSet<string> busy = [];
    private readonly HashSet<string> failed = [];
    private readonly HashSet<Guid> held = [];
    private readonly Dictionary<Guid, int> each = [];
    private int all;
    private int active;
    private DateTimeOffset? oldest;

    /// <summary>Resources of which a token is tried again, or that have all in the window that they may have. Their next ones are not issued until it is done.</summary>
    public IReadOnlySet<Guid> Held => held;

    /// <summary>How many tokens of a resource are issued.</summary>
    public IReadOnlyDictionary<Guid, int> Each => each;

    /// <summary>Since when what the receiver refuses leaves no room for anything new; null while it does.</summary>
    public DateTimeOffset? FullSince => Room <= 0 ? oldest : null;

    /// <summary>How many are to be issued; none while there is enough to push.</summary>
    public int Wanted => stream.Status != StreamStatus.Enabled ? 0 : Math.Min(Room, IsFailing ? Trials - Heads().Count(row => row.NextAttemptAt is null) : due.Count == 0 ? Window : 0);

    private int Room => Math.Min(Window - active, Window + MaxHeld - all);

    private bool IsFailing => stream.FailingSince is not null;

    /// <summary>Whether what failed is not tried yet. What the receiver has not been tried with is, so that a token that nobody can take delays no other.</summary>
    private bool IsPausing => stream.RetryAt > now;

    /// <summary>How many resources a receiver that takes nothing is tried with now. Once so many failed it is left alone until the pause is over.</summary>
    private int Trials => Probe - busy.Count - (IsPausing ? failed.Count : 0);

    /// <summary>Notes tokens that were issued, in the order of the stream.</summary>
    public void Add(IEnumerable<IssuedSetRow> rows)
    {
        foreach (var row in rows)
        {
            all++;
            oldest ??= row.IssuedAt;
            active += row.NextAttemptAt > now ? 0 : 1;
            var resource = row.ResourceId ?? Guid.Empty;
            each[resource] = each.GetValueOrDefault(resource) + 1;
            if (row.NextAttemptAt is not null)
            {
                held.Add(resource);
            }

            if (HasFailed(row))
            {
                failed.Add(NameOf(row));
            }

            if (underWay.Contains(row.Jti))
            {
                busy.Add(NameOf(row));
            }

            if (row.NextAttemptAt > now || underWay.Contains(row.Jti) || (resource != Guid.Empty && waiting.Contains(resource)))
            {
                waiting.Add(resource);
            }
            else if (row.Payload is not null || stream.Status == StreamStatus.Enabled)
            {
                due.Add(row);
            }
        }
    }

    /// <summary>What is pushed now. While the receiver takes nothing, that is what it has not been tried with, and then, after a pause, what it was tried with longest ago.</summary>
    public IReadOnlyList<IssuedSetRow> Choose() => IsFailing
        ? [.. Heads().Where(row => !IsPausing || !HasFailed(row)).OrderBy(row => row.NextAttemptAt ?? DateTimeOffset.MinValue).ThenBy(row => row.Seq).Take(Trials)]
        : due;

    private static string NameOf(IssuedSetRow row) => row.ResourceId?.ToString() ?? row.Jti;

    /// <summary>Whether it failed since the receiver takes nothing.</summary>
    private bool HasFailed(IssuedSetRow row) => row.NextAttemptAt >= stream.FailingSince && row.NextAttemptAt <= now;

    /// <summary>The first of each resource.</summary>
    private IEnumerable<IssuedSetRow> Heads() => due.DistinctBy(NameOf);
}
