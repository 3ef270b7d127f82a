using System.Text.Json.Nodes;
using Scim.Schemas;

namespace Scim.Patching;

/// <summary>Appends values to a multi-valued attribute (RFC 7644 §3.5.2.1).</summary>
internal static class ElementAppender
{
    /// <summary>
    /// Appends what is not there yet. "If the target location already contains the value specified, no changes SHOULD be
    /// made": a value is there when an element has every sub-attribute that was given. <c>primary</c> does not tell
    /// values apart; it is carried over.
    /// </summary>
    public static void Append(SchemaAttribute attribute, JsonArray array, JsonArray given)
    {
        var index = new ElementIndex(attribute, array);
        var primary = new HashSet<JsonObject>(ReferenceEqualityComparer.Instance);
        JsonNode[] elements = [.. given.OfType<JsonNode>()];
        given.Clear();
        foreach (var element in elements)
        {
            var place = index.FindAll(element).FirstOrDefault();
            if (place is null)
            {
                array.Add(element);
                index.Add(element);
                place = element;
            }
            else
            {
                CarryPrimary(attribute, (place as JsonObject), element as JsonObject);
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

    private static void CarryPrimary(SchemaAttribute attribute, JsonObject? existing, JsonObject? given)
    {
        if (existing is not null && attribute.PrimarySubAttribute is { } primary && given?[primary.Name] is { } flag
            && IsPrimary(attribute, existing) != flag.GetValue<bool>())
        {
            existing[primary.Name] = flag.DeepClone();
        }
    }
}
