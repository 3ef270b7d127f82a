using System.Data.Common;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Rows;
using Scim.Queries;

namespace Scim.EntityFrameworkCore.Filters;

/// <summary>The rows of a page.</summary>
/// <param name="Rows">The rows, in order.</param>
/// <param name="Total">How many match in all, where it is known.</param>
/// <param name="Next">The last row before the next page of a walk by cursor, if there is one.</param>
internal sealed record PageRows(IReadOnlyList<ResourceRow> Rows, long? Total, Cursor? Next);

/// <summary>
/// Reads pages by statements whose plan is never left to chance: the planner takes every filter on documents for one percent,
/// and either guess, to sort all matches or to walk all rows, is a disaster for the other half of the filters. A probe asks an
/// index for so many matches at most; where there are more, a walk in the order of the page soon finds enough.
/// </summary>
internal sealed class PageReader
{
    private readonly ScimDbContext context;
    private readonly DatabaseDialect dialect;
    private readonly FilterSelectivity selectivity;
    private readonly PageBounds bounds;
    private readonly ListQuery query;
    private readonly ListOrder order;

    public PageReader(ScimDbContext context, DatabaseDialect dialect, FilterSelectivity selectivity, PageBounds bounds, ListQuery query)
    {
        this.bounds = bounds;
        this.context = context;
        this.dialect = dialect;
        this.selectivity = selectivity;
        this.query = query;
        order = SortTranslator.Translate(query, dialect);
    }

    private bool IsFiltered => query.Filter is not null;

    private string[] Types => [.. query.Targets.Select(target => target.Type.Name)];

    /// <summary>A page by index, with the exact total.</summary>
    public async Task<PageRows> ByIndexAsync(CancellationToken cancellationToken)
    {
        if (query.Targets.Count == 0 || query.Count == 0)
        {
            return new PageRows([], await TotalAsync(cancellationToken), null);
        }

        var statement = new PageStatement(order, query.Targets.Count);
        var skip = query.StartIndex > 1;
        if (!IsFiltered)
        {
            return await ReadAsync(Command(statement.Unfiltered(query.Count, skip)), cancellationToken);
        }

        if (!selectivity.MatchedMany(context.TenantId, query.ToString()))
        {
            var probe = await ReadAsync(Command(matching => statement.Probe(matching, bounds.ProbedMatches, query.Count, skip)), cancellationToken);
            if (!Remember(probe.Total!.Value))
            {
                return probe;
            }
        }

        var page = await ReadAsync(OfMany(statement, query.Count, window: null, skip), cancellationToken);
        var total = await Matching(context.Resources).LongCountAsync(cancellationToken);
        Remember(total);
        return page with { Total = total };
    }

    /// <summary>A page by cursor, from the beginning or behind a position.</summary>
    public async Task<PageRows> ByCursorAsync(Cursor? position, CancellationToken cancellationToken)
    {
        if (query.Targets.Count == 0 || query.Count == 0)
        {
            return new PageRows([], await TotalAsync(cancellationToken), null);
        }

        var statement = new PageStatement(order, query.Targets.Count) { Behind = position is null ? [] : order.Behind(position.Key is not null) };
        return await ReadBehindAsync(statement, position, query.Count + 1, cancellationToken);
    }

    private async Task<PageRows> ReadBehindAsync(PageStatement statement, Cursor? position, int limit, CancellationToken cancellationToken)
    {
        if (!IsFiltered)
        {
            return await ReadAsync(Command(statement.Unfiltered(limit, skip: false)), cancellationToken, position);
        }

        var isAnchored = query.Targets.All(target => target.Filter is { } filter && FilterSelectivity.IsAnchored(filter));
        if (isAnchored && !selectivity.MatchedMany(context.TenantId, query.ToString()))
        {
            var probe = await ReadAsync(Command(matching => statement.Probe(matching, bounds.ProbedMatches, limit, skip: false)), cancellationToken, position);
            if (!Remember(probe.Total!.Value))
            {
                return probe;
            }
        }

        return await ReadAsync(OfMany(statement, limit, bounds.WalkedRows, skip: false), cancellationToken, position);
    }

    private bool Remember(long total)
    {
        var isMany = total > bounds.ProbedMatches;
        selectivity.Remember(context.TenantId, query.ToString(), isMany);
        return isMany;
    }

    private DbCommand OfMany(PageStatement statement, int limit, int? window, bool skip)
    {
        if (!order.HasIndex || !dialect.KeepsOrderOfSubqueries)
        {
            return Command(matching => statement.Sorted(matching, limit, skip));
        }

        var rows = context.Resources.FromSqlRaw(statement.Window(window ?? long.MaxValue));
        return Command(matching => statement.Walk(matching, window, limit, skip), rows);
    }

