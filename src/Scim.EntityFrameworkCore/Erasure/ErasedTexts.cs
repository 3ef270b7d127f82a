using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Provisioning;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Erasure;

/// <summary>
/// Takes out of the provisioning log what is kept of failed requests that name a person, and what receivers of tokens wrote that does. Successful
/// requests hold no values and are not looked at; failures have an index.
/// </summary>
internal sealed class ErasedTexts(ScimDatabase database, int tenantId, PersonalValues values)
{
    private const int RowsPerTransaction = 200;

    /// <summary>As deep as the body of a request may be, in the report about it.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 256 };

    /// <summary>Looks through the failed requests from a time on.</summary>
    /// <returns>How many named the person.</returns>
    public async Task<int> EraseRequestsAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var (all, after) = (0, RequestReference.At(since));
        while (true)
        {
            var (erased, last) = await EraseRequestsAsync(after, cancellationToken);
            all += erased;
            if (last is not { } next)
            {
                return all;
            }

            after = next;
        }
    }

    /// <summary>Looks through what receivers said of tokens that they could not take: only the latest are kept.</summary>
    public async Task<int> EraseStreamErrorsAsync(CancellationToken cancellationToken)
    {
        await using var context = database.Open(tenantId);
        var named = (await context.StreamErrors.Where(error => error.Description != null).ToListAsync(cancellationToken)).Where(error => values.AreIn(error.Description)).ToList();
        await WriteAsync(named, (write, error) => write.StreamErrors.Where(row => row.StreamId == error.StreamId && row.Id == error.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Description, (string?)null), CancellationToken.None), cancellationToken);
        return named.Count;
    }

    private async Task<(int Erased, Guid? Last)> EraseRequestsAsync(Guid after, CancellationToken cancellationToken)
    {
        await using var context = database.Open(tenantId);
        var rows = await context.Requests.Where(request => request.Failed && request.Txn.CompareTo(after) > 0).OrderBy(request => request.Txn).Take(RowsPerTransaction).ToListAsync(cancellationToken);
        var named = rows.Where(Names).ToList();
        await WriteAsync(named, (write, row) => write.Requests.Where(request => request.Txn == row.Txn)
            .ExecuteUpdateAsync(set => set.SetProperty(request => request.Failure, (string?)null).SetProperty(request => request.ClientId, (string?)null), CancellationToken.None), cancellationToken);
        return (named.Count, rows.Count == RowsPerTransaction ? rows[^1].Txn : null);
    }

    private async Task WriteAsync<TRow>(IEnumerable<TRow> rows, Func<ScimDbContext, TRow, Task<int>> update, CancellationToken cancellationToken)
    {
        foreach (var batch in rows.Chunk(RowsPerTransaction))
        {
            await database.WriteAsync(
                tenantId,
                async write =>
                {
                    foreach (var row in batch)
                    {
                        await update(write, row);
                    }

                    return batch.Length;
                },
                cancellationToken);
        }
    }

    private bool Names(RequestRow request)
    {
        if (request.Failure is null)
        {
            return values.AreIn(request.ClientId);
        }

        if (values.AreIn(request.ResourceId?.ToString()) || values.AreIn(request.ClientId))
        {
            return true;
        }

        using var failure = JsonDocument.Parse(request.Failure, Deep);
        return values.AreIn(failure.RootElement);
    }
}
