using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Rows;
using Scim.Errors;

namespace Scim.EntityFrameworkCore.Changes;

/// <summary>
/// Reads the change log of a tenant in its order: every change that was committed, each once, those of a resource in the order
/// in which they happened (EVT-133, EVT-134).
/// </summary>
public sealed class ChangeFeed
{
    /// <summary>What a client with a cursor that is no good any more is told: how to begin again without losing anything.</summary>
    internal const string Expired =
        "The cursor has expired: changes that follow it are not kept any more. To begin again without losing anything, first take a cursor with "
        + "\"after=now\", then read all resources, then follow the events after that cursor; an event whose version is not above that of "
        + "the resource you have read is in it already.";

    /// <summary>Rows that a filter looks at before the cursor moves on.</summary>
    private const int WindowRows = 5_000;

    private const int MaxWindows = 20;

    /// <summary>Characters that are read into objects at most, but for the last row: rows with thousand members are long.</summary>
    private const int MaxCharacters = 4 * 1024 * 1024;

    private readonly ScimDatabase database;
    private readonly ServerKeys keys;

    internal ChangeFeed(ScimDatabase database, ServerKeys keys)
    {
        this.database = database;
        this.keys = keys;
    }

    /// <summary>Reads what there is, <see cref="FeedRequest.MaxWhole"/> rows at most.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is above that.</exception>
    /// <exception cref="ScimException">400 invalidCursor; 410 when changes that follow the cursor have been deleted.</exception>
    public async Task<FeedPage> ReadAsync(int tenantId, FeedRequest request, CancellationToken cancellationToken) =>
        (await ReadLongAsync(tenantId, Whole(request), cancellationToken)).ToWhole();

    /// <summary>Reads what there is, of a long page the begin.</summary>
    /// <exception cref="ScimException">400 invalidCursor; 410 when changes that follow the cursor have been deleted.</exception>
    public async Task<LongPage> ReadLongAsync(int tenantId, FeedRequest request, CancellationToken cancellationToken)
    {
        await using var context = database.Open(tenantId);
        var cursor = new FeedCursor(await keys.GetAsync(FeedCursor.KeyName, FeedCursor.SecretBytes, cancellationToken), tenantId);
        var end = await database.Dialect.LogEndAsync(database, cancellationToken);
        if (request.After == FeedRequest.Now)
        {
            return new LongPage(cursor, [], null, end.Settled, hasMore: false);
        }

        var after = request.After is null ? 0 : cursor.Open(request.After);
        if (after > end.Last)
        {
            throw ScimErrors.Gone(Expired);
        }

        var isLong = !request.IsFiltered && request.Limit > FeedRequest.MaxWhole;
        var (rows, read) = await CollectAsync(context, isLong ? request with { Limit = LongPage.BeginRows } : request, after, end.Settled, cancellationToken);

        // Asked afterwards: rows may have been deleted while these were read.
        if (request.After is not null && after < await HorizonAsync(context, cancellationToken))
        {
            throw ScimErrors.Gone(Expired);
        }

        if (!isLong || rows.Count < LongPage.BeginRows || read == end.Settled)
        {
            return new LongPage(cursor, rows, null, read, read < end.Settled);
        }

        var reached = await WindowEndAsync(context, read, end.Settled, request.Limit - rows.Count, cancellationToken);
        var rest = new FeedRest(database, tenantId, read, reached, rows.Sum(row => (long)row.Delta.Length) / rows.Count);
        return new LongPage(cursor, rows, rest, reached, reached < end.Settled);
    }

    /// <summary>Reads a whole page, and if there is nothing waits for it, as long as is wanted.</summary>
    /// <inheritdoc cref="WaitLongAsync"/>
    /// <exception cref="ArgumentOutOfRangeException">The limit is above <see cref="FeedRequest.MaxWhole"/>.</exception>
    public async Task<FeedPage> WaitAsync(int tenantId, FeedRequest request, TimeSpan wait, TimeSpan look, CancellationToken cancellationToken) =>
        (await WaitLongAsync(tenantId, Whole(request), wait, look, cancellationToken)).ToWhole();

