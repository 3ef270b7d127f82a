using Scim.Patching;
using Scim.Resources;

namespace Scim.EntityFrameworkCore.Resources;

/// <summary>What a PUT or PATCH makes of a stored resource.</summary>
/// <param name="Document">The document afterwards.</param>
/// <param name="PasswordHash">The new hash, or null to keep what there is.</param>
/// <param name="Members">What happens to the members.</param>
internal sealed record ResourceChange(ResourceDocument Document, string? PasswordHash, IReadOnlyList<MembershipStep> Members)
{
    /// <summary>The resource has no password from now on.</summary>
    public bool PasswordRemoved { get; init; }

    /// <summary>The PATCH operation that set the unique attribute.</summary>
    public int? UniqueOperation { get; init; }
}
