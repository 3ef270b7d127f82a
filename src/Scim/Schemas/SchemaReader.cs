using System.Text;
using System.Text.Json;

namespace Scim.Schemas;

/// <summary>Reads schema definitions in the JSON form of RFC 7643 §7.</summary>
internal static class SchemaReader
{
    /// <summary>Reads one schema; throws <see cref="FormatException"/> naming what is wrong.</summary>
    public static Schema Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new Schema
        {
            Id = Text(root, "id"),
            Name = Text(root, "name"),
            Description = OptionalText(root, "description"),
            Attributes = ReadAttributes(root, "attributes", parent: null),
            Json = Encoding.UTF8.GetBytes(JsonSerializerText(root)),
        };
    }

    private static List<SchemaAttribute> ReadAttributes(JsonElement owner, string property, SchemaAttribute? parent)
    {
        var attributes = new List<SchemaAttribute>();
        if (owner.TryGetProperty(property, out var array))
        {
            foreach (var element in array.EnumerateArray())
            {
                attributes.Add(ReadAttribute(element, parent));
            }
        }

        return attributes;
    }

    private static SchemaAttribute ReadAttribute(JsonElement element, SchemaAttribute? parent)
    {
        var name = Text(element, "name");
        var attribute = new SchemaAttribute
        {
            Name = name,
            Type = Word<AttributeType>(element, "type", AttributeType.String),
            MultiValued = Flag(element, "multiValued"),
            Description = OptionalText(element, "description"),
            Required = Flag(element, "required"),
            CanonicalValues = Texts(element, "canonicalValues"),
            CaseExact = Flag(element, "caseExact"),
            Mutability = Word(element, "mutability", Mutability.ReadWrite),
            Returned = Word(element, "returned", Returned.Default),
            Uniqueness = Word(element, "uniqueness", Uniqueness.None),
            ReferenceTypes = Texts(element, "referenceTypes"),
            SubAttributes = ReadAttributes(element, "subAttributes", parent: null),
        };
        attribute.Parent = parent;
        foreach (var sub in attribute.SubAttributes)
        {
            sub.Parent = attribute;
        }

        return attribute;
    }

    private static TWord Word<TWord>(JsonElement element, string property, TWord whenAbsent)
        where TWord : struct, Enum
    {
        if (!element.TryGetProperty(property, out var value))
        {
            return whenAbsent;
        }

        return Enum.TryParse<TWord>(value.GetString(), ignoreCase: true, out var word) && Enum.IsDefined(word)
            ? word
            : throw new FormatException($"\"{value}\" is not a {property}.");
    }

    private static string Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.GetString() is { Length: > 0 } text
            ? text
            : throw new FormatException($"\"{property}\" is missing.");

    private static string OptionalText(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) ? value.GetString() ?? "" : "";

    private static bool Flag(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.GetBoolean();

    private static string[] Texts(JsonElement element, string property) =>
        element.TryGetProperty(property, out var array)
            ? [.. array.EnumerateArray().Select(item => item.GetString() ?? "")]
            : [];

    private static string JsonSerializerText(JsonElement root)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            root.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
