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

    /// <summary>Tokens that a receiver is tried with that takes nothing, each of another resource, so that those that nobody can take do not look like a dead receiver.</summary>
    private const int Probe = 8;

    private readonly List<IssuedSetRow> due = [];
    private readonly HashSet<Guid> waiting = [];
    private readonly HashSet<Guid> held = [];
    private int all;
    private int active;

    /// <summary>Resources of which a token is tried again. Their next ones are not issued until it is done (<see cref="HeldBack"/>).</summary>
    public IReadOnlySet<Guid> Held => held;

    /// <summary>How many are to be issued; none while there is enough to push.</summary>
    public int Wanted => stream.Status != StreamStatus.Enabled || all >= Window + MaxHeld ? 0
        : IsFailing ? Math.Min(Window - active, Probe - underWay.Count - Heads().Count(row => row.NextAttemptAt is null))
        : due.Count == 0 ? Window - active
        : 0;

    private bool IsFailing => stream.FailingSince is not null;

    /// <summary>Notes tokens that were issued, in the order of the stream.</summary>
    public void Add(IEnumerable<IssuedSetRow> rows)
    {
        foreach (var row in rows)
        {
            all++;
            active += row.NextAttemptAt > now ? 0 : 1;
            var resource = row.ResourceId ?? Guid.Empty;
            if (row.NextAttemptAt is not null)
            {
                held.Add(resource);
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

    /// <summary>What is pushed now. While the receiver takes nothing, that is what it has not been tried with, and then what it was tried with longest ago.</summary>
    public IReadOnlyList<IssuedSetRow> Choose() => IsFailing
        ? [.. Heads().OrderBy(row => row.NextAttemptAt ?? DateTimeOffset.MinValue).ThenBy(row => row.Seq).Take(Probe - underWay.Count)]
        : due;

    /// <summary>The first of each resource.</summary>
    private IEnumerable<IssuedSetRow> Heads() => due.DistinctBy(row => row.ResourceId?.ToString() ?? row.Jti);
}
