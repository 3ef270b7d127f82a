using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Provisioning;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Changes;

/// <summary>Which changes are asked for. All that is given must hold.</summary>
public sealed record ChangeQuery
{
    /// <summary>Changes of this resource.</summary>
    public Guid? Resource { get; init; }

    /// <summary>Changes of groups by which this resource came or went as a member.</summary>
    public Guid? Member { get; init; }

    /// <summary>Changes that the token of this name asked for.</summary>
    public string? Actor { get; init; }

    /// <summary>Changes that the request of this reference caused; for a bulk those of all operations, unless the reference names one.</summary>
    public Guid? Txn { get; init; }

    /// <summary>Changes at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Changes before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Changes before this position in the log.</summary>
    public long? Before { get; init; }

    /// <summary>So many at most.</summary>
    public int Count { get; init; } = 100;
}

/// <summary>A page of changes, newest first.</summary>
/// <param name="Changes">The changes; fewer than asked for, or none, where a long stretch of the log was looked through.</param>
/// <param name="Next">The position before which the next page begins; null when there is none.</param>
public sealed record ChangePage(IReadOnlyList<ChangeRow> Changes, long? Next);

/// <summary>
/// Reads the change log of a tenant for its administrators. What a request caused, the history of a resource, and on PostgreSQL that of a member, is
/// found by an index; every other query looks through so much of the log at most, and says where to go on.
/// </summary>
public sealed class ChangeQueries
{
    /// <summary>How many changes a page looks through.</summary>
    private const int Window = 20_000;

    private readonly ScimDatabase database;

    /// <summary>Made by the container.</summary>
    public ChangeQueries(ScimDatabase database) => this.database = database;

    /// <summary>A page of the changes.</summary>
    public async Task<ChangePage> ReadAsync(int tenantId, ChangeQuery query, CancellationToken cancellationToken)
    {
        await using var context = database.Open(tenantId);
        var before = query.Before ?? long.MaxValue;
        var log = context.Changes.Where(change => change.Seq < before);
        var isIndexed = query.Resource is not null || query.Txn is not null || (query.Member is not null && database.Dialect.FindsMembers);
        var source = isIndexed ? OfIndex(log, query) : log.OrderByDescending(change => change.Seq).Take(Window);
        var found = await Matching(source, query).OrderByDescending(change => change.Seq).Take(query.Count + 1).ToListAsync(cancellationToken);
        if (found.Count > query.Count)
        {
            return new ChangePage(found[..query.Count], found[query.Count - 1].Seq);
        }

        return new ChangePage(found, isIndexed ? null : await EndOfWindowAsync(log, cancellationToken));
    }

    /// <summary>Kept apart by OFFSET, so that the planner does not walk the log in its order for the few changes of one person.</summary>
    private static IQueryable<ChangeRow> OfIndex(IQueryable<ChangeRow> log, ChangeQuery query)
    {
        var none = 0;
        return query is { Resource: null, Member: { } member } ? log.Where(change => change.MemberIds!.Contains(member)).OrderBy(change => change.Seq).Skip(none) : log;
    }

    private static IQueryable<ChangeRow> Matching(IQueryable<ChangeRow> changes, ChangeQuery query)
    {
        if (query.Resource is { } resource)
        {
            changes = changes.Where(change => change.ResourceId == resource);
        }

        if (query.Member is { } member)
        {
            changes = changes.Where(change => change.MemberIds!.Contains(member));
        }

        if (query.Actor is { } actor)
        {
            changes = changes.Where(change => change.Actor == actor);
        }

        if (query.Txn is { } txn)
        {
            var last = RequestReference.OfRequest(txn) == txn ? RequestReference.LastOf(txn) : txn;
            changes = changes.Where(change => change.Txn.CompareTo(txn) >= 0 && change.Txn.CompareTo(last) <= 0);
        }

        if (query.Since is { } since)
        {
            changes = changes.Where(change => change.At >= since);
        }

        return query.Until is { } until ? changes.Where(change => change.At < until) : changes;
    }

    /// <summary>The last position that was looked at, when there is more of the log behind it.</summary>
    private static async Task<long?> EndOfWindowAsync(IQueryable<ChangeRow> log, CancellationToken cancellationToken)
    {
        var edge = await log.OrderByDescending(change => change.Seq).Skip(Window - 1).Select(change => (long?)change.Seq).Take(2).ToListAsync(cancellationToken);
        return edge.Count == 2 ? edge[0] : null;
    }
}
