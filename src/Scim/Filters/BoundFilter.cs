using Scim.Schemas;

namespace Scim.Filters;

/// <summary>
/// A filter whose attributes are found, whose operators fit and whose values are converted and folded. Consumers take only
/// this: a filter that was not checked cannot reach a database.
/// </summary>
public abstract record BoundFilter
{
    private BoundFilter()
    {
    }

    /// <summary>Prints the filter with canonical names and folded values; it binds to an equal filter again.</summary>
    public sealed override string ToString() => ToSyntax().ToString();

    /// <summary>The same filter as syntax.</summary>
    public Filter ToSyntax() => this switch
    {
        And and => new Filter.And(and.Left.ToSyntax(), and.Right.ToSyntax()),
        Or or => new Filter.Or(or.Left.ToSyntax(), or.Right.ToSyntax()),
        Not not => new Filter.Not(not.Inner.ToSyntax()),
        Comparison comparison => new Filter.Comparison(comparison.Path.ToString(), comparison.Operator, ToSyntax(comparison.Value)),
        Present present => new Filter.Present(present.Path.ToString()),
        Elements elements => new Filter.ValuePath(elements.Path.ToString(), elements.Inner.ToSyntax()),
        HasExtension has => new Filter.Present(has.Extension.Id),
        _ => throw new InvalidOperationException(),
    };

    private static FilterLiteral ToSyntax(BoundLiteral literal) => literal switch
    {
        BoundLiteral.String text => new FilterLiteral.String(text.Value),
        BoundLiteral.DateTime time => new FilterLiteral.String(time.FixedWidthUtc),
        BoundLiteral.Number number => new FilterLiteral.Number(number.Value),
        BoundLiteral.Boolean boolean => new FilterLiteral.Boolean(boolean.Value),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>Both hold.</summary>
    public sealed record And(BoundFilter Left, BoundFilter Right) : BoundFilter;

    /// <summary>One holds.</summary>
    public sealed record Or(BoundFilter Left, BoundFilter Right) : BoundFilter;

    /// <summary>The inner filter does not hold.</summary>
    public sealed record Not(BoundFilter Inner) : BoundFilter;

    /// <summary>
    /// A value of the attribute compares so with the literal. Of several values one is enough; <c>ne</c> is also met when there is none.
    /// </summary>
    public sealed record Comparison(BoundPath Path, FilterOperator Operator, BoundLiteral Value) : BoundFilter;

    /// <summary>The attribute has a value.</summary>
    public sealed record Present(BoundPath Path) : BoundFilter;

    /// <summary>One element of the attribute meets the inner filter, whose paths are relative to the element.</summary>
    public sealed record Elements(BoundPath Path, BoundFilter Inner) : BoundFilter;

    /// <summary>The resource has data of the extension.</summary>
    public sealed record HasExtension(Schema Extension) : BoundFilter;
}
