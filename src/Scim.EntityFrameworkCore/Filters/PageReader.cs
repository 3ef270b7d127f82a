using System.Data.Common;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Resources;
using Scim.EntityFrameworkCore.Rows;
using Scim.Filters;
using Scim.Queries;

namespace Scim.EntityFrameworkCore.Filters;

/// <summary>The rows of a page.</summary>
/// <param name="Rows">The rows, in order.</param>
/// <param name="Total">How many match in all, where it is known.</param>
/// <param name="Next">The last row before the next page of a walk by cursor, if there is one.</param>
internal sealed record PageRows(IReadOnlyList<ShownRow> Rows, long? Total, Cursor? Next);

/// <summary>
/// Reads pages by statements whose plan is never left to chance: the planner takes every filter on documents for one percent,
/// and either guess, to sort all matches or to walk all rows, is a disaster for the other half of the filters. A probe asks an
/// index for so many matches at most; where there are more, a walk in the order of the page soon finds enough.
/// </summary>
internal sealed class PageReader
{
    /// <summary>The columns that <see cref="PageStatement"/> knows. Made once: every lookup of a user would make the expression anew.</summary>
    private static readonly Expression<Func<ResourceRow, Candidate>> Candidates = row => new Candidate
    {
        Id = row.Id,
        Type = row.Type,
        UniqueKey = row.UniqueKey,
        ExternalId = row.ExternalId,
        DisplayNameKey = row.DisplayNameKey,
        Active = row.Active,
        ReferenceId = row.ReferenceId,
        Created = row.Created,
        LastModified = row.LastModified,
        Version = row.Version,
        Search = row.Search,
    };

    private readonly ScimDbContext context;
    private readonly DatabaseDialect dialect;
    private readonly FilterSelectivity selectivity;
    private readonly PageBounds bounds;
    private readonly ListQuery query;
    private readonly ListOrder order;
    private readonly string queryText;

    public PageReader(ScimDbContext context, DatabaseDialect dialect, FilterSelectivity selectivity, PageBounds bounds, ListQuery query)
    {
        this.bounds = bounds;
        this.context = context;
        this.dialect = dialect;
        this.selectivity = selectivity;
        this.query = query;
        order = SortTranslator.Translate(query, dialect);
        queryText = query.Filter is null ? "" : query.ToString();
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
            return (await ReadAsync(Command(statement.Unfiltered(query.Count, skip)), cancellationToken)).ToPage();
        }

        if (!selectivity.MatchedMany(context.TenantId, queryText))
        {
            var probe = await ProbeAsync(PageStatement.Everything, query.Count, skip, cancellationToken);
            if (!Remember(probe.Total!.Value))
            {
                return probe.ToPage();
            }
        }

        var page = (await ReadAsync(OfMany(statement, query.Count, window: null, skip), cancellationToken)).ToPage();
        var total = await TotalAsync(cancellationToken);
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

        // One row more than the page has, to see whether there is another page.
        var page = new PagePart([], null, null);
        foreach (var behind in position is null ? [PageStatement.Everything] : order.Behind(position.Key is not null))
        {
            var statement = new PageStatement(order, query.Targets.Count) { Behind = behind };
            var part = await ReadBehindAsync(statement, position, query.Count + 1 - page.Rows.Count, cancellationToken);
            page = part with { Rows = [.. page.Rows, .. part.Rows] };
            if (page.Rows.Count > query.Count || page.Edge is not null)
            {
                break;
            }
        }

        if (position is null && page.Edge is null && page.Rows.Count <= query.Count)
        {
            // The first page has all there are.
            return page.ToPage() with { Total = page.Rows.Count };
        }

