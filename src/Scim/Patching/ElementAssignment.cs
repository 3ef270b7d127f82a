using System.Text.Json.Nodes;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Patching;

/// <summary><c>add</c> and <c>replace</c> with a value path: all selected elements change (RFC 7644 §3.5.2.3).</summary>
internal static class ElementAssignment
{
    /// <summary>Sets the selected elements, or the sub-attribute in each of them.</summary>
    public static void Apply(PatchDraft draft, PatchOperationKind kind, PatchTarget.Elements target, JsonNode? value)
    {
        var array = draft.Find(target.Path) as JsonArray ?? [];
        var selected = Enumerable.Range(0, array.Count).Where(i => target.Selection.Matches(array[i]!)).ToList();
        if (selected.Count == 0)
        {
            Create(draft, kind, target, array, value);
        }
        else if (target.SubAttribute is { } sub)
        {
            AssignSubAttribute(kind, target, sub, array, selected, value);
        }
        else
        {
            AssignElements(draft, kind, target, array, selected, value);
        }

        // What told two values apart may be what was set.
        ValueComparer.KeepOnce(target.Attribute, array);
        if (array.Count == 0)
        {
            draft.Set(target.Path, target.Attribute, null);
        }
        else if (array.Parent is null)
        {
            draft.Set(target.Path, target.Attribute, array);
        }
    }

    /// <summary>
    /// RFC 7644 §3.5.2.3 answers noTarget when nothing is selected. Entra ID expects the element that the filter describes to
    /// be made (ENTRA-23, ENTRA-24), and nothing at all when it only clears (ENTRA-46).
    /// </summary>
    private static void Create(PatchDraft draft, PatchOperationKind kind, PatchTarget.Elements target, JsonArray array, JsonNode? value)
    {
        var (_, attribute, selection, sub) = target;
        if (!draft.CreateMissingElements || selection.Template is null || attribute.Type != AttributeType.Complex)
        {
            throw ElementSelection.Nothing(attribute);
        }

        var element = selection.Template.DeepClone().AsObject();
        if (sub is not null)
        {
            if (SubAttributes.Read(kind, sub, value) is not { } read)
            {
                return;
            }

            element[sub.Name] = SubAttributes.After(kind, sub, element[sub.Name], read);
        }
        else if (ValueReader.ReadElement(attribute, value, draft.Notes.Ignored) is JsonObject)
        {
            SubAttributes.Merge(element, kind, attribute, value!.AsObject());
        }
        else
        {
            return;
        }

        draft.Notes.CreatedElement = true;
        ElementAppender.Append(attribute, array, [element]);
    }

    private static void AssignSubAttribute(
        PatchOperationKind kind, PatchTarget.Elements target, SchemaAttribute sub, JsonArray array, List<int> selected, JsonNode? value)
    {
        var read = SubAttributes.Read(kind, sub, value);
        var hollow = new HashSet<JsonNode>(ReferenceEqualityComparer.Instance);
        foreach (var element in selected.Select(index => array[index]!.AsObject()))
        {
            var had = element.ContainsKey(sub.Name);
            var after = SubAttributes.After(kind, sub, element[sub.Name], read);
            SubAttributes.Set(element, sub, after);
            if (had && after is null && SubAttributes.IsHollow(element, target.Attribute, sub, target.Selection.Template))
            {
                hollow.Add(element);
            }
        }

        if (sub == target.Attribute.PrimarySubAttribute && selected.Count == 1)
        {
            ElementAppender.KeepOnePrimary(target.Attribute, array, array[selected[0]]!.AsObject());
        }

        array.RemoveAll(element => element is not null && hollow.Contains(element));
    }

    private static void AssignElements(PatchDraft draft, PatchOperationKind kind, PatchTarget.Elements target, JsonArray array, List<int> selected, JsonNode? value)
    {
        var attribute = target.Attribute;
        if (ValueReader.ReadElement(attribute, value, draft.Notes.Ignored) is not { } read)
        {
            if (kind == PatchOperationKind.Replace)
            {
                var gone = selected.Select(index => array[index]!).ToHashSet(ReferenceEqualityComparer.Instance);
                array.RemoveAll(gone.Contains);
            }

            return;
        }

        foreach (var index in selected)
        {
            if (kind == PatchOperationKind.Add && array[index] is JsonObject element)
            {
                SubAttributes.Merge(element, kind, attribute, value!.AsObject());
            }
            else
            {
                array[index] = Replacement(target, array[index]!, read);
            }
        }

        if (selected.Count == 1 && array[selected[0]] is JsonObject only)
        {
            ElementAppender.KeepOnePrimary(attribute, array, only);
        }
    }

    /// <summary>
    /// The whole element is replaced, but it stays the one that the path names: what the filter says of it is kept where
    /// the value is silent, else the next operation on the same path would not find it. What it did not have itself, a
    /// <c>primary</c> that counts as false (RFC 7643 §2.4), it is found without.
    /// </summary>
    private static JsonNode Replacement(PatchTarget.Elements target, JsonNode old, JsonNode read)
    {
        var replacement = read.DeepClone();
        if (replacement is not JsonObject element || old is not JsonObject before)
        {
            return replacement;
        }

        foreach (var (name, value) in (target.Selection.Template ?? []).Where(member => before.ContainsKey(member.Key)))
        {
            element.TryAdd(name, value?.DeepClone());
        }

        foreach (var sub in target.Attribute.SubAttributes.Where(sub => before.ContainsKey(sub.Name)))
        {
            if (SubAttributes.IsKept(sub, before[sub.Name], element[sub.Name]))
            {
                element[sub.Name] = before[sub.Name]!.DeepClone();
            }
        }

        return replacement;
    }
}
