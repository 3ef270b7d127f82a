namespace Scim.Filters;

public abstract partial record Filter
{
    /// <summary><c>userName eq "bjensen"</c>: path, operator, value.</summary>
    public sealed record Comparison(string Path, FilterOperator Operator, FilterLiteral Value) : Filter;

    /// <summary><c>title pr</c>: the attribute has a value.</summary>
    public sealed record Present(string Path) : Filter;

    /// <summary><c>title pr and active eq true</c>: both hold.</summary>
    public sealed record And(Filter Left, Filter Right) : Filter;

    /// <summary><c>title pr or active eq true</c>: one holds.</summary>
    public sealed record Or(Filter Left, Filter Right) : Filter;

    /// <summary><c>not (title pr)</c>: the inner filter does not hold.</summary>
    public sealed record Not(Filter Inner) : Filter;

    /// <summary>
    /// <c>emails[type eq "work"]</c>: one element meets the inner filter, whose names are sub-attributes. With
    /// <paramref name="Rest"/>, <c>emails[type eq "work"].value eq "x"</c>: the same element also meets the rest, a
    /// <see cref="Comparison"/> or <see cref="Present"/> of a sub-attribute (ENTRA-08).
    /// </summary>
    public sealed record ValuePath(string Path, Filter Inner, Filter? Rest = null) : Filter;
}
