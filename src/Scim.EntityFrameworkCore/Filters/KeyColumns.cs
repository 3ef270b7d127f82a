using System.Globalization;
using System.Linq.Expressions;
using Scim.EntityFrameworkCore.Rows;
using Scim.Filters;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.EntityFrameworkCore.Filters;

/// <summary>The attributes that are columns of a resource's row, and the comparisons with them.</summary>
internal sealed class KeyColumns
{
    private readonly ResourceType type;

    public KeyColumns(ResourceType type) => this.type = type;

    /// <summary>True when the attribute is answered by a column; the other attributes are in the document.</summary>
    public bool Holds(BoundPath path) => ColumnOf(path) != Column.None;

    /// <summary>True when the column holds what the document holds as well.</summary>
    public bool CopiesDocument(BoundPath path) => ColumnOf(path) is Column.ExternalId or Column.UniqueKey or Column.DisplayNameKey or Column.Active;

    /// <summary>The column that orders rows by the attribute, or null when the document holds it.</summary>
    public SortKey? SortKey(BoundPath path) => ColumnOf(path) switch
    {
        Column.None => null,
        Column.ExternalId => new SortKey("r.external_id", SortKind.Text, MayBeAbsent: true, HasIndex: true),

        // The index is unique and has no room for the id, which only absent values would need.
        Column.UniqueKey => new SortKey("r.unique_key", SortKind.Text, MayBeAbsent: !path.Attribute.Required, HasIndex: path.Attribute.Required),
        Column.DisplayNameKey => new SortKey("r.display_name_key", SortKind.Text, MayBeAbsent: true, HasIndex: true),
        Column.Active => new SortKey("r.active", SortKind.Boolean, MayBeAbsent: true, HasIndex: true),
        Column.Created => new SortKey("r.created", SortKind.Time, MayBeAbsent: false, HasIndex: false),
        Column.LastModified => new SortKey("r.last_modified", SortKind.Time, MayBeAbsent: false, HasIndex: true),
        Column.ResourceType => new SortKey("r.type", SortKind.Text, MayBeAbsent: false, HasIndex: true),
        Column.Version => new SortKey("r.version", SortKind.Number, MayBeAbsent: false, HasIndex: false),
        _ => new SortKey("r.id", SortKind.Text, MayBeAbsent: false, HasIndex: true),
    };

    /// <summary>The column of text that finds what the filter looks up, <c>userName eq "ada"</c>, or null when it is another kind of filter.</summary>
    public string? Lookup(BoundFilter.Comparison comparison) => (comparison.Operator, ColumnOf(comparison.Path)) switch
    {
        (FilterOperator.Eq, Column.ExternalId) => "r.external_id",
        (FilterOperator.Eq, Column.UniqueKey) => "r.unique_key",
        (FilterOperator.Eq, Column.DisplayNameKey) => "r.display_name_key",
        _ => null,
    };

    /// <summary>A comparison with the attribute's column.</summary>
    public Expression<Func<ResourceRow, bool>> Compare(BoundFilter.Comparison comparison)
    {
        var (path, op) = (comparison.Path, comparison.Operator);
        var text = (comparison.Value as BoundLiteral.String)?.Value ?? "";
        return ColumnOf(path) switch
        {
            Column.Id => Predicates.On<ResourceRow, Guid>(row => row.Id, ValuePredicates.Id(op, text)),
            Column.ExternalId => Predicates.On<ResourceRow, string?>(row => row.ExternalId, ValuePredicates.Text(op, text)),
            Column.UniqueKey => Predicates.On<ResourceRow, string?>(row => row.UniqueKey, ValuePredicates.Text(op, text)),
            Column.DisplayNameKey => Predicates.On<ResourceRow, string?>(row => row.DisplayNameKey, ValuePredicates.Text(op, text)),
            Column.Active => Predicates.On<ResourceRow, bool?>(row => row.Active, ValuePredicates.Boolean(op, ((BoundLiteral.Boolean)comparison.Value).Value)),
            Column.Created => Predicates.On<ResourceRow, DateTimeOffset>(row => row.Created, ValuePredicates.Time(path, op, comparison.Value)),
            Column.LastModified => Predicates.On<ResourceRow, DateTimeOffset>(row => row.LastModified, ValuePredicates.Time(path, op, comparison.Value)),
            Column.ResourceType => Predicates.Constant<ResourceRow>(
                FilterEvaluator.CompareText(Folding.Fold(path.Target, type.Name), op, text)),
            Column.Version => CompareVersion(path, op, text),
            Column.Location => CompareLocation(path, op, text),
            _ => throw new InvalidOperationException($"{path} is no column."),
        };
    }

