using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using Scim.Filters;
using Scim.Schemas;

namespace Scim.Tests.Filters;

/// <summary>Random filters and documents of a resource type that has an attribute of every kind. Shared with the tests against databases.</summary>
internal static class FilterGenerators
{
    private static readonly ResourceType User = SchemaRegistry.Create(new SchemaOptions()).FindResourceType("User")!;

    /// <summary>Short texts over few pieces, so that values and literals meet often; the pieces are those that break things.</summary>
    public static Gen<string> Text { get; } = Gen.OneOf(
        "a", "A", "b", "é", "É", "e\u0301", "ß", "ſ", "s", "S", "İ", "ı", "i", "I", "Σ", "ς", "ﬁ", "🙂", "\uffff", "～", "\ud7ff", "\ue000", "\u2028", "\u0001",
        "\"", "\\", "'", "%", "_", "*", "?", ".", "^", "$", "|", "(", ")", "[", "]", "{", "}", "#", "-", "\n", "\t", " ", "0", "1", "/", "@", "\\u0041", "\\d", "--")
        .Array[0, 3].Select(string.Concat);

    /// <summary>A type with every kind of attribute.</summary>
    public static ResourceType Device { get; } = new()
    {
        Name = "Device",
        Endpoint = "/Devices",
        Schema = Schema("urn:test:Device", Attributes(
            One("part", AttributeType.Complex) with { Sub = Parts },
            One("parts", AttributeType.Complex) with { Many = true, Sub = Parts },
            One("tags", AttributeType.String) with { Many = true },
            One("numbers", AttributeType.Integer) with { Many = true })),
        Extensions = [new SchemaExtension(Schema("urn:test:Extra:2.0:Device", Attributes(One("owner", AttributeType.Complex) with { Sub = Parts })), Required: false)],
        CommonAttributes = User.CommonAttributes,
    };

    private static Part[] Parts =>
        [One("value", AttributeType.String), One("text", AttributeType.String), One("codes", AttributeType.String) with { Many = true }, One("on", AttributeType.Boolean), One("primary", AttributeType.Boolean), One("size", AttributeType.Decimal)];

    /// <summary>Documents as they are stored.</summary>
    public static Gen<JsonObject> Document(ResourceType type)
    {
        var core = ObjectOf(type.Schema.Attributes, 0.4);
        var extra = ObjectOf(type.Extensions[0].Schema.Attributes, 0.5);
        return Gen.Select(core, extra, (document, extension) =>
        {
            if (extension.Count > 0)
            {
                document[type.Extensions[0].Schema.Id] = extension;
            }

            return document;
        });
    }

    /// <summary>Filters that bind to the type.</summary>
    public static Gen<Filter> FilterOf(ResourceType type, int depth = 3)
    {
        var core = type.Schema.Attributes.Where(attribute => attribute.Returned != Returned.Never).Select(attribute => Term(attribute.Name, attribute, inElement: false));
        var extension = type.Extensions[0].Schema;
        var extended = extension.Attributes.Select(attribute => Term($"{extension.Id}:{attribute.Name}", attribute, inElement: false));
        return Tree(Gen.OneOf([.. core, .. extended, Gen.Const<Filter>(new Filter.Present(extension.Id))]), depth);
    }

    /// <summary>Terms joined by and, or and not.</summary>
    public static Gen<Filter> Tree(Gen<Filter> term, int depth)
    {
        if (depth == 0)
        {
            return term;
        }

        var inner = Tree(term, depth - 1);
        return Gen.Frequency(
            (3, term),
            (2, Gen.Select(inner, inner, (left, right) => (Filter)new Filter.And(left, right))),
            (2, Gen.Select(inner, inner, (left, right) => (Filter)new Filter.Or(left, right))),
            (2, inner.Select(filter => (Filter)new Filter.Not(filter))));
    }