        return page.Rows.Count <= query.Count
            ? page.ToPage()
            : new PageRows([.. page.Rows.Take(query.Count).Select(found => found.Row)], page.Total, page.Rows[query.Count - 1].Position);
    }

    private async Task<PagePart> ReadBehindAsync(PageStatement statement, Cursor? position, int limit, CancellationToken cancellationToken)
    {
        if (!IsFiltered)
        {
            return await ReadAsync(Command(statement.Unfiltered(limit, skip: false)), cancellationToken, position);
        }

        var isAnchored = query.Targets.All(target => target.Filter is { } filter && FilterSelectivity.IsAnchored(filter));
        if (isAnchored && !selectivity.MatchedMany(context.TenantId, queryText))
        {
            var probe = await ProbeAsync(statement.Behind, limit, skip: false, cancellationToken, position);
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
        selectivity.Remember(context.TenantId, queryText, isMany);
        return isMany;
    }

    /// <summary>What a probe finds is as a rule one resource, looked up before it is changed.</summary>
    private async Task<PagePart> ProbeAsync(string behind, int limit, bool skip, CancellationToken cancellationToken, Cursor? position = null)
    {
        var withGroups = query.Targets.Any(target => ComputedAttributes.AsksForGroups(target.Type, target.Projection));
        var statement = new PageStatement(order, query.Targets.Count) { Behind = behind, Groups = withGroups ? ShownRows.Groups(dialect) : ShownRows.NoGroups };
        var command = Found(matching => statement.Probe(matching, bounds.ProbedMatches, limit, skip), out var isPlannedOnce);
        return await ReadAsync(command, cancellationToken, position, withGroups, isPlannedOnce);
    }

    /// <summary>
    /// Where the document alone names what is looked for, its index finds it, fenced off from the indexes that begin with the
    /// tenant; else the planner chooses among the indexes of key columns, which it knows enough about. What identity providers ask before
    /// every change, <c>userName eq "ada"</c> and its like, is written out: EF Core would take longer to recognise the query than the database
    /// to answer it.
    /// </summary>
    /// <param name="text">Makes the statement out of one that finds all matches.</param>
    /// <param name="isPlannedOnce">Whether one plan is good for whatever is looked for.</param>
    private DbCommand Found(Func<string, string> text, out bool isPlannedOnce)
    {
        isPlannedOnce = false;
        if (query.Targets is not [{ Filter: { } filter } target])
        {
            return Command(text);
        }

        if (filter is BoundFilter.Comparison { Value: BoundLiteral.String value } comparison && new KeyColumns(target.Type).Lookup(comparison) is { } column)
        {
            return Command(text(PageStatement.Lookup(column)), PageStatement.LookupParameter, value.Value);
        }

        if (!dialect.FencesSubqueries)
        {
            return Command(text);
        }

        var (document, others) = FilterTranslator.Split(filter, target.Type, context);
        if (document is null || !FilterSelectivity.IsAnchored(document) || (others is not null && FilterSelectivity.IsAnchored(others)))
        {
            return Command(text);
        }

        var argument = context.DocumentArgument(target.Type, document);
        if (others is null)
        {
            isPlannedOnce = true;
            return Command(text(PageStatement.FoundDocuments), PageStatement.DocumentParameter, argument);
        }

        var command = Command(text, context.Resources.FromSqlRaw(PageStatement.Documents).Where(OfTarget(target with { Filter = others })));
        dialect.AddValue(command, PageStatement.DocumentParameter, argument);
        return command;
    }

    private DbCommand OfMany(PageStatement statement, int limit, int? window, bool skip)
    {
        if (!order.HasIndex || !dialect.FencesSubqueries)
        {
            return Command(matching => statement.Sorted(matching, limit, skip));
        }

        var rows = context.Resources.FromSqlRaw(statement.Window(window ?? long.MaxValue));
        return Command(matching => statement.Walk(matching, window, limit, skip), Matching(rows));
    }

    private async Task<long> TotalAsync(CancellationToken cancellationToken)
    {
        if (query.Targets.Count == 0)
        {
            return 0;
        }

        if (!IsFiltered)
        {
            var types = Types;
            return await context.ResourceCounts.Where(count => types.Contains(count.Type)).SumAsync(count => count.N, cancellationToken);
        }

        await using var command = Found(PageStatement.Count, out var isPlannedOnce);
        PageStatement.AddScope(command, dialect, context.TenantId, Types);
        await context.Database.OpenConnectionAsync(cancellationToken);
        await using var reader = await dialect.ReadAsync(command, context.TenantId, isPlannedOnce, cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? reader.GetInt64(0) : 0;
    }

    private IQueryable<ResourceRow> Matching(IQueryable<ResourceRow> source) => source.Where(
        Predicates.Balanced([.. query.Targets.Select(OfTarget)], Predicates.Or));

    private Expression<Func<ResourceRow, bool>> OfTarget(QueryTarget target)
    {
        var name = target.Type.Name;
        Expression<Func<ResourceRow, bool>> ofType = row => row.Type == name;
        return target.Filter is null ? ofType : Predicates.And(ofType, FilterTranslator.Translate(target.Filter, target.Type, context));
    }

    private DbCommand Command(Func<string, string> text, IQueryable<ResourceRow>? matching = null)
    {
        var command = (matching ?? Matching(context.Resources))
            .Select(Candidates)
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

    private DbCommand Command(string text, string parameter, string value)
    {
        var command = Command(text);
        dialect.AddValue(command, parameter, value);
        return command;
    }

    private async Task<PagePart> ReadAsync(DbCommand command, CancellationToken cancellationToken, Cursor? position = null, bool withGroups = false, bool isPlannedOnce = false)
    {
        await using (command)
        {
            PageStatement.AddScope(command, dialect, context.TenantId, Types);
            Add(command, PageStatement.SkipParameter, () => query.StartIndex - 1L);
            Add(command, ListOrder.IdParameter, () => position!.Id);
            Add(command, ListOrder.KeyParameter, () => dialect.ParseSortValue(order.Key!.Kind, position!.Key!));
            await context.Database.OpenConnectionAsync(cancellationToken);
            await using var reader = await dialect.ReadAsync(command, context.TenantId, isPlannedOnce, cancellationToken);
            return await ReadAsync(reader, withGroups, cancellationToken);
        }
    }

    /// <summary>Adds a parameter that not every statement has.</summary>
    private void Add(DbCommand command, string name, Func<object> value)
    {
        if (command.CommandText.Contains("@" + name, StringComparison.Ordinal))
        {
            dialect.AddValue(command, name, value());
        }
    }

    private async Task<PagePart> ReadAsync(DbDataReader reader, bool withGroups, CancellationToken cancellationToken)
    {
        var part = new PagePart([], null, null);
        while (await reader.ReadAsync(cancellationToken))
        {
            part = part with { Total = Total(reader), Edge = Edge(reader) };
            if (ShownRows.Read(reader, context.TenantId, withGroups, PageStatement.Row) is { } row)
            {
                part.Rows.Add((row, Position(reader, PageStatement.Row, PageStatement.SortValue)));
            }
        }

        return part;
    }

    private static long? Total(DbDataReader reader) => reader.IsDBNull(PageStatement.Total) ? null : reader.GetInt64(PageStatement.Total);

    private Cursor? Edge(DbDataReader reader) =>
        reader.IsDBNull(PageStatement.EdgeId) ? null : Position(reader, PageStatement.EdgeId, PageStatement.EdgeValue);

    private Cursor Position(DbDataReader reader, int id, int value) =>
        new(query.Count, reader.IsDBNull(value) ? null : DatabaseDialect.FormatSortValue(reader.GetValue(value)), reader.GetGuid(id));

    /// <summary>What a filter and an order look at.</summary>
    private sealed class Candidate
    {
        public required Guid Id { get; init; }

        public required string Type { get; init; }

        public required string? UniqueKey { get; init; }

        public required string? ExternalId { get; init; }

        public required string? DisplayNameKey { get; init; }

        public required bool? Active { get; init; }

        public required Guid? ReferenceId { get; init; }

        public required DateTimeOffset Created { get; init; }

        public required DateTimeOffset LastModified { get; init; }

        public required long Version { get; init; }

        public required string Search { get; init; }
    }

    /// <summary>What one statement found.</summary>
    /// <param name="Rows">The rows with their places in the order.</param>
    /// <param name="Total">How many match in all, where the statement knows.</param>
    /// <param name="Edge">Where the statement stopped looking, when it stopped before the end.</param>
    private sealed record PagePart(List<(ShownRow Row, Cursor Position)> Rows, long? Total, Cursor? Edge)
    {
        public PageRows ToPage() => new([.. Rows.Select(found => found.Row)], Total, Edge);
    }
}
