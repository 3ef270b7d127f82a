using Scim.Errors;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Filters;

/// <summary>Checks operator and value of a comparison against the attribute's type and converts the value to it.</summary>
internal static class LiteralBinder
{
    public static BoundLiteral Bind(BoundPath path, FilterOperator comparison, FilterLiteral literal)
    {
        RequireFit(path, comparison);
        return (path.Target.Type, literal) switch
        {
            (AttributeType.String or AttributeType.Reference or AttributeType.Binary, FilterLiteral.String text) =>
                new BoundLiteral.String(Folding.Fold(path.Target, text.Value)),
            (AttributeType.Boolean, FilterLiteral.Boolean boolean) => new BoundLiteral.Boolean(boolean.Value),

            // ENTRA-27: roles[primary eq "True"].
            (AttributeType.Boolean, FilterLiteral.String text) when bool.TryParse(text.Value, out var value) => new BoundLiteral.Boolean(value),
            (AttributeType.Integer or AttributeType.Decimal, FilterLiteral.Number number) => new BoundLiteral.Number(number.Value),
            (AttributeType.DateTime, FilterLiteral.String text) => BindDateTime(path, comparison, text.Value),
            _ => throw Mismatch(path, literal),
        };
    }

    /// <summary>RFC 7644 §3.4.2.2, Table 3: booleans and binary data have no order; text operators need text.</summary>
    private static void RequireFit(BoundPath path, FilterOperator comparison)
    {
        var fits = path.Target.Type switch
        {
            AttributeType.Boolean or AttributeType.Binary => comparison is FilterOperator.Eq or FilterOperator.Ne,
            AttributeType.Integer or AttributeType.Decimal => !comparison.IsTextual(),
            _ => true,
        };
        if (!fits)
        {
            throw ScimErrors.InvalidFilter(
                $"The operator \"{comparison.Word()}\" cannot be used with {path}, which is of the type {Word(path.Target.Type)}.");
        }
    }

    /// <summary>A part of a dateTime is no dateTime: co, sw and ew compare the stored text instead.</summary>
    private static BoundLiteral BindDateTime(BoundPath path, FilterOperator comparison, string text)
    {
        if (comparison.IsTextual())
        {
            return new BoundLiteral.String(text);
        }

        return Folding.TryDateTime(text, out var fixedWidth)
            ? new BoundLiteral.DateTime(fixedWidth)
            : throw ScimErrors.InvalidFilter(
                $"{path} is compared with \"{ScimErrors.Shorten(text)}\", which is no dateTime such as \"2008-01-23T04:56:22Z\".");
    }

    private static ScimException Mismatch(BoundPath path, FilterLiteral literal) => ScimErrors.InvalidFilter(
        $"{path} is of the type {Word(path.Target.Type)} and cannot be compared with {ScimErrors.Shorten(literal.ToString())}.");

#pragma warning disable CA1308 // The wire words of types are in lower camel case; dateTime is the only one of two words.
    private static string Word(AttributeType type) =>
        type == AttributeType.DateTime ? "dateTime" : type.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}
