using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Patching;

/// <summary>
/// Finds the elements that hold given values, by hash: an operation with thousands of values on an attribute with
/// thousands of elements stays cheap.
/// </summary>
internal sealed class ElementIndex
{
    private readonly Dictionary<(string Sub, string Value), List<JsonNode>> elements = [];
    private readonly SchemaAttribute attribute;

    public ElementIndex(SchemaAttribute attribute, JsonArray array)
    {
        this.attribute = attribute;
        foreach (var element in array.OfType<JsonNode>())
        {
            Add(element);
        }
    }

    /// <summary>Makes the element one that can be found.</summary>
    public void Add(JsonNode element)
    {
        foreach (var key in Keys(element))
        {
            (CollectionsMarshal.GetValueRefOrAddDefault(elements, key, out _) ??= []).Add(element);
        }
    }

    /// <summary>The elements that have each of the sub-attributes of <paramref name="given"/> with an equal value; <c>primary</c> does not count.</summary>
    public IEnumerable<JsonNode> FindAll(JsonNode given)
    {
        var keys = Keys(given);
        List<JsonNode>? fewest = null;
        foreach (var key in keys)
        {
            if (!elements.TryGetValue(key, out var candidates))
            {
                return [];
            }

            fewest = fewest is null || candidates.Count < fewest.Count ? candidates : fewest;
        }

        return fewest is null ? [] : fewest.Where(candidate => keys.TrueForAll(Keys(candidate).Contains));
    }

    private List<(string Sub, string Value)> Keys(JsonNode element)
    {
        if (element is not JsonObject complex)
        {
            return [("", Text(attribute, element))];
        }

        var keys = new List<(string, string)>(complex.Count);
        foreach (var (name, value) in complex)
        {
            if (attribute.FindSubAttribute(name) is { } sub && sub != attribute.PrimarySubAttribute && value is not null)
            {
                keys.Add((sub.Name, Text(sub, value)));
            }
        }

        // An element of nothing but primary equals its like.
        return keys.Count == 0 ? [("", "")] : keys;
    }

    /// <summary>Values are equal as filters find them equal: by caseExact, and times as points in time.</summary>
    private static string Text(SchemaAttribute attribute, JsonNode value)
    {
        if (JsonText.AsString(value) is not { } text)
        {
            return value.ToJsonString();
        }

        return attribute.Type == AttributeType.DateTime && Folding.TryDateTime(text, out var time) ? time : Folding.Fold(attribute, text);
    }
}
