namespace Scim.Filters;

/// <summary>
/// An element that does not say whether it is primary is not (RFC 7643 §2.4: "the value of primary SHALL be assumed to be false").
/// Comparisons with <c>primary</c> are put in terms of <c>primary eq true</c>, so that whoever answers them need not know of it.
/// <c>pr</c> asks what is said, and stays as it is.
/// </summary>
internal static class AbsentPrimary
{
    /// <summary>The comparison, or what it means where it is one with <c>primary</c>.</summary>
    public static BoundFilter CountsAsFalse(BoundFilter.Comparison comparison)
    {
        var path = comparison.Path;
        if (comparison.Value is not BoundLiteral.Boolean { Value: var value })
        {
            return comparison;
        }

        var asksForTrue = value == (comparison.Operator == FilterOperator.Eq);
        return path.SubAttribute is null && path.Attribute == path.Attribute.Parent?.PrimarySubAttribute ? OfElement(path, asksForTrue)
            : path.SubAttribute is not null && path.SubAttribute == path.Attribute.PrimarySubAttribute ? OfSome(comparison, asksForTrue)
            : comparison;
    }

    private static BoundFilter OfElement(BoundPath path, bool isPrimary)
    {
        var primary = new BoundFilter.Comparison(path, FilterOperator.Eq, new BoundLiteral.Boolean(true));
        return isPrimary ? primary : new BoundFilter.Not(primary);
    }

    /// <summary><c>emails.primary eq false</c>: one of the elements is not primary. Where there is none, only <c>ne</c> holds.</summary>
    private static BoundFilter OfSome(BoundFilter.Comparison comparison, bool isPrimary)
    {
        var (extension, attribute, primary) = comparison.Path;
        BoundFilter some = isPrimary
            ? OfElement(comparison.Path, isPrimary)
            : new BoundFilter.Elements(new BoundPath(extension, attribute, null), OfElement(new BoundPath(null, primary!, null), isPrimary));
        return comparison.Operator == FilterOperator.Ne
            ? new BoundFilter.Or(some, new BoundFilter.Not(new BoundFilter.Present(new BoundPath(extension, attribute, null))))
            : some;
    }
}