    /// <summary>Whether the attribute's column has a value.</summary>
    public Expression<Func<ResourceRow, bool>> Present(BoundPath path) => ColumnOf(path) switch
    {
        Column.ExternalId => row => row.ExternalId != null,
        Column.UniqueKey => row => row.UniqueKey != null,
        Column.DisplayNameKey => row => row.DisplayNameKey != null,
        Column.Active => row => row.Active != null,
        _ => Predicates.Constant<ResourceRow>(true),
    };

    /// <summary>The version is shown as an entity tag, <c>W/"3"</c>.</summary>
    private static Expression<Func<ResourceRow, bool>> CompareVersion(BoundPath path, FilterOperator op, string tag)
    {
        RequireEquality(path, op);
        var digits = tag.StartsWith("W/\"", StringComparison.Ordinal) && tag.EndsWith('"') && tag.Length > 4 ? tag[3..^1] : "";
        var known = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && ETag.Format(version) == tag;
        return Equality(op, known ? row => row.Version == version : Predicates.Constant<ResourceRow>(false));
    }

    /// <summary>The base URL is not the database's to know, and a server can have several: the end of the location decides.</summary>
    private Expression<Func<ResourceRow, bool>> CompareLocation(BoundPath path, FilterOperator op, string location)
    {
        RequireEquality(path, op);
        return Equality(op, Locations.IdBehind(location, type.Endpoint) is { } id ? row => row.Id == id : Predicates.Constant<ResourceRow>(false));
    }

    private static void RequireEquality(BoundPath path, FilterOperator op)
    {
        if (op is not (FilterOperator.Eq or FilterOperator.Ne))
        {
            throw ValuePredicates.Unanswerable(path, op);
        }
    }

    private static Expression<Func<ResourceRow, bool>> Equality(FilterOperator op, Expression<Func<ResourceRow, bool>> equal) =>
        op == FilterOperator.Ne ? Predicates.Not(equal) : equal;

    private Column ColumnOf(BoundPath path) => (path.Extension, path.SubAttribute) switch
    {
        (not null, _) => Column.None,
        (null, null) when path.Attribute == type.UniqueAttribute => Column.UniqueKey,
        (null, null) => Named(path.Attribute, path.Attribute.Name),
        (null, { } sub) when path.Attribute.Name == "meta" => Named(sub, $"meta.{sub.Name}"),
        _ => Column.None,
    };

    private static Column Named(SchemaAttribute attribute, string name) => name switch
    {
        "id" => Column.Id,
        "externalId" => Column.ExternalId,
        "displayName" when attribute is { Type: AttributeType.String, MultiValued: false, CaseExact: false } => Column.DisplayNameKey,
        "active" when attribute is { Type: AttributeType.Boolean, MultiValued: false } => Column.Active,
        "meta" => Column.Meta,
        "meta.created" => Column.Created,
        "meta.lastModified" => Column.LastModified,
        "meta.resourceType" => Column.ResourceType,
        "meta.version" => Column.Version,
        "meta.location" => Column.Location,
        _ => Column.None,
    };

    private enum Column
    {
        None,
        Id,
        ExternalId,
        UniqueKey,
        DisplayNameKey,
        Active,
        Meta,
        Created,
        LastModified,
        ResourceType,
        Version,
        Location,
    }
}
