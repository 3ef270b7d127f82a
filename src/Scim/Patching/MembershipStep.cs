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

    /// <summary>What a refusal of the id at a position begins with: <c>Operations[2]: </c>, or nothing outside a PATCH.</summary>
    public string RefusalPrefix(int position)
    {
        var operation = -1;
        foreach (var origin in Origins.TakeWhile(origin => origin.Position <= position))
        {
            operation = origin.Operation;
        }

        return operation < 0 ? "" : PatchRequest.OperationPrefix(operation);
    }

    /// <summary>These become members; those who are already stay.</summary>
    public sealed record Add(IReadOnlyList<string> Ids) : MembershipStep;

    /// <summary>These are no members afterwards; those who are none are passed over (ENTRA-67).</summary>
    public sealed record Remove(IReadOnlyList<string> Ids) : MembershipStep;

    /// <summary>The members that the filter matches are removed; its paths are sub-attributes of the attribute, which holds the members.</summary>
    public sealed record RemoveMatching(SchemaAttribute Members, BoundFilter Inner) : MembershipStep;

    /// <summary>No one is a member afterwards.</summary>
    public sealed record Clear : MembershipStep;

    /// <summary>These, and no others, are members afterwards.</summary>
    public sealed record Replace(IReadOnlyList<string> Ids) : MembershipStep;
}