    /// <summary>Reads, and if there is nothing waits for it, as long as is wanted.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="request">What is wanted. What the filter passes over does not end the waiting.</param>
    /// <param name="wait">How long.</param>
    /// <param name="look">How often to look for what other processes wrote.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ScimException">400 invalidCursor; 410.</exception>
    public async Task<LongPage> WaitLongAsync(int tenantId, FeedRequest request, TimeSpan wait, TimeSpan look, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var next = database.Changes.Next(tenantId);
            var page = await ReadLongAsync(tenantId, request, cancellationToken);
            var left = wait - TimeProvider.System.GetElapsedTime(started);
            if (page.Begin.Count > 0 || request.After == FeedRequest.Now || left <= TimeSpan.Zero)
            {
                return page;
            }

            request = request with { After = page.Cursor };
            if (!page.HasMore)
            {
                await Task.WhenAny(next, Task.Delay(left < look ? left : look, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>
    /// What there is behind a number, for a reader inside the server. <c>Reached</c> is where to go on. Where <c>Horizon</c> is above the number,
    /// changes behind it have been deleted unread.
    /// </summary>
    internal async Task<(List<ChangeRow> Rows, long Reached, LogEnd End, long Horizon)> ReadBehindAsync(
        int tenantId, long after, FeedRequest request, CancellationToken cancellationToken)
    {
        var end = await database.Dialect.LogEndAsync(database, cancellationToken);
        if (after >= end.Settled)
        {
            return ([], after, end, 0);
        }

        await using var context = database.Open(tenantId);
        var (rows, reached) = await CollectAsync(context, request, after, end.Settled, cancellationToken);
        return (rows, reached, end, await HorizonAsync(context, cancellationToken));
    }

    /// <summary>Changes by their numbers; those that are not kept any more are missing.</summary>
    internal async Task<List<ChangeRow>> FindAsync(int tenantId, IReadOnlyCollection<long> numbers, CancellationToken cancellationToken)
    {
        await using var context = database.Open(tenantId);
        return await context.Changes.Where(row => numbers.Contains(row.Seq)).OrderBy(row => row.Seq).ToListAsync(cancellationToken);
    }

    /// <summary>Who would get only the begin of what is asked for, and the cursor behind all of it, would miss the rest.</summary>
    private static FeedRequest Whole(FeedRequest request) => request.Limit <= FeedRequest.MaxWhole
        ? request
        : throw new ArgumentOutOfRangeException(nameof(request), request.Limit, $"A whole page has at most {FeedRequest.MaxWhole} rows; for more there are long pages.");

    private static async Task<(List<ChangeRow> Rows, long Reached)> CollectAsync(
        ScimDbContext context, FeedRequest request, long after, long settled, CancellationToken cancellationToken)
    {
        var rows = new List<ChangeRow>();
        var characters = 0L;
        for (var window = 0; window < MaxWindows && after < settled; window++)
        {
            var to = request.IsFiltered ? await WindowEndAsync(context, after, settled, WindowRows, cancellationToken) : settled;
            var matching = Filtered(context.Changes.Where(row => row.Seq > after && row.Seq <= to), request).OrderBy(row => row.Seq).Take(request.Limit - rows.Count);
            await foreach (var row in matching.AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                rows.Add(row);
                characters += row.Delta.Length;
                if (rows.Count == request.Limit || characters > MaxCharacters)
                {
                    return (rows, row.Seq);
                }
            }

            after = to;
        }

        return (rows, after);
    }

    /// <summary>Up to where so many rows reach.</summary>
    private static async Task<long> WindowEndAsync(ScimDbContext context, long after, long settled, int rows, CancellationToken cancellationToken)
    {
        var end = await context.Changes.Where(row => row.Seq > after && row.Seq <= settled).OrderBy(row => row.Seq)
            .Select(row => row.Seq).Skip(rows - 1).Take(1).ToListAsync(cancellationToken);
        return end.Count == 0 ? settled : end[0];
    }

    internal static IQueryable<ChangeRow> Filtered(IQueryable<ChangeRow> rows, FeedRequest request)
    {
        if (request.Kinds is { } kinds)
        {
            rows = rows.Where(row => kinds.Contains(row.ResourceType + ":" + row.Kind));
        }

        if (request.Actors is { } actors)
        {
            rows = rows.Where(row => actors.Contains(row.Actor));
        }

        return request.OtherThan.Count == 0 ? rows : rows.Where(row => !request.OtherThan.Contains(row.Actor));
    }

    private static Task<long> HorizonAsync(ScimDbContext context, CancellationToken cancellationToken) =>
        context.ChangeHorizons.Select(row => row.Seq).SingleOrDefaultAsync(cancellationToken);
}
