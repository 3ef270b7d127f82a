using Scim.Errors;
using Scim.Filters;
using Scim.Schemas;

namespace Scim.Patching;

/// <summary>One change of a group's members. Steps are applied in order and never need the members that are stored.</summary>
public abstract record MembershipStep
{
    private MembershipStep()
    {
    }

    /// <summary>
    /// From which position in the ids on which operation of the PATCH brought them, in order; empty when the step does not
    /// come from a PATCH. Kept so that the refusal of an unknown member can name its operation.
    /// </summary>
    public IReadOnlyList<(int Position, int Operation)> Origins { get; init; } = [];

    /// <summary>The refusal of the id at a position, in the operation of the PATCH which brought it; as it is outside a PATCH.</summary>
    public ScimException Refuse(int position, ScimException refusal)
    {
        var operation = -1;
        foreach (var origin in Origins.TakeWhile(origin => origin.Position <= position))
        {
            operation = origin.Operation;
        }

        return operation < 0 ? refusal : refusal.In(operation);
    }

    /// <summary>These become members; those who are already stay.</summary>
    public sealed record Add(IReadOnlyList<string> Ids) : MembershipStep;

    /// <summary>These are no members afterwards; those who are none are passed over (ENTRA-67).</summary>
    public sealed record Remove(IReadOnlyList<string> Ids) : MembershipStep;

    /// <summary>The members that the filter matches are removed; its paths are sub-attributes of the attribute, which holds the members.</summary>
    public sealed record RemoveMatching(SchemaAttribute Members, BoundFilter Inner) : MembershipStep;

    /// <summary>The members that the filter matches are removed, and these become members: "all matching record values SHALL be replaced" (RFC 7644 §3.5.2.3).</summary>
    /// <param name="Members">The attribute that holds the members.</param>
    /// <param name="Inner">The filter; its paths are sub-attributes of the attribute.</param>
    /// <param name="Ids">Null when not the members but what they say of themselves was to be replaced, which is immutable (RFC 7643 §4.2).</param>
    public sealed record ReplaceMatching(SchemaAttribute Members, BoundFilter Inner, IReadOnlyList<string>? Ids) : MembershipStep
    {
        /// <summary>The refusal when the filter matches no one (RFC 7644 §3.5.2.3).</summary>
        public ScimException NoTarget() => Refuse(0, ElementSelection.Nothing(Members));

        /// <summary>The refusal when it matches someone and there are no <see cref="Ids"/>.</summary>
        public ScimException Immutable() => Refuse(0, MembershipPatch.Immutable(Members));
    }

    /// <summary>No one is a member afterwards.</summary>
    public sealed record Clear : MembershipStep;

    /// <summary>These, and no others, are members afterwards.</summary>
    public sealed record Replace(IReadOnlyList<string> Ids) : MembershipStep;
}