    private async Task<long> TotalAsync(CancellationToken cancellationToken)
    {
        if (query.Targets.Count == 0)
        {
            return 0;
        }

        var types = Types;
        return IsFiltered
            ? await Matching(context.Resources).LongCountAsync(cancellationToken)
            : await context.ResourceCounts.Where(count => types.Contains(count.Type)).SumAsync(count => count.N, cancellationToken);
    }

    private IQueryable<ResourceRow> Matching(IQueryable<ResourceRow> source) => source.Where(
        Predicates.Balanced([.. query.Targets.Select(OfTarget)], Predicates.Or));

    private Expression<Func<ResourceRow, bool>> OfTarget(QueryTarget target)
    {
        var name = target.Type.Name;
        Expression<Func<ResourceRow, bool>> ofType = row => row.Type == name;
        return target.Filter is null ? ofType : Predicates.And(ofType, FilterTranslator.Translate(target.Filter, target.Type, context));
    }

    private DbCommand Command(Func<string, string> text, IQueryable<ResourceRow>? source = null)
    {
        var command = Matching(source ?? context.Resources)
            .Select(row => new { row.Id, row.Type, row.UniqueKey, row.ExternalId, row.DisplayNameKey, row.Active, row.Created, row.LastModified, row.Version, row.Search })
            .CreateDbCommand();
        command.CommandText = text(command.CommandText);
        return command;
    }

    private DbCommand Command(string text)
    {
        var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = text;
        return command;
    }

    private async Task<PageRows> ReadAsync(DbCommand command, CancellationToken cancellationToken, Cursor? position = null)
    {
        await using (command)
        {
            PageStatement.AddScope(command, dialect, context.TenantId, Types);
            if (command.CommandText.Contains("@" + PageStatement.SkipParameter, StringComparison.Ordinal))
            {
                dialect.AddValue(command, PageStatement.SkipParameter, query.StartIndex - 1L);
            }

            if (position is not null)
            {
                AddPosition(command, position);
            }

            await context.Database.OpenConnectionAsync(cancellationToken);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await ReadAsync(reader, cancellationToken);
        }
    }

    private void AddPosition(DbCommand command, Cursor position)
    {
        dialect.AddValue(command, ListOrder.IdParameter, position.Id);
        if (position.Key is { } key && order.Key is { } sortKey)
        {
            dialect.AddValue(command, ListOrder.KeyParameter, dialect.ParseSortValue(sortKey.Kind, key));
        }
    }

    private async Task<PageRows> ReadAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        var rows = new List<ResourceRow>(query.Count + 1);
        var (total, edge, last) = ((long?)null, (Cursor?)null, (Cursor?)null);
        while (await reader.ReadAsync(cancellationToken))
        {
            (total, edge) = (Total(reader), Edge(reader));
            if (Row(reader) is { } row)
            {
                rows.Add(row);
                last = rows.Count == query.Count ? Position(reader, PageStatement.Id, PageStatement.SortValue) : last;
            }
        }

        // One row more than the page was asked for, to see whether there is another page.
        return rows.Count > query.Count
            ? new PageRows(rows[..query.Count], total, last)
            : new PageRows(rows, total, edge);
    }

    private static long? Total(DbDataReader reader) => reader.IsDBNull(PageStatement.Total) ? null : reader.GetInt64(PageStatement.Total);

    private Cursor? Edge(DbDataReader reader) =>
        reader.IsDBNull(PageStatement.EdgeId) ? null : Position(reader, PageStatement.EdgeId, PageStatement.EdgeValue);

    private Cursor Position(DbDataReader reader, int id, int value) =>
        new(query.Count, reader.IsDBNull(value) ? null : DatabaseDialect.FormatSortValue(reader.GetValue(value)), reader.GetGuid(id));

    private ResourceRow? Row(DbDataReader reader) => reader.IsDBNull(PageStatement.Id) ? null : new ResourceRow
    {
        TenantId = context.TenantId,
        Id = reader.GetGuid(PageStatement.Id),
        Type = reader.GetString(PageStatement.Type),
        ReferenceId = reader.IsDBNull(PageStatement.ReferenceId) ? null : reader.GetGuid(PageStatement.ReferenceId),
        Created = Utc(reader.GetDateTime(PageStatement.Created)),
        LastModified = Utc(reader.GetDateTime(PageStatement.LastModified)),
        Version = reader.GetInt64(PageStatement.Version),
        Document = reader.GetFieldValue<byte[]>(PageStatement.Document),
        Search = "",
    };

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
