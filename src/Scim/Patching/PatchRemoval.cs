using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Patching;

/// <summary>
/// <c>remove</c> (RFC 7644 §3.5.2.2). Removing what is not there succeeds without a change, so that a repeated request does
/// no harm (ENTRA-67). The RFC gives a <c>value</c> of remove no meaning; here it lists the values that go, and never
/// widens to all of them (ENTRA-64).
/// </summary>
internal static class PatchRemoval
{
    /// <summary>Removes what the target stands for.</summary>
    public static void Apply(PatchDraft draft, PatchTarget target, JsonNode? value)
    {
        if (target.Owner is { Relation: Relation.Members } members)
        {
            MembershipPatch.Remove(draft, members, target, value);
            return;
        }

        switch (target)
        {
            case PatchTarget.WholeSchema schema:
                RemoveSchema(draft, schema, value);
                break;
            case PatchTarget.WholeAttribute { Attribute.MultiValued: true } whole when value is not null:
                RemoveListed(draft, whole, value);
                break;
            case PatchTarget.WholeAttribute whole:
                draft.Set(whole.Path, whole.Attribute, null);
                break;
            case PatchTarget.SubValue sub:
                RemoveSubValue(draft, sub, value);
                break;
            case PatchTarget.Elements elements:
                RemoveElements(draft, elements, value);
                break;
            case PatchTarget.Address address:
                // It follows from the value, which stays.
                draft.Notes.Ignored.Add(address.Path.ToString());
                break;
        }
    }

    private static void RemoveSchema(PatchDraft draft, PatchTarget.WholeSchema target, JsonNode? value)
    {
        if (!target.IsExtension)
        {
            throw ScimErrors.Mutability($"{target.Schema.Id} is the core schema and cannot be removed.");
        }

        if (value is not null)
        {
            throw ScimErrors.InvalidValue("a remove of a whole extension takes no value; name the attributes to remove in the path.");
        }

        draft.RemoveExtension(target.Schema);
    }

    private static void RemoveListed(PatchDraft draft, PatchTarget.WholeAttribute target, JsonNode value)
    {
        var (path, attribute) = target;
        if (draft.Find(path) is not JsonArray array)
        {
            return;
        }

        Drop(draft, target.Path, attribute, array, Listed(attribute, array, value));
    }

    /// <summary>The elements that a value of remove names.</summary>
    private static HashSet<JsonNode> Listed(SchemaAttribute attribute, JsonArray array, JsonNode value)
    {
        var index = new ElementIndex(attribute, array);
        var listed = value is JsonArray list ? list : [value.DeepClone()];
        var gone = new HashSet<JsonNode>(ReferenceEqualityComparer.Instance);
        foreach (var item in listed)
        {
            if (ValueReader.ReadElement(attribute, item) is { } element)
            {
                gone.UnionWith(index.FindAll(element));
            }
        }

        return gone;
    }

    /// <summary>What a remove leaves of a sub-attribute: of many values those that it does not list; null for nothing.</summary>
    private static JsonArray? Left(SchemaAttribute sub, JsonNode? before, JsonNode? value)
    {
        if (!sub.MultiValued || value is null || before is null)
        {
            return null;
        }

        var left = SubAttributes.Values(before);
        var gone = Listed(sub, left, value);
        left.RemoveAll(element => element is not null && gone.Contains(element));
        return left.Count == 0 ? null : left;
    }

    private static void RemoveSubValue(PatchDraft draft, PatchTarget.SubValue target, JsonNode? value)
    {
        var (path, attribute, sub) = target;
        if (draft.Find(path) is not JsonObject complex)
        {
            return;
        }

        SubAttributes.Change(complex, attribute, sub, Left(sub, complex[sub.Name], value));
        if (complex.Count == 0)
        {
            draft.Set(path, attribute, null);
        }
    }

    private static void RemoveElements(PatchDraft draft, PatchTarget.Elements target, JsonNode? value)
    {
        if (draft.Find(target.Path) is not JsonArray array)
        {
            return;
        }

        var gone = new HashSet<JsonNode>(ReferenceEqualityComparer.Instance);
        foreach (var element in array.OfType<JsonNode>().Where(target.Selection.Matches))
        {
            if (target.SubAttribute is not { } sub || Strip((JsonObject)element, target, sub, value))
            {
                gone.Add(element);
            }
        }

        Drop(draft, target.Path, target.Attribute, array, gone);
        if (target.SubAttribute is not null)
        {
            // What told two values apart may be what was removed.
            ValueComparer.KeepOnce(target.Attribute, array);
        }
    }

    /// <summary>Removes the sub-attribute, or the values of it that are listed; true when the element says nothing any more.</summary>
    private static bool Strip(JsonObject element, PatchTarget.Elements target, SchemaAttribute sub, JsonNode? value)
    {
        if (!element.ContainsKey(sub.Name))
        {
            return false;
        }

        var left = Left(sub, element[sub.Name], value);
        SubAttributes.Set(element, sub, left);
        return left is null && SubAttributes.IsHollow(element, target.Attribute, sub, target.Selection.Template);
    }

    private static void Drop(PatchDraft draft, Paths.ResolvedPath path, SchemaAttribute attribute, JsonArray array, HashSet<JsonNode> gone)
    {
        array.RemoveAll(element => element is not null && gone.Contains(element));
        if (array.Count == 0)
        {
            draft.Set(path, attribute, null);
        }
    }
}