    /// <summary>Terms about one attribute.</summary>
    public static Gen<Filter> Term(string path, SchemaAttribute attribute, bool inElement)
    {
        if (attribute.Type != AttributeType.Complex)
        {
            return attribute.MultiValued && !inElement ? Gen.OneOf(Simple(path, attribute), Values(path, attribute)) : Simple(path, attribute);
        }

        Gen<Filter>[] terms =
        [
            Gen.Const<Filter>(new Filter.Present(path)),
            .. attribute.SubAttributes.Select(sub => Term($"{path}.{sub.Name}", sub, inElement: true)),
            .. attribute.DefaultSubAttribute is { } value ? [Simple(path, value)] : Array.Empty<Gen<Filter>>(),
        ];
        var element = Tree(Gen.OneOf([.. attribute.SubAttributes.Select(sub => Simple(sub.Name, sub))]), 2);
        var rest = Gen.OneOf([Gen.Const((Filter?)null), .. attribute.SubAttributes.Select(sub => Simple(sub.Name, sub).Select(filter => (Filter?)filter))]);
        var valuePath = Gen.Select(element, rest, (inner, then) => (Filter)new Filter.ValuePath(path, inner, then));
        return inElement ? Gen.OneOf(terms) : Gen.Frequency((1, Gen.OneOf(terms)), (1, valuePath));
    }

    /// <summary>Values without sub-attributes by the name <c>value</c>.</summary>
    private static Gen<Filter> Values(string path, SchemaAttribute attribute) => Gen.OneOf(
        Simple($"{path}.value", attribute),
        Tree(Simple("value", attribute), 2).Select(inner => (Filter)new Filter.ValuePath(path, inner, null)));

    private static Gen<Filter> Simple(string path, SchemaAttribute attribute) => Gen.Frequency(
        (6, Gen.Select(Operator(attribute.Type), Literal(attribute.Type), (op, literal) => (Filter)new Filter.Comparison(path, op, literal))),
        (1, Gen.Const<Filter>(new Filter.Present(path))),
        (1, Gen.OneOf(FilterOperator.Eq, FilterOperator.Ne).Select(op => (Filter)new Filter.Comparison(path, op, new FilterLiteral.Null()))))
        .Select(filter => FixDateTime(filter, attribute.Type));

    private static Gen<FilterOperator> Operator(AttributeType type) => Gen.OneOf(
        [.. Enum.GetValues<FilterOperator>().Where(op => type switch
        {
            AttributeType.Boolean or AttributeType.Binary => op is FilterOperator.Eq or FilterOperator.Ne,
            AttributeType.Integer or AttributeType.Decimal => op is not (FilterOperator.Co or FilterOperator.Sw or FilterOperator.Ew),
            _ => true,
        })]);

    private static Gen<FilterLiteral> Literal(AttributeType type) => type switch
    {
        AttributeType.Boolean => Gen.Bool.Select(value => (FilterLiteral)new FilterLiteral.Boolean(value)),
        AttributeType.Integer => Gen.Int[-2, 2].Select(value => (FilterLiteral)new FilterLiteral.Number(value)),
        AttributeType.Decimal => Number.Select(value => (FilterLiteral)new FilterLiteral.Number(value)),
        AttributeType.DateTime => Time.Select(value => (FilterLiteral)new FilterLiteral.String(value)),
        AttributeType.Binary => Blob.Select(value => (FilterLiteral)new FilterLiteral.String(value)),
        _ => Text.Select(value => (FilterLiteral)new FilterLiteral.String(value)),
    };

    /// <summary>co, sw and ew ask for a part of a dateTime.</summary>
    private static Filter FixDateTime(Filter filter, AttributeType type) =>
        type == AttributeType.DateTime
        && filter is Filter.Comparison { Operator: FilterOperator.Co or FilterOperator.Sw or FilterOperator.Ew, Value: FilterLiteral.String text } comparison
            ? comparison with { Value = new FilterLiteral.String(comparison.Operator == FilterOperator.Sw ? text.Value[..7] : "00Z") }
            : filter;

