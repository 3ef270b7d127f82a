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
    private readonly Dictionary<(string? Type, string Value), JsonObject> labelled = [];
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
            Add(key, element);
        }

        if (Label(element) is { } label)
        {
            labelled.TryAdd(label, (JsonObject)element);
        }
    }

    /// <summary>Makes the element one that can be found by what it is about to be given as well.</summary>
    public void Extend(JsonObject element, JsonObject given)
    {
        foreach (var key in Keys(given).Except(Keys(element)))
        {
            Add(key, element);
        }
    }

    /// <summary>
    /// The element that a value to be added stands for; null when it is a new one. It is the one of the same <c>value</c> and
    /// <c>type</c>, which no two SHOULD have (RFC 7643 §2.4), or one that has all that was given.
    /// </summary>
    public JsonNode? FindPlace(JsonNode given)
    {
        var same = Label(given) is { } label ? labelled.GetValueOrDefault(label) : null;
        return same is not null && Keys(given).TrueForAll(Keys(same).Contains) ? same : FindAll(given).FirstOrDefault() ?? same;
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

    private void Add((string Sub, string Value) key, JsonNode element) =>
        (CollectionsMarshal.GetValueRefOrAddDefault(elements, key, out _) ??= []).Add(element);

    /// <summary>What tells values apart; null for an element without <c>value</c>, such as an address.</summary>
    private (string? Type, string Value)? Label(JsonNode element)
    {
        if (attribute.DefaultSubAttribute is not { } sub || element is not JsonObject complex || complex[sub.Name] is not { } value)
        {
            return null;
        }

        var type = attribute.TypeSubAttribute is { } label && complex[label.Name] is { } text ? ValueComparer.Text(label, text) : null;
        return (type, ValueComparer.Text(sub, value));
    }

    private List<(string Sub, string Value)> Keys(JsonNode element)
    {
        if (element is not JsonObject complex)
        {
            return [("", ValueComparer.Text(attribute, element))];
        }

        var keys = new List<(string, string)>(complex.Count);
        foreach (var (name, value) in complex)
        {
            if (attribute.FindSubAttribute(name) is { } sub && sub != attribute.PrimarySubAttribute && value is not null)
            {
                keys.Add((sub.Name, ValueComparer.Text(sub, value)));
            }
        }

        // An element of nothing but primary equals its like.
        return keys.Count == 0 ? [("", "")] : keys;
    }
}
