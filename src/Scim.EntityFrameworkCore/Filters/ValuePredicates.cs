using System.Globalization;
using System.Linq.Expressions;
using Scim.EntityFrameworkCore.Resources;
using Scim.Errors;
using Scim.Filters;

namespace Scim.EntityFrameworkCore.Filters;

/// <summary>
/// Comparisons of column values. Each is false, not unknown, where the value is absent (but for <c>ne</c>), so that
/// <c>not</c> means the same as in the evaluator.
/// </summary>
internal static class ValuePredicates
{
#pragma warning disable CA1307, CA1309, CA1310, CA1862 // Translated to SQL, where the column's collation (code points) decides.
    /// <summary>
    /// On text in code point order. <c>sw</c> is a range, which an index serves on both databases; <c>LIKE</c> is not used at all, since on
    /// SQLite it ignores case.
    /// </summary>
    public static Expression<Func<string?, bool>> Text(FilterOperator comparison, string literal) => comparison switch
    {
        FilterOperator.Eq => value => value == literal,
        FilterOperator.Ne => value => value != literal,
        FilterOperator.Co or FilterOperator.Sw or FilterOperator.Ew when literal.Length == 0 => value => value != null,
        FilterOperator.Co => value => value != null && value.Contains(literal),
        FilterOperator.Sw => StartsWith(literal, TextOrder.Successor(literal)),
        FilterOperator.Ew => EndsWith(literal, literal.EnumerateRunes().Count()),
        FilterOperator.Gt => value => value != null && string.Compare(value, literal) > 0,
        FilterOperator.Ge => value => value != null && string.Compare(value, literal) >= 0,
        FilterOperator.Lt => value => value != null && string.Compare(value, literal) < 0,
        FilterOperator.Le => value => value != null && string.Compare(value, literal) <= 0,
        _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
    };

    private static Expression<Func<string?, bool>> StartsWith(string first, string? behind) => behind is null
        ? value => value != null && string.Compare(value, first) >= 0
        : value => value != null && string.Compare(value, first) >= 0 && string.Compare(value, behind) < 0;

    /// <summary>Both databases count code points, not UTF-16 units.</summary>
    private static Expression<Func<string?, bool>> EndsWith(string literal, int length) =>
        value => value != null && value.Length >= length && value.Substring(value.Length - length) == literal;
#pragma warning restore CA1307, CA1309, CA1310, CA1862

    /// <summary>On an id, by its text. A literal that is no id equals none.</summary>
    public static Expression<Func<Guid, bool>> Id(FilterOperator comparison, string literal)
    {
        var exact = ResourceId.TryParse(literal, out var id);
        return comparison switch
        {
            FilterOperator.Eq => exact ? value => value == id : Predicates.Constant<Guid>(false),
            FilterOperator.Ne => exact ? value => value != id : Predicates.Constant<Guid>(true),
            FilterOperator.Co or FilterOperator.Ew => IdText(comparison, literal),
            FilterOperator.Sw => Predicates.And(IdFrom(literal), TextOrder.Successor(literal) is { } behind ? Predicates.Not(IdFrom(behind)) : Predicates.Constant<Guid>(true)),
            FilterOperator.Ge => IdFrom(literal),
            FilterOperator.Lt => Predicates.Not(IdFrom(literal)),
            FilterOperator.Gt => Predicates.And(IdFrom(literal), IdIsNot(literal)),
            FilterOperator.Le => Predicates.Not(Predicates.And(IdFrom(literal), IdIsNot(literal))),
            _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
        };
    }

    private static Expression<Func<Guid, bool>> IdFrom(string text) =>
        TextOrder.FirstId(text) is { } first ? value => value.CompareTo(first) >= 0 : Predicates.Constant<Guid>(false);

    private static Expression<Func<Guid, bool>> IdIsNot(string text) =>
        TextOrder.FirstId(text) is { } first && TextOrder.IdText(first) == text ? value => value != first : Predicates.Constant<Guid>(true);

#pragma warning disable CA1304, CA1311, CA1305, CA1308 // Translated to SQL: SQLite keeps ids in capitals, clients see small letters.
    private static Expression<Func<Guid, bool>> IdText(FilterOperator comparison, string literal)
    {
        Expression<Func<Guid, string?>> text = value => value.ToString().ToLower();
        return Predicates.On(text, Text(comparison, literal));
    }
#pragma warning restore CA1304, CA1311, CA1305, CA1308

    /// <summary>On a time that is stored in milliseconds, as it is shown; what the literal has beyond them can only break a tie.</summary>
    public static Expression<Func<DateTimeOffset, bool>> Time(BoundPath path, FilterOperator comparison, BoundLiteral literal)
    {
        if (literal is BoundLiteral.String text)
        {
            return comparison == FilterOperator.Sw ? TimeStartsWith(text.Value) : throw Unanswerable(path, comparison);
        }

        var exact = DateTimeOffset.Parse(((BoundLiteral.DateTime)literal).FixedWidthUtc, CultureInfo.InvariantCulture);
        var time = new DateTimeOffset(exact.UtcTicks - (exact.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
        var isExact = time == exact;
        return comparison switch
        {
            FilterOperator.Eq => isExact ? value => value == time : Predicates.Constant<DateTimeOffset>(false),
            FilterOperator.Ne => isExact ? value => value != time : Predicates.Constant<DateTimeOffset>(true),
            FilterOperator.Ge when isExact => value => value >= time,
            FilterOperator.Lt when isExact => value => value < time,
            FilterOperator.Gt or FilterOperator.Ge => value => value > time,
            FilterOperator.Lt or FilterOperator.Le => value => value <= time,
            _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
        };
    }

    private static Expression<Func<DateTimeOffset, bool>> TimeStartsWith(string prefix) => Predicates.And(
        TimeFrom(prefix),
        TextOrder.Successor(prefix) is { } behind ? Predicates.Not(TimeFrom(behind)) : Predicates.Constant<DateTimeOffset>(true));

    private static Expression<Func<DateTimeOffset, bool>> TimeFrom(string text) =>
        TextOrder.FirstTime(text) is { } first ? value => value >= first : Predicates.Constant<DateTimeOffset>(false);

    /// <summary>On a boolean.</summary>
    public static Expression<Func<bool?, bool>> Boolean(FilterOperator comparison, bool literal) =>
        comparison == FilterOperator.Eq ? value => value == literal : value => value != literal;

    /// <summary>400: the operator fits the type, but the attribute is computed and cannot be searched in this way.</summary>
    public static ScimException Unanswerable(BoundPath path, FilterOperator comparison) =>
        ScimErrors.InvalidFilter($"The operator \"{comparison.ToString().ToLowerInvariant()}\" is not supported for {path}.");
}
