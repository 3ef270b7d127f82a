using Scim.Resources;

namespace Scim.Patching;

/// <summary>What a PATCH leads to. Nothing has been stored yet.</summary>
/// <param name="Document">The document after the last operation, valid.</param>
/// <param name="Password">The new value of the attribute that is kept as a hash; null when it was not set.</param>
/// <param name="Members">What to do to the members, in order; empty when the request does not touch them.</param>
/// <param name="DocumentChanged">False when the document is what it was: then it keeps its version, unless members or password change.</param>
/// <param name="ChangedPaths">The canonical paths of the attributes whose values changed, for example <c>name.familyName</c>.</param>
public sealed record PatchOutcome(
    ResourceDocument Document,
    string? Password,
    IReadOnlyList<MembershipStep> Members,
    bool DocumentChanged,
    IReadOnlyList<string> ChangedPaths)
{
    /// <summary>True when the attribute that is kept as a hash was unassigned: the resource has none from now on.</summary>
    public bool PasswordRemoved { get; init; }

    /// <summary>
    /// The index of the operation that gave the type's unique attribute its value, for the refusal of a value that another
    /// resource has; null when none did.
    /// </summary>
    public int? UniqueOperation { get; init; }
}
