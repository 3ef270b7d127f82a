using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Changes;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Erasure;

/// <summary>
/// Takes a person out of the change log of a tenant, in short transactions. The changes of the person, and on PostgreSQL those of groups that
/// name the person, are found by an index; on SQLite the latter are looked for in stretches, from the creation of the person on.
/// </summary>
internal sealed class ErasedChanges(ScimDatabase database, int tenantId, Guid person)
{
    /// <summary>Rows in one transaction: few, because readers wait for open transactions to end (EVT-137).</summary>
    private const int RowsPerTransaction = 50;

    /// <summary>Numbers of the log that one statement looks through on SQLite.</summary>
    private const int Stretch = 20_000;

    /// <summary>The last change of the person that is kept; null when there is none.</summary>
    public async Task<ChangeRow?> LastAsync(CancellationToken cancellationToken)
    {
        await using var context = database.Open(tenantId);
        return await OfPerson(context).OrderByDescending(row => row.Seq).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Adds the values that the person has and had.</summary>
    public async Task CollectAsync(PersonalValues values, CancellationToken cancellationToken)
    {
        await using var context = database.Open(tenantId);
        await foreach (var row in Unerased(context, after: 0).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            values.Add(row.ExternalId);
            values.Add(row.Display);
            using var delta = JsonDocument.Parse(row.Delta);
            values.AddFrom(delta.RootElement);
        }
    }

    /// <summary>Leaves of the changes of the person that they were, oldest first: until the end there is one that knows the last values.</summary>
    public async Task<int> EraseOfPersonAsync(CancellationToken cancellationToken)
    {
        var all = 0;
        for (long after = 0; ;)
        {
            var erased = await database.WriteAsync(
                tenantId,
                async context =>
                {
                    var rows = await Unerased(context, after).Take(RowsPerTransaction).ToListAsync(cancellationToken);
                    foreach (var row in rows)
                    {
                        var (seq, delta) = (row.Seq, ErasedDelta.OfPerson(row.Delta));
                        await context.Changes.Where(change => change.Seq == seq).ExecuteUpdateAsync(
                            set => set.SetProperty(change => change.Delta, delta).SetProperty(change => change.ExternalId, (string?)null).SetProperty(change => change.Display, (string?)null),
                            CancellationToken.None);
                        after = seq;
                    }

                    return rows.Count;
                },
                cancellationToken);
            all += erased;
            if (erased < RowsPerTransaction)
            {
                return all;
            }
        }
    }

    /// <summary>Takes the person's externalId out of the changes of groups that name the person.</summary>
    public async Task<int> EraseOfGroupsAsync(CancellationToken cancellationToken)
    {
        var all = 0;
        foreach (var batch in (await NamingAsync(cancellationToken)).Chunk(RowsPerTransaction))
        {
            all += await database.WriteAsync(
                tenantId,
                async context =>
                {
                    var erased = 0;
                    foreach (var row in await context.Changes.Where(row => batch.Contains(row.Seq)).ToListAsync(cancellationToken))
                    {
                        if (ErasedDelta.OfGroup(row.Delta, person) is { } delta)
                        {
                            var seq = row.Seq;
                            erased += await context.Changes.Where(change => change.Seq == seq).ExecuteUpdateAsync(set => set.SetProperty(change => change.Delta, delta), CancellationToken.None);
                        }
                    }

                    return erased;
                },
                cancellationToken);
        }

        return all;
    }

    private async Task<List<long>> NamingAsync(CancellationToken cancellationToken)
    {
        await using var context = database.Open(tenantId);
        if (database.Dialect.FindsMembers)
        {
            return await context.Changes.Where(row => row.MemberIds!.Contains(person)).Select(row => row.Seq).ToListAsync(cancellationToken);
        }

        var found = new List<long>();
        var last = (await database.Dialect.LogEndAsync(database, cancellationToken)).Last;
        for (var after = await BeginAsync(context, cancellationToken); after < last; after += Stretch)
        {
            var (from, to) = (after, after + Stretch);
            found.AddRange(await context.Changes.Where(row => row.Seq > from && row.Seq <= to && row.MemberIds!.Contains(person)).Select(row => row.Seq).ToListAsync(cancellationToken));
        }

        return found;
    }

    /// <summary>Before what no group named the person: the creation, or the begin of what is kept.</summary>
    private async Task<long> BeginAsync(ScimDbContext context, CancellationToken cancellationToken)
    {
        var created = await OfPerson(context).Where(row => row.Kind == ChangeKind.Create).Select(row => (long?)row.Seq).MinAsync(cancellationToken);
        return created ?? await context.Changes.Select(row => (long?)row.Seq - 1).MinAsync(cancellationToken) ?? 0;
    }

    private IQueryable<ChangeRow> OfPerson(ScimDbContext context) => context.Changes.Where(row => row.ResourceId == person);

    private IQueryable<ChangeRow> Unerased(ScimDbContext context, long after) =>
        OfPerson(context).Where(row => row.Seq > after && !row.Delta.StartsWith(ChangeRow.ErasedBegin)).OrderBy(row => row.Seq);
}
