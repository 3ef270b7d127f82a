namespace Scim.EntityFrameworkCore.Filters;

/// <summary>How sort values compare.</summary>
internal enum SortKind
{
    /// <summary>By code point.</summary>
    Text,

    /// <summary>By size.</summary>
    Number,

    /// <summary>Earlier first.</summary>
    Time,

    /// <summary>false before true.</summary>
    Boolean,
}

/// <summary>An SQL expression on a row of resources, called r, whose values order a list.</summary>
/// <param name="Expression">The expression.</param>
/// <param name="Kind">How its values compare.</param>
/// <param name="MayBeAbsent">Whether it can be NULL.</param>
/// <param name="HasIndex">Whether an index holds the resources of one type in this order, with ties by id.</param>
internal sealed record SortKey(string Expression, SortKind Kind, bool MayBeAbsent, bool HasIndex);
