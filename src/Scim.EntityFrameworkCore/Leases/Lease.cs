namespace Scim.EntityFrameworkCore.Leases;

/// <summary>The right to do a piece of work.</summary>
/// <param name="Name">The work: a kind, a colon and an id.</param>
/// <param name="Fence">The number of this holding. Whoever takes the work over has a higher one.</param>
public sealed record Lease(string Name, long Fence);

/// <summary>Somebody else has taken the work over: what was done meanwhile must not be written down.</summary>
public sealed class LeaseLostException(string name) : Exception($"The lease \"{name}\" is held by another instance now.");
