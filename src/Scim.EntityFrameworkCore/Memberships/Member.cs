namespace Scim.EntityFrameworkCore.Memberships;

/// <summary>Who came into or left a group, as the change log names them (EVT-124).</summary>
/// <param name="Id">The member's id.</param>
/// <param name="Type">The name of its type.</param>
/// <param name="ExternalId">The id that the client gave it, or null.</param>
internal sealed record Member(Guid Id, string Type, string? ExternalId);
