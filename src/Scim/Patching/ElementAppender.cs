using System.Text.Json.Nodes;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Patching;

/// <summary>Appends values to a multi-valued attribute (RFC 7644 §3.5.2.1).</summary>
internal static class ElementAppender
{
    /// <summary>What an add brings: "a new value is added", so one value may stand without an array. Null for nothing.</summary>
    public static JsonArray? Read(SchemaAttribute attribute, JsonNode? value, ICollection<string>? ignored = null) =>
        value is null or JsonArray ? ValueReader.Read(attribute, value, ignored) as JsonArray
        : ValueReader.ReadElement(attribute, value, ignored) is { } element ? [element]
        : null;

    /// <summary>
    /// Appends what is not there yet. "If the target location already contains the value specified, no changes SHOULD be
    /// made": a value is there when an element has every sub-attribute that was given. <c>primary</c> does not tell
    /// values apart; it is carried over. What has <c>value</c> and <c>type</c> of an element that is there tells more of it:
    /// the same pair SHOULD NOT be there twice (RFC 7643 §2.4).
    /// </summary>
    public static void Append(SchemaAttribute attribute, JsonArray array, JsonArray given)
    {
        var index = new ElementIndex(attribute, array);
        var primary = new HashSet<JsonObject>(ReferenceEqualityComparer.Instance);
        JsonNode[] elements = [.. given.OfType<JsonNode>()];
        given.Clear();
        foreach (var element in elements)
        {
            var place = index.FindPlace(element);
            if (place is null)
            {
                array.Add(element);
                index.Add(element);
                place = element;
            }
            else if (place is JsonObject existing && element is JsonObject more)
            {
                index.Extend(existing, more);
                Complete(attribute, existing, more);
            }

            if (place is JsonObject complex && element is JsonObject source && IsPrimary(attribute, source))
            {
                primary.Add(complex);
            }
        }

        // Two primary values in one operation stay two, and are refused when the document is validated.
        if (primary.Count == 1)
        {
            KeepOnePrimary(attribute, array, primary.Single());
        }
    }

    /// <summary>When the element is primary, no other one stays it (RFC 7644 §3.5.2).</summary>
    public static void KeepOnePrimary(SchemaAttribute attribute, JsonArray array, JsonObject element)
    {
        if (!IsPrimary(attribute, element))
        {
            return;
        }

        foreach (var other in array.OfType<JsonObject>())
        {
            if (other != element && IsPrimary(attribute, other))
            {
                other[attribute.PrimarySubAttribute!.Name] = false;
            }
        }
    }

    private static bool IsPrimary(SchemaAttribute attribute, JsonObject element) =>
        attribute.PrimarySubAttribute is { } primary && element[primary.Name] is { } flag && flag.GetValue<bool>();

    /// <summary>Sets what was given and differs; what was not given stays.</summary>
    private static void Complete(SchemaAttribute attribute, JsonObject existing, JsonObject given)
    {
        foreach (var (name, value) in given)
        {
            var sub = attribute.FindSubAttribute(name)!;
            var differs = sub == attribute.PrimarySubAttribute
                ? IsPrimary(attribute, existing) != IsPrimary(attribute, given)
                : !ValueComparer.Same(sub, existing[sub.Name], value);
            if (differs)
            {
                SubAttributes.Set(existing, sub, SubAttributes.After(PatchOperationKind.Add, sub, existing[sub.Name], value));
            }
        }
    }
}
