using System.Linq.Expressions;

namespace Scim.EntityFrameworkCore.Filters;

/// <summary>Builds predicates out of lambdas. Captured variables stay captured, so that EF Core makes parameters of them.</summary>
internal static class Predicates
{
    /// <summary>A predicate that does not look at the row.</summary>
    public static Expression<Func<TRow, bool>> Constant<TRow>(bool value) =>
        Expression.Lambda<Func<TRow, bool>>(Expression.Constant(value), Expression.Parameter(typeof(TRow), "row"));

    /// <summary>Both, or the one that decides when the other is a constant.</summary>
    public static Expression<Func<TRow, bool>> And<TRow>(Expression<Func<TRow, bool>> left, Expression<Func<TRow, bool>> right) =>
        (Fixed(left), Fixed(right)) switch
        {
            (true, _) or (_, false) => right,
            (_, true) or (false, _) => left,
            _ => Combine(left, right, Expression.AndAlso),
        };

    /// <summary>One of both, or the one that decides when the other is a constant.</summary>
    public static Expression<Func<TRow, bool>> Or<TRow>(Expression<Func<TRow, bool>> left, Expression<Func<TRow, bool>> right) =>
        (Fixed(left), Fixed(right)) switch
        {
            (false, _) or (_, true) => right,
            (_, false) or (true, _) => left,
            _ => Combine(left, right, Expression.OrElse),
        };

    /// <summary>The opposite.</summary>
    public static Expression<Func<TRow, bool>> Not<TRow>(Expression<Func<TRow, bool>> inner) =>
        Fixed(inner) is { } value ? Constant<TRow>(!value) : Expression.Lambda<Func<TRow, bool>>(Expression.Not(inner.Body), inner.Parameters);

    /// <summary>A predicate on a value, asked of a column.</summary>
    public static Expression<Func<TRow, bool>> On<TRow, TValue>(Expression<Func<TRow, TValue>> column, Expression<Func<TValue, bool>> predicate) =>
        Fixed(predicate) is { } value
            ? Constant<TRow>(value)
            : Expression.Lambda<Func<TRow, bool>>(Substitute(predicate, column.Body), column.Parameters);

    /// <summary>
    /// Joins many as a tree that is as deep as the logarithm of their number: EF Core and SQLite work through expressions recursively.
    /// </summary>
    public static Expression<Func<TRow, bool>> Balanced<TRow>(
        IReadOnlyList<Expression<Func<TRow, bool>>> operands,
        Func<Expression<Func<TRow, bool>>, Expression<Func<TRow, bool>>, Expression<Func<TRow, bool>>> join)
    {
        var level = operands.ToList();
        while (level.Count > 1)
        {
            level = [.. level.Chunk(2).Select(pair => pair.Length == 2 ? join(pair[0], pair[1]) : pair[0])];
        }

        return level[0];
    }

    /// <summary>The body with its parameter replaced.</summary>
    public static Expression Substitute(LambdaExpression lambda, Expression argument) =>
        new ParameterReplacer(lambda.Parameters[0], argument).Visit(lambda.Body);

    private static bool? Fixed(LambdaExpression predicate) => predicate.Body is ConstantExpression { Value: bool value } ? value : null;

    private static Expression<Func<TRow, bool>> Combine<TRow>(
        Expression<Func<TRow, bool>> left, Expression<Func<TRow, bool>> right, Func<Expression, Expression, BinaryExpression> join) =>
        Expression.Lambda<Func<TRow, bool>>(join(left.Body, Substitute(right, left.Parameters[0])), left.Parameters);

    private sealed class ParameterReplacer(ParameterExpression parameter, Expression argument) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == parameter ? argument : base.VisitParameter(node);
    }
}
