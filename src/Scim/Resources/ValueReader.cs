using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Json;
using Scim.Schemas;

namespace Scim.Resources;

/// <summary>
/// Turns a client's JSON value into the canonical one by the attribute's characteristics. Strict: what identity providers
/// send in other forms has been rewritten by the dialect rules before.
/// </summary>
public static class ValueReader
{
    /// <summary>Reads the value of a whole attribute: an array when it is multi-valued, which holds what is the same once (RFC 7643 §2.4).</summary>
    /// <param name="attribute">The attribute or sub-attribute.</param>
    /// <param name="value">What the client sent.</param>
    /// <param name="ignored">Receives the paths of unknown and readOnly sub-attributes, which are passed over.</param>
    /// <returns>The canonical value, or null when the attribute is unassigned (null, "", [], {}; RFC 7643 §2.5).</returns>
    /// <exception cref="ScimException">400 invalidValue, naming the attribute.</exception>
    public static JsonNode? Read(SchemaAttribute attribute, JsonNode? value, ICollection<string>? ignored = null)
    {
        if (value is null || !attribute.MultiValued)
        {
            return ReadElement(attribute, value, ignored);
        }

        if (value is not JsonArray array)
        {
            throw Mismatch(attribute, "an array", value);
        }

        var elements = new JsonArray();
        foreach (var item in array)
        {
            if (ReadElement(attribute, item, ignored) is { } element)
            {
                elements.Add(element);
            }
        }

        ValueComparer.KeepOnce(attribute, elements);
        return elements.Count == 0 ? null : elements;
    }

    /// <summary>Reads one element of a multi-valued attribute, or the value of a single-valued one.</summary>
    /// <inheritdoc cref="Read"/>
    public static JsonNode? ReadElement(SchemaAttribute attribute, JsonNode? value, ICollection<string>? ignored = null)
    {
        if (value is null || value.GetValueKind() == JsonValueKind.Null)
        {
            return null;
        }

        return attribute.Type switch
        {
            AttributeType.Complex => ReadComplex(attribute, value, ignored),
            AttributeType.Boolean => ReadBoolean(attribute, value),
            AttributeType.Integer or AttributeType.Decimal => ReadNumber(attribute, value),
            _ => ReadText(attribute, value),
        };
    }

    private static JsonObject? ReadComplex(SchemaAttribute attribute, JsonNode value, ICollection<string>? ignored)
    {
        if (value is not JsonObject source)
        {
            throw Mismatch(attribute, "an object", value);
        }

        var result = new JsonObject();
        foreach (var (name, item) in source)
        {
            if (attribute.FindSubAttribute(name) is not { } sub || !attribute.Takes(sub))
            {
                ignored?.Add($"{attribute}.{name}");
                continue;
            }

            if (result.ContainsKey(sub.Name))
            {
                throw ScimErrors.InvalidValue($"{sub} is given twice, in different spellings.");
            }

            if (Read(sub, item, ignored) is { } read)
            {
                result.Add(sub.Name, read);
            }
        }

        return result.Count == 0 ? null : result;
    }

    private static JsonValue ReadBoolean(SchemaAttribute attribute, JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True => JsonValue.Create(true),
        JsonValueKind.False => JsonValue.Create(false),
        _ => throw Mismatch(attribute, "true or false", value),
    };

    private static JsonValue ReadNumber(SchemaAttribute attribute, JsonNode value)
    {
        if (value.GetValueKind() != JsonValueKind.Number || value is not JsonValue number)
        {
            throw Mismatch(attribute, "a number", value);
        }

        if (attribute.Type == AttributeType.Integer)
        {
            return number.TryGetValue<long>(out var whole)
                ? JsonValue.Create(whole)
                : throw ScimErrors.InvalidValue($"{attribute} must be a whole number of at most 64 bits.");
        }

        return ExactDecimal.TryParse(number.ToJsonString(), out var fraction)
            ? JsonValue.Create(fraction)
            : throw ScimErrors.InvalidValue($"{attribute} must be a number of at most 28 digits, zeros behind the point included.");
    }

    private static JsonValue? ReadText(SchemaAttribute attribute, JsonNode value)
    {
        if (JsonText.AsString(value) is not { } text)
        {
            throw Mismatch(attribute, "a string", value);
        }

        if (text.Length == 0)
        {
            return null;
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw ScimErrors.InvalidValue($"{attribute} contains the character U+0000, which cannot be stored.");
        }

        if (attribute.Type == AttributeType.DateTime)
        {
            text = DateTimeText.Read(text)
                ?? throw ScimErrors.InvalidValue($"{attribute} must be a dateTime such as 2008-01-23T04:56:22Z (RFC 7643 §2.3.5).");
        }

        if (attribute.Type == AttributeType.Binary && !IsBase64(text))
        {
            throw ScimErrors.InvalidValue($"{attribute} must be base64 text (RFC 7643 §2.3.6).");
        }

        return JsonValue.Create(text);
    }

    /// <summary>Either alphabet of RFC 4648, as RFC 7643 §2.3.6 allows.</summary>
    private static bool IsBase64(string text) => Base64.IsValid(text) || Base64Url.IsValid(text);

    private static ScimException Mismatch(SchemaAttribute attribute, string expected, JsonNode? seen) =>
        ScimErrors.InvalidValue($"{attribute} must be {expected}, not {JsonText.Describe(seen)}.");
}
