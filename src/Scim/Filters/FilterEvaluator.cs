using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Scim.Json;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Filters;

/// <summary>
/// Decides whether a document meets a filter. SQLite and PATCH use it; PostgreSQL answers the same by jsonpath. It sees what
/// documents hold: key columns (id, meta) and memberships are for the database.
/// </summary>
public static class FilterEvaluator
{
    /// <summary>True when the document, canonical or folded, meets the filter.</summary>
    public static bool Matches(BoundFilter filter, JsonObject document) => filter switch
    {
        BoundFilter.And and => Matches(and.Left, document) && Matches(and.Right, document),
        BoundFilter.Or or => Matches(or.Left, document) || Matches(or.Right, document),
        BoundFilter.Not not => !Matches(not.Inner, document),
        BoundFilter.Present present => Values(present.Path, document).Any(),
        BoundFilter.Comparison comparison => Compare(comparison, document),
        BoundFilter.Elements elements => Values(elements.Path, document).Any(element => MatchesElement(elements.Inner, elements.Path.Attribute, element)),
        BoundFilter.HasExtension has => IsAssigned(document[has.Extension.Id]),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>True when one element of an attribute meets the filter of a value path. One that has no sub-attributes is looked for under the name of the attribute.</summary>
    public static bool MatchesElement(BoundFilter inner, SchemaAttribute attribute, JsonNode element) => attribute.Type == AttributeType.Complex
        ? element is JsonObject complex && Matches(inner, complex)
        : Matches(inner, new JsonObject { [attribute.Name] = element.DeepClone() });

    private static bool Compare(BoundFilter.Comparison comparison, JsonObject document)
    {
        var absent = true;
        foreach (var value in Values(comparison.Path, document))
        {
            absent = false;
            if (value is JsonValue single && Compare(comparison, single))
            {
                return true;
            }
        }

        return absent && comparison.Operator == FilterOperator.Ne;
    }

    /// <summary>A stored value of another type than the schema's is met by no comparison.</summary>
    private static bool Compare(BoundFilter.Comparison comparison, JsonValue value) => comparison.Value switch
    {
        BoundLiteral.String literal =>
            Text(comparison.Path.Target, value) is { } text && CompareText(text, comparison.Operator, literal.Value),
        BoundLiteral.DateTime literal =>
            Text(comparison.Path.Target, value) is { } text && comparison.Operator.Holds(string.CompareOrdinal(text, literal.FixedWidthUtc)),
        BoundLiteral.Number literal =>
            Number(value) is { } number && comparison.Operator.Holds(number.CompareTo(literal.Value)),
        BoundLiteral.Boolean literal =>
            Boolean(value) is { } boolean && comparison.Operator.Holds(boolean.CompareTo(literal.Value)),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>How a folded text compares with a folded literal.</summary>
    public static bool CompareText(string text, FilterOperator comparison, string literal) => comparison switch
    {
        FilterOperator.Co => text.Contains(literal, StringComparison.Ordinal),
        FilterOperator.Sw => text.StartsWith(literal, StringComparison.Ordinal),
        FilterOperator.Ew => text.EndsWith(literal, StringComparison.Ordinal),
        _ => comparison.Holds(Folding.Compare(text, literal)),
    };

    private static string? Text(SchemaAttribute attribute, JsonValue value)
    {
        if (JsonText.AsString(value) is not { } text)
        {
            return null;
        }

        if (attribute.Type != AttributeType.DateTime)
        {
            return Folding.Fold(attribute, text);
        }

        return Folding.TryDateTime(text, out var fixedWidth) ? fixedWidth : null;
    }

    /// <summary>By its text: a JsonValue made from a long does not offer itself as decimal.</summary>
    private static decimal? Number(JsonValue value) =>
        value.GetValueKind() == JsonValueKind.Number
        && decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static bool? Boolean(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>All assigned values at the path; arrays on the way are entered.</summary>
    private static IEnumerable<JsonNode> Values(BoundPath path, JsonObject document)
    {
        var root = path.Extension is null ? document : document[path.Extension.Id] as JsonObject;
        var values = Flatten(root?[path.Attribute.Name]);
        return path.SubAttribute is { } sub
            ? values.OfType<JsonObject>().SelectMany(element => Flatten(element[sub.Name]))
            : values;
    }

    private static IEnumerable<JsonNode> Flatten(JsonNode? node) => node switch
    {
        JsonArray array => array.Where(IsAssigned).Select(item => item!),
        _ when IsAssigned(node) => [node!],
        _ => [],
    };

    /// <summary>Null and empty are unassigned (RFC 7643 §2.5). Stored documents hold neither; a document in the making may.</summary>
    private static bool IsAssigned(JsonNode? node) => node switch
    {
        null => false,
        JsonArray array => array.Count > 0,
        JsonObject complex => complex.Count > 0,
        _ => JsonText.AsString(node) is not { Length: 0 },
    };
}
