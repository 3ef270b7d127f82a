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

    /// <summary>
    /// Reads what an operation gives a sub-attribute. Those of RFC 7643 are single-valued, but a schema of an operator may have others.
    /// </summary>
    public static JsonNode? Read(PatchOperationKind kind, SchemaAttribute sub, JsonNode? value) =>
        Appends(kind, sub) ? ElementAppender.Read(sub, value) : ValueReader.Read(sub, value);

    /// <summary>What becomes of a sub-attribute: an add appends to many values (RFC 7644 §3.5.2.1), anything else puts the value in their place.</summary>
    /// <param name="kind">The operation.</param>
    /// <param name="sub">The sub-attribute.</param>
    /// <param name="before">Its value.</param>
    /// <param name="read">What was given; see <see cref="Read"/>.</param>
    /// <returns>A value of its own; null unassigns.</returns>
    public static JsonNode? After(PatchOperationKind kind, SchemaAttribute sub, JsonNode? before, JsonNode? read)
    {
        if (!Appends(kind, sub) || before is null)
        {
            return read?.DeepClone();
        }

        var all = Values(before);
        if (read is not null)
        {
            ElementAppender.Append(sub, all, read.DeepClone().AsArray());
        }

        return all;
    }

    /// <summary>A copy of the values of a multi-valued sub-attribute. One that stands alone was stored when the schema had it single-valued.</summary>
    public static JsonArray Values(JsonNode before) => before is JsonArray ? before.DeepClone().AsArray() : [before.DeepClone()];

    /// <summary>Sets one sub-attribute of a single complex value; null unassigns it.</summary>
    public static void Change(JsonObject complex, SchemaAttribute attribute, SchemaAttribute sub, JsonNode? value)
    {
        var before = ReferencedValue(complex, attribute);
        Set(complex, sub, value);
        DropStale(complex, attribute, before, [sub.Name]);
    }

    /// <summary>Sets the named sub-attributes and leaves the others (RFC 7644 §3.5.2.3).</summary>
    public static void Merge(JsonObject complex, PatchOperationKind kind, SchemaAttribute attribute, JsonObject values)
    {
        var before = ReferencedValue(complex, attribute);
        if (before is not null && RefersElsewhere(attribute, before, values))
        {
            // What described the old one is not added to.
            kind = PatchOperationKind.Replace;
        }

        var given = new List<string>();
        foreach (var (name, value) in values)
        {
            if (attribute.FindSubAttribute(name) is { } sub && attribute.Takes(sub))
            {
                Set(complex, sub, After(kind, sub, complex[sub.Name], Read(kind, sub, value)));
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

    private static bool Appends(PatchOperationKind kind, SchemaAttribute sub) => kind == PatchOperationKind.Add && sub.MultiValued;

    private static JsonNode? ReferencedValue(JsonObject complex, SchemaAttribute attribute) =>
        attribute.IsResourceReference ? complex[attribute.DefaultSubAttribute!.Name]?.DeepClone() : null;

    private static bool RefersElsewhere(SchemaAttribute attribute, JsonNode before, JsonObject values) =>
        values.Any(member => attribute.FindSubAttribute(member.Key) == attribute.DefaultSubAttribute && !JsonNode.DeepEquals(member.Value, before));

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
