using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Filters;
using Scim.Json;
using Scim.Paths;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Patching;

/// <summary>
/// <c>add</c> and <c>replace</c> (RFC 7644 §3.5.2.1, §3.5.2.3). They differ only for multi-valued attributes: add appends,
/// replace puts the value in the place of what is there. A replace of what does not exist is an add.
/// </summary>
internal static class PatchAssignment
{
    /// <summary>
    /// Without a path, each key of the value is applied as a path: a name, a name with sub-attribute, a full URN (ENTRA-21), a
    /// value path, or the URN of a schema with an object of its attributes. Unknown keys are passed over like unknown
    /// attributes of a PUT, and so are readOnly ones (OKTA-11, RFC 7643 §3.1).
    /// </summary>
    public static void ApplyToResource(PatchDraft draft, PatchOperationKind kind, JsonNode? value) =>
        ApplyKeys(draft, kind, prefix: "", (JsonObject)value!);

    /// <summary>Applies one operation to what its path stands for.</summary>
    public static void Apply(PatchDraft draft, PatchOperationKind kind, PatchTarget target, JsonNode? value)
    {
        if (target.Named is { } named)
        {
            draft.Notes.Specified.Add(named);
        }

        if (target.Owner is { Relation: Relation.Members } members)
        {
            MembershipPatch.Assign(draft, kind, members, target, value);
            return;
        }

        switch (target)
        {
            case PatchTarget.WholeSchema schema:
                AssignSchema(draft, kind, schema, value);
                break;
            case PatchTarget.WholeAttribute { Attribute.MultiValued: true } whole:
                AssignValues(draft, kind, whole, value);
                break;
            case PatchTarget.WholeAttribute { Attribute.Type: AttributeType.Complex } whole:
                AssignComplex(draft, kind, whole, value);
                break;
            case PatchTarget.WholeAttribute whole:
                draft.Set(whole.Path, whole.Attribute, ValueReader.Read(whole.Attribute, value, draft.Notes.Ignored));
                break;
            case PatchTarget.SubValue sub:
                AssignSubValue(draft, kind, sub, value);
                break;
            case PatchTarget.Address address:
                AssignAddress(draft, address, value);
                break;
            case PatchTarget.Elements elements:
                ElementAssignment.Apply(draft, kind, elements, value);
                break;
        }
    }

    private static void ApplyKeys(PatchDraft draft, PatchOperationKind kind, string prefix, JsonObject values)
    {
        foreach (var (key, value) in values)
        {
            if (FindKey(draft, prefix + key) is { IsReadOnly: false } and not PatchTarget.Nothing and var target && !IsSpare(draft, target, prefix, values))
            {
                Apply(draft, kind, target, value);
            }
            else
            {
                draft.Notes.Ignored.Add(prefix + key);
            }
        }
    }

    /// <summary>An address beside what it is the address of: <c>manager.value</c>, or all of the manager.</summary>
    private static bool IsSpare(PatchDraft draft, PatchTarget target, string prefix, JsonObject values) =>
        target is PatchTarget.Address address
        && values.Any(other => FindKey(draft, prefix + other.Key) is not PatchTarget.Address and { } found && found.Owner == address.Attribute);

    private static PatchTarget? FindKey(PatchDraft draft, string key)
    {
        if (key.Contains('[', StringComparison.Ordinal))
        {
            return PatchTarget.Resolve(draft.Type, PatchPath.Parse(key, draft.Limits));
        }

        return PathResolver.Resolve(draft.Type, key) is null && !PathResolver.IsMisspelt(draft.Type, key) ? null : PatchTarget.Resolve(draft.Type, new PatchPath(key, null, null));
    }

    private static void AssignSchema(PatchDraft draft, PatchOperationKind kind, PatchTarget.WholeSchema target, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } attributes:
                ApplyKeys(draft, kind, target.Schema.Id + ":", attributes);
                break;
            case null or JsonObject:
                if (target.IsExtension && kind == PatchOperationKind.Replace)
                {
                    draft.RemoveExtension(target.Schema);
                }

                break;
            default:
                throw ScimErrors.InvalidValue($"{target.Schema.Id} must be an object, not {JsonText.Describe(value)}.");
        }
    }

    /// <summary>An add of nothing adds nothing; a replace by nothing unassigns.</summary>
    private static void AssignValues(PatchDraft draft, PatchOperationKind kind, PatchTarget.WholeAttribute target, JsonNode? value)
    {
        var (path, attribute) = target;
        if (kind == PatchOperationKind.Replace)
        {
            draft.Set(path, attribute, ValueReader.Read(attribute, value, draft.Notes.Ignored));
            return;
        }

        if (ElementAppender.Read(attribute, value, draft.Notes.Ignored) is not { } added)
        {
            return;
        }

        if (draft.Find(path) is JsonArray existing)
        {
            ElementAppender.Append(attribute, existing, added);
        }
        else
        {
            var array = new JsonArray();
            ElementAppender.Append(attribute, array, added);
            draft.Set(path, attribute, array);
        }
    }

    private static void AssignComplex(PatchDraft draft, PatchOperationKind kind, PatchTarget.WholeAttribute target, JsonNode? value)
    {
        var (path, attribute) = target;
        value = draft.References.Complete(attribute, value);
        if (value is JsonObject { Count: 0 } && kind == PatchOperationKind.Add)
        {
            return;
        }

        // Reads all of it first, so that a wrong sub-attribute is refused before any is set.
        if (ValueReader.Read(attribute, value, draft.Notes.Ignored) is null && value is not JsonObject { Count: > 0 })
        {
            draft.Set(path, attribute, null);
            return;
        }

        Change(draft, path, attribute, complex => SubAttributes.Merge(complex, kind, attribute, value!.AsObject()));
    }

    private static void AssignSubValue(PatchDraft draft, PatchOperationKind kind, PatchTarget.SubValue target, JsonNode? value)
    {
        var (path, attribute, sub) = target;
        var read = SubAttributes.Read(kind, sub, value);
        Change(draft, path, attribute, complex => SubAttributes.Change(complex, attribute, sub, SubAttributes.After(kind, sub, complex[sub.Name], read)));
    }

    private static void AssignAddress(PatchDraft draft, PatchTarget.Address target, JsonNode? value)
    {
        var (path, attribute) = target;
        if (draft.References.IdIn(attribute, value) is { } id)
        {
            AssignSubValue(draft, PatchOperationKind.Replace, new PatchTarget.SubValue(path, attribute, attribute.DefaultSubAttribute!), JsonValue.Create(id));
        }
        else
        {
            draft.Notes.Ignored.Add(path.ToString());
        }
    }

    private static void Change(PatchDraft draft, ResolvedPath path, SchemaAttribute attribute, Action<JsonObject> change)
    {
        if (draft.Find(path) is JsonObject existing)
        {
            change(existing);
            if (existing.Count == 0)
            {
                draft.Set(path, attribute, null);
            }

            return;
        }

        var added = new JsonObject();
        change(added);
        draft.Set(path, attribute, added);
    }
}
