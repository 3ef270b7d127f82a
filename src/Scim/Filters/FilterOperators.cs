namespace Scim.Filters;

/// <summary>The operators' words and kinds.</summary>
internal static class FilterOperators
{
    /// <summary>All words, for error texts.</summary>
    public const string Words = "eq, ne, co, sw, ew, gt, ge, lt, le or pr";

    /// <summary>The word as it is written in a filter.</summary>
    public static string Word(this FilterOperator value) => value switch
    {
        FilterOperator.Eq => "eq",
        FilterOperator.Ne => "ne",
        FilterOperator.Co => "co",
        FilterOperator.Sw => "sw",
        FilterOperator.Ew => "ew",
        FilterOperator.Gt => "gt",
        FilterOperator.Ge => "ge",
        FilterOperator.Lt => "lt",
        FilterOperator.Le => "le",
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    /// <summary>The operator of that word, in any case (RFC 7644 §3.4.2.2), or null.</summary>
    public static FilterOperator? Find(string word)
    {
        foreach (var value in Enum.GetValues<FilterOperator>())
        {
            if (word.Equals(value.Word(), StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>True for operators that look inside a text.</summary>
    public static bool IsTextual(this FilterOperator value) => value is FilterOperator.Co or FilterOperator.Sw or FilterOperator.Ew;

    /// <summary>True for operators that need an order.</summary>
    public static bool IsOrdering(this FilterOperator value) =>
        value is FilterOperator.Gt or FilterOperator.Ge or FilterOperator.Lt or FilterOperator.Le;

    /// <summary>What the operator says about the sign of a comparison of the stored value with the literal.</summary>
    public static bool Holds(this FilterOperator value, int sign) => value switch
    {
        FilterOperator.Eq => sign == 0,
        FilterOperator.Ne => sign != 0,
        FilterOperator.Gt => sign > 0,
        FilterOperator.Ge => sign >= 0,
        FilterOperator.Lt => sign < 0,
        FilterOperator.Le => sign <= 0,
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };
}
