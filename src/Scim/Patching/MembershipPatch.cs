using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Patching;

/// <summary>
/// Operations on the members of a group become steps for the membership relation. Members are never looked at here, so a
/// step costs what it changes, whatever the size of the group.
/// </summary>
internal static class MembershipPatch
{
    /// <summary><c>add</c> and <c>replace</c>.</summary>
    public static void Assign(PatchDraft draft, PatchOperationKind kind, SchemaAttribute members, PatchTarget target, JsonNode? value)
    {
        if (Described(draft, members, target, value) is { } member)
        {
            draft.Members.Add([member]);
            return;
        }

        if (kind == PatchOperationKind.Replace && target is PatchTarget.Elements { Selection.Filter: { } filter } elements)
        {
            draft.Members.ReplaceMatching(members, filter, elements.SubAttribute is null ? Read(draft, members, value) : null);
            return;
        }

        if (target is not PatchTarget.WholeAttribute)
        {
            throw Immutable(members);
        }

        var ids = Read(draft, members, value);
        if (kind == PatchOperationKind.Add)
        {
            draft.Members.Add(ids);
        }
        else
        {
            draft.Members.Replace(ids);
        }
    }

    /// <summary><c>remove</c>: the listed members (ENTRA-64), those that the filter selects, or all.</summary>
    public static void Remove(PatchDraft draft, SchemaAttribute members, PatchTarget target, JsonNode? value)
    {
        switch (target)
        {
            case PatchTarget.WholeAttribute when value is null:
                draft.Members.Clear();
                break;
            case PatchTarget.WholeAttribute:
                draft.Members.Remove(Read(draft, members, value));
                break;
            case PatchTarget.Elements { SubAttribute: null, Selection.Values: { } ids }:
                draft.Members.Remove(ids);
                break;
            case PatchTarget.Elements { SubAttribute: null, Selection.Filter: { } filter }:
                draft.Members.RemoveMatching(members, filter);
                break;
            default:
                throw Immutable(members);
        }
    }

    /// <summary>
    /// The member that filter and value name alike, <c>members[value eq "a"]</c> and <c>{"value":"a"}</c>: it is one afterwards, whether it was or is created because the
    /// filter selects none (<see cref="PatchRequest.CreateMissingElements"/>). Null when they name others.
    /// </summary>
    private static string? Described(PatchDraft draft, SchemaAttribute members, PatchTarget target, JsonNode? value) =>
        draft.CreateMissingElements && target is PatchTarget.Elements { SubAttribute: null, Selection.Values: [var id] }
        && Read(draft, members, value) is [var named] && named.Equals(id, StringComparison.OrdinalIgnoreCase) ? named : null;

    private static IReadOnlyList<string> Read(PatchDraft draft, SchemaAttribute members, JsonNode? value) =>
        MemberReader.Read(members, value is null or JsonArray ? value : new JsonArray(value.DeepClone()), draft.References);

    /// <summary>The sub-attributes of a member are immutable (RFC 7643 §4.2).</summary>
    internal static ScimException Immutable(SchemaAttribute members) =>
        ScimErrors.Mutability($"what {members} says of a member is immutable; remove the member and add another.");
}
