using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Patching;

/// <summary>Changes of the sub-attributes of one complex value.</summary>
internal static class SubAttributes
{
    /// <summary>Sets a sub-attribute; null unassigns it.</summary>
    public static void Set(JsonObject complex, SchemaAttribute sub, JsonNode? value)
    {
        if (IsKept(sub, complex[sub.Name], value))
        {
            return;
        }

        if (value is null)
        {
            complex.Remove(sub.Name);
        }
        else if (sub.Returned != Returned.Never)
        {
            complex[sub.Name] = value;
        }
    }

    /// <summary>Sets one sub-attribute of a single complex value; null unassigns it.</summary>
    public static void Change(JsonObject complex, SchemaAttribute attribute, SchemaAttribute sub, JsonNode? value)
    {
        var before = ReferencedValue(complex, attribute);
        Set(complex, sub, value);
        DropStale(complex, attribute, before, [sub.Name]);
    }

    /// <summary>Sets the named sub-attributes and leaves the others (RFC 7644 §3.5.2.3).</summary>
    public static void Merge(JsonObject complex, SchemaAttribute attribute, JsonObject values)
    {
        var before = ReferencedValue(complex, attribute);
        var given = new List<string>();
        foreach (var (name, value) in values)
        {
            if (attribute.FindSubAttribute(name) is { } sub && attribute.Takes(sub))
            {
                Set(complex, sub, ValueReader.Read(sub, value));
                given.Add(sub.Name);
            }
        }

        DropStale(complex, attribute, before, given);
    }

    /// <summary>An immutable value stays what it is once it is set (RFC 7643 §7); what it is set to must match.</summary>
    /// <returns>True for a value that stays.</returns>
    /// <exception cref="ScimException">400 mutability.</exception>
    public static bool IsKept(SchemaAttribute sub, JsonNode? before, JsonNode? after)
    {
        if (sub.Mutability != Mutability.Immutable || before is null)
        {
            return false;
        }

        return ValueComparer.Same(sub, before, after) ? true
            : throw ScimErrors.Mutability($"{sub} is immutable: it cannot be changed once it is set.");
    }

    /// <summary>
    /// True when an element says nothing any more after a sub-attribute was removed: its <c>value</c> went, or the <c>type</c> that the
    /// filter selects it by and flags are all that is left. What else is left stays (RFC 7644 §3.5.2.2 unassigns no more than it was told).
    /// What lacks a required sub-attribute does not go, but is refused.
    /// </summary>
    public static bool IsHollow(JsonObject element, SchemaAttribute attribute, SchemaAttribute removed, JsonObject? template) =>
        !removed.Required
        && (removed == attribute.DefaultSubAttribute
            || element.All(member => attribute.FindSubAttribute(member.Key) is { Required: false } left && left != attribute.DefaultSubAttribute
                && (left.Type == AttributeType.Boolean || (left == attribute.TypeSubAttribute && template?.ContainsKey(left.Name) == true))));

    private static JsonNode? ReferencedValue(JsonObject complex, SchemaAttribute attribute) =>
        attribute.IsResourceReference ? complex[attribute.DefaultSubAttribute!.Name]?.DeepClone() : null;

    /// <summary>When a reference names another resource than before, what described the old one goes with it.</summary>
    private static void DropStale(JsonObject complex, SchemaAttribute attribute, JsonNode? before, List<string> given)
    {
        if (before is null || JsonNode.DeepEquals(before, complex[attribute.DefaultSubAttribute!.Name]))
        {
            return;
        }

        foreach (var sub in attribute.SubAttributes.Where(sub => !given.Contains(sub.Name)))
        {
            complex.Remove(sub.Name);
        }
    }
}
