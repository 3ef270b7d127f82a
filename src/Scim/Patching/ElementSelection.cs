using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Filters;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Patching;

/// <summary>Which elements of a multi-valued attribute a value path selects.</summary>
internal sealed class ElementSelection
{
    private readonly SchemaAttribute? attribute;

    private ElementSelection(SchemaAttribute? attribute, BoundFilter? filter, JsonObject? template, IReadOnlyList<string>? values)
    {
        this.attribute = attribute;
        Filter = filter;
        Template = template;
        Values = values;
    }

    /// <summary>Every element.</summary>
    public static ElementSelection All => new(null, null, [], null);

    /// <summary>The filter between the brackets; null selects every element.</summary>
    public BoundFilter? Filter { get; }

    /// <summary>
    /// The element that the filter describes when it is made of <c>eq</c> terms joined by <c>and</c>; null when it is not.
    /// Entra ID expects it to be created where it is missing (ENTRA-23, ENTRA-24, ENTRA-26).
    /// </summary>
    public JsonObject? Template { get; }

    /// <summary>The values, when the filter only lists them: <c>value eq "a" or value eq "b"</c>; else null.</summary>
    public IReadOnlyList<string>? Values { get; }

    /// <summary>Reads and checks the filter against the attribute.</summary>
    public static ElementSelection Of(SchemaAttribute attribute, Filter filter)
    {
        var bound = filter.Bind(attribute);
        var template = new JsonObject();
        var values = new List<string>();
        return new ElementSelection(
            attribute,
            bound,
            Describe(attribute, filter, template) ? template : null,
            List(attribute, filter, values) ? values : null);
    }

    /// <summary>The refusal when nothing is selected (RFC 7644 §3.5.2.3).</summary>
    public static ScimException Nothing(SchemaAttribute attribute) => ScimErrors.NoTarget($"{attribute} has no value that the filter of the path selects.");

    /// <summary>True when the element is selected.</summary>
    public bool Matches(JsonNode element) => Filter is null || FilterEvaluator.MatchesElement(Filter, attribute!, element);

    private static bool Describe(SchemaAttribute attribute, Filter filter, JsonObject template) => filter switch
    {
        Filter.And and => Describe(attribute, and.Left, template) && Describe(attribute, and.Right, template),
        Filter.Comparison { Operator: FilterOperator.Eq } term => DescribeTerm(attribute, term, template),
        _ => false,
    };

    private static bool DescribeTerm(SchemaAttribute attribute, Filter.Comparison term, JsonObject template)
    {
        if (attribute.FindSubAttribute(term.Path) is not { Mutability: not Mutability.ReadOnly } sub
            || ValueReader.ReadElement(sub, ToJson(sub, term.Value)) is not { } value)
        {
            return false;
        }

        if (sub.MultiValued)
        {
            // Each term can be met by another of its values.
            template[sub.Name] = SubAttributes.After(PatchOperationKind.Add, sub, template[sub.Name], new JsonArray(value));
            return true;
        }

        return template.TryAdd(sub.Name, value) || JsonNode.DeepEquals(template[sub.Name], value);
    }

    /// <summary>Entra ID writes the literal of a boolean as a string: <c>primary eq "True"</c> (ENTRA-27).</summary>
    private static JsonValue? ToJson(SchemaAttribute sub, FilterLiteral literal) => literal switch
    {
        FilterLiteral.String text when sub.Type == AttributeType.Boolean && bool.TryParse(text.Value, out var flag) => JsonValue.Create(flag),
        FilterLiteral.String text => JsonValue.Create(text.Value),
        FilterLiteral.Boolean flag => JsonValue.Create(flag.Value),
        FilterLiteral.Number number when sub.Type == AttributeType.Integer => Whole(number.Value),
        FilterLiteral.Number number => JsonValue.Create(number.Value),
        _ => null,
    };

    /// <summary>No integer is equal to a number with a fraction or beyond 64 bits, so no element can be made of it.</summary>
    private static JsonValue? Whole(decimal number) =>
        number == decimal.Truncate(number) && number is >= long.MinValue and <= long.MaxValue ? JsonValue.Create((long)number) : null;

    private static bool List(SchemaAttribute attribute, Filter filter, List<string> values)
    {
        switch (filter)
        {
            case Filter.Or or:
                return List(attribute, or.Left, values) && List(attribute, or.Right, values);
            case Filter.Comparison { Operator: FilterOperator.Eq, Value: FilterLiteral.String text } term
                when attribute.DefaultSubAttribute is { } value && attribute.FindSubAttribute(term.Path) == value:
                values.Add(text.Value);
                return true;
            default:
                return false;
        }
    }
}
