using System.Data.Common;
using System.Globalization;
using Scim.EntityFrameworkCore.Resources;

namespace Scim.EntityFrameworkCore.Filters;

/// <summary>
/// The SQL text of a page. It finds the ids of the page first and joins the documents to them afterwards, so that nothing is
/// sorted or skipped with its document. Row limits are literals, not parameters: the planner takes an unknown limit for a
/// tenth of the table and would join by reading all of it.
/// </summary>
internal sealed class PageStatement
{
    /// <summary>The parameter with the number of rows to skip.</summary>
    public const string SkipParameter = "list_skip";

    /// <summary>The parameter with what documents are to match.</summary>
    public const string DocumentParameter = "list_document";

    /// <summary>The parameter with the text that is looked up.</summary>
    public const string LookupParameter = "list_text";

    /// <summary>The condition that all rows meet.</summary>
    public const string Everything = "1 = 1";

    // The columns of the result.
    public const int Total = 0;
    public const int EdgeId = 1;
    public const int EdgeValue = 2;
    public const int SortValue = 3;

    /// <summary>Here the row begins (<see cref="ShownRows"/>).</summary>
    public const int Row = 4;

    private const string Candidate = "id, type, unique_key, external_id, display_name_key, active, reference_id, created, last_modified, version, search";

    private readonly ListOrder order;
    private readonly string scope;
    private readonly string types;

    /// <summary>For lists of so many types in an order.</summary>
    public PageStatement(ListOrder order, int types)
    {
        this.order = order;
        this.types = types == 1 ? "= @list_type0" : $"IN ({string.Join(", ", Enumerable.Range(0, types).Select(i => $"@list_type{i}"))})";
        scope = $"r.tenant_id = @list_tenant AND r.type {this.types}";
    }

    /// <summary>A condition on the rows behind the page's beginning (<see cref="ListOrder.Behind"/>); none for the first page.</summary>
    public string Behind { get; init; } = Everything;

    /// <summary>A column with the groups of a row (<see cref="ShownRows.Groups"/>): of few rows they are read with them.</summary>
    public string Groups { get; init; } = ShownRows.NoGroups;

    /// <summary>Adds the parameters that every statement has.</summary>
    public static void AddScope(DbCommand command, DatabaseDialect dialect, int tenantId, IReadOnlyList<string> types)
    {
        dialect.AddValue(command, "list_tenant", tenantId);
        for (var i = 0; i < types.Count; i++)
        {
            dialect.AddValue(command, $"list_type{i}", types[i]);
        }
    }

    /// <summary>A page of all resources of the types; the total is the sum of the counters.</summary>
    public string Unfiltered(int limit, bool skip) => Page(
        $"WITH page (id) AS MATERIALIZED (SELECT r.id FROM {Source} ORDER BY {order.By} {Limit(limit, skip)})",
        $"(SELECT CAST(coalesce(sum(c.n), 0) AS bigint) FROM resource_counts AS c WHERE c.tenant_id = @list_tenant AND c.type {types})");

    /// <summary>
    /// The probe: all matches, if they are at most <paramref name="most"/>, without an order, so that only an index that finds
    /// matches can serve; then the page out of them, and their number.
    /// </summary>
    public string Probe(string matching, int most, int limit, bool skip) => Page(
        $"""
        WITH matching ({Candidate}) AS (
        {matching}
        ), found (id) AS MATERIALIZED (SELECT r.id FROM matching AS r LIMIT {Number(most + 1)}),
        page (id) AS MATERIALIZED (SELECT r.id FROM {Found} WHERE {Behind} ORDER BY {order.By} {Limit(limit, skip)})
        """,
        "(SELECT count(*) FROM found)");

    /// <summary>
    /// The walk: <paramref name="matching"/> filters a <see cref="Window"/>, which gives its rows in the order of the page one
    /// by one, until the page is full. Where a window ends before that, its last row is where the next page begins.
    /// </summary>
    public string Walk(string matching, int? window, int limit, bool skip) => Page(
        $"""
        WITH matching ({Candidate}) AS (
        {matching}
        ), page (id) AS MATERIALIZED (SELECT r.id FROM matching AS r ORDER BY {order.By} {Limit(limit, skip)})
        """,
        "NULL",
        window is { } rows
            ? $"SELECT r.id, {order.Value} FROM {Source} AND (SELECT count(*) FROM page) < {Number(limit)} ORDER BY {order.By} LIMIT 1 OFFSET {Number(rows - 1)}"
            : null);

    /// <summary>The page out of all matches by sorting them: for orders that no index has.</summary>
    public string Sorted(string matching, int limit, bool skip) => Page(
        $"""
        WITH matching ({Candidate}) AS (
        {matching}
        ), page (id) AS MATERIALIZED (SELECT r.id FROM matching AS r WHERE {Behind} ORDER BY {order.By} {Limit(limit, skip)})
        """,
        "NULL");

    /// <summary>
    /// What the index on documents finds, as a table to be filtered. Its OFFSET keeps the planner from joining in an index that
    /// begins with the tenant: the argument begins with the tenant itself.
    /// </summary>
    public const string Documents = "SELECT r.* FROM resources AS r WHERE scim_matches(r.search, @" + DocumentParameter + ") OFFSET 0";

    /// <summary>The rows of the one type among what the index on documents finds.</summary>
    public const string FoundDocuments = $"SELECT {Candidate} FROM ({Documents}) AS r WHERE r.tenant_id = @list_tenant AND r.type = @list_type0";

    /// <summary>The rows of the one type that have a text in a column.</summary>
    public static string Lookup(string column) =>
        $"SELECT {Candidate} FROM resources AS r WHERE r.tenant_id = @list_tenant AND r.type = @list_type0 AND {column} = @{LookupParameter}";

    /// <summary>The number of all matches.</summary>
    public static string Count(string matching) =>
        $"""
        WITH matching ({Candidate}) AS (
        {matching}
        ) SELECT count(*) FROM matching
        """;

    /// <summary>
    /// The next rows in the order of the page, as a table to be filtered. Its LIMIT keeps the planner from looking for the
    /// matches in another order.
    /// </summary>
    public string Window(long rows) => $"SELECT r.* FROM {Source} ORDER BY {order.By} LIMIT {Number(rows)}";

    private string Source => $"resources AS r WHERE {scope} AND {Behind}";

    private string Found => order.Key is null
        ? "found AS r"
        : "found JOIN resources AS r ON r.tenant_id = @list_tenant AND r.id = found.id";

    private string Page(string with, string total, string? edge = null) =>
        $"""
        {with}{(edge is null ? "" : $",\nedge (id, value) AS MATERIALIZED ({edge})")}
        SELECT {total}, {(edge is null ? "NULL, NULL" : "edge.id, edge.value")}, {order.Value}, {ShownRows.Columns(Groups)}
        FROM (SELECT 1 AS one) AS one {(edge is null ? "" : "LEFT JOIN edge ON 1 = 1 ")}LEFT JOIN (
            SELECT r.* FROM page JOIN resources AS r ON r.tenant_id = @list_tenant AND r.id = page.id) AS r ON 1 = 1
            {ShownRows.Join}
        ORDER BY {order.By}
        """;

    private static string Limit(int rows, bool skip) => skip ? $"LIMIT {Number(rows)} OFFSET @{SkipParameter}" : $"LIMIT {Number(rows)}";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