    private static Gen<decimal> Number { get; } = Gen.OneOf(0m, -0.5m, 1m, 1.0m, 1.5m, -3m, 79228162514264337593543950335m, 0.0000000000000000000000000001m);

    private static Gen<string> Time { get; } = Gen.OneOf(
        "2020-01-01T00:00:00Z", "2020-01-01T00:00:00.000Z", "2020-01-01T02:00:00+02:00", "2020-01-01T00:00:00.0000001Z", "2020-01-01T00:00:00.5Z",
        "2020-02-29T23:59:59-05:00", "1999-12-31T23:59:59Z");

    private static Gen<string> Blob { get; } = Gen.OneOf("TUlJRA==", "tUlJRA==", "AA==");

    private static Gen<JsonObject> ObjectOf(ImmutableArray<SchemaAttribute> attributes, double density) =>
        attributes.Aggregate(Gen.Bool.Select(_ => new JsonObject()), (result, attribute) => Gen.Select(result, Gen.Double[0, 1], ValueOf(attribute), (owner, chance, value) =>
        {
            if (chance < density && value is not null && !owner.ContainsKey(attribute.Name))
            {
                owner[attribute.Name] = value.DeepClone();
            }

            return owner;
        }));

    private static Gen<JsonNode?> ValueOf(SchemaAttribute attribute) => attribute.MultiValued
        ? ElementOf(attribute).Array[0, 3].Select(items => items.OfType<JsonNode>().Any()
            ? (JsonNode?)new JsonArray([.. items.OfType<JsonNode>().Select(item => item.DeepClone())])
            : null)
        : ElementOf(attribute);

    private static Gen<JsonNode?> ElementOf(SchemaAttribute attribute) => attribute.Type switch
    {
        AttributeType.Complex => ObjectOf(attribute.SubAttributes, 0.6).Select(value => value.Count == 0 ? null : (JsonNode?)value),
        AttributeType.Boolean => Gen.Bool.Select(value => (JsonNode?)JsonValue.Create(value)),
        AttributeType.Integer => Gen.Long[-2, 2].Select(value => (JsonNode?)JsonValue.Create(value)),
        AttributeType.Decimal => Number.Select(value => (JsonNode?)JsonNode.Parse(value.ToString(CultureInfo.InvariantCulture))),
        AttributeType.DateTime => Time.Select(value => (JsonNode?)JsonValue.Create(value)),
        AttributeType.Binary => Blob.Select(value => (JsonNode?)JsonValue.Create(value)),
        _ => Text.Select(value => value.Length == 0 ? null : (JsonNode?)JsonValue.Create(value)),
    };

    private static Part One(string name, AttributeType type) => new(name, type, false, []);

    private static Schema Schema(string id, ImmutableArray<SchemaAttribute> attributes) => new() { Id = id, Name = "Device", Attributes = attributes };

    private static ImmutableArray<SchemaAttribute> Attributes(params Part[] more) =>
    [
        .. new[]
        {
            One("text", AttributeType.String), One("exact", AttributeType.String) with { CaseExact = true }, One("flag", AttributeType.Boolean), One("whole", AttributeType.Integer),
            One("fraction", AttributeType.Decimal), One("time", AttributeType.DateTime), One("link", AttributeType.Reference) with { CaseExact = true },
            One("blob", AttributeType.Binary) with { CaseExact = true },
        }.Concat(more).Select(Attribute),
    ];

    private static SchemaAttribute Attribute(Part part) => new()
    {
        Name = part.Name,
        Type = part.Type,
        MultiValued = part.Many,
        CaseExact = part.CaseExact,
        SubAttributes = [.. part.Sub.Select(Attribute)],
    };

    private sealed record Part(string Name, AttributeType Type, bool Many, Part[] Sub)
    {
        public bool CaseExact { get; init; }
    }
}
