using System.Globalization;

namespace Scim.Filters;

/// <summary>
/// A comparison value converted to the attribute's type. There is no null: <c>eq null</c> is bound to "not present" and
/// <c>ne null</c> to "present".
/// </summary>
public abstract record BoundLiteral
{
    private BoundLiteral()
    {
    }

    /// <summary>Prints the value as a filter literal.</summary>
    public sealed override string ToString() => this switch
    {
        String text => FilterLiteral.Quote(text.Value),
        DateTime time => FilterLiteral.Quote(time.FixedWidthUtc),
        Number number => number.Value.ToString(CultureInfo.InvariantCulture),
        Boolean { Value: true } => "true",
        _ => "false",
    };

    /// <summary>Text, folded as the attribute's caseExact asks.</summary>
    public sealed record String(string Value) : BoundLiteral;

    /// <summary>A number.</summary>
    public sealed record Number(decimal Value) : BoundLiteral;

    /// <summary>true or false.</summary>
    public sealed record Boolean(bool Value) : BoundLiteral;

    /// <summary>A point in time, in the one width in which the order of texts is the order of time.</summary>
    public sealed record DateTime(string FixedWidthUtc) : BoundLiteral;
}
