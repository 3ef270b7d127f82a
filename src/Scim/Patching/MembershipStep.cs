using Scim.Filters;

namespace Scim.Patching;

/// <summary>One change of a group's members. Steps are applied in order and never need the members that are stored.</summary>
public abstract record MembershipStep
{
    private MembershipStep()
    {
    }

    /// <summary>These become members; those who are already stay.</summary>
    public sealed record Add(IReadOnlyList<string> Ids) : MembershipStep;

    /// <summary>These are no members afterwards; those who are none are passed over (ENTRA-67).</summary>
    public sealed record Remove(IReadOnlyList<string> Ids) : MembershipStep;

    /// <summary>The members that the filter matches are removed; its paths are sub-attributes of members.</summary>
    public sealed record RemoveMatching(BoundFilter Inner) : MembershipStep;

    /// <summary>No one is a member afterwards.</summary>
    public sealed record Clear : MembershipStep;

    /// <summary>These, and no others, are members afterwards.</summary>
    public sealed record Replace(IReadOnlyList<string> Ids) : MembershipStep;
}
