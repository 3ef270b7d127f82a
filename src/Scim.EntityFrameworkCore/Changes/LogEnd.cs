namespace Scim.EntityFrameworkCore.Changes;

/// <summary>How far the change log goes, over all tenants.</summary>
/// <param name="Settled">Up to here nothing can appear any more: what is there can be read in the order of its numbers.</param>
/// <param name="Last">The last number that was given out, perhaps to a transaction that is still open.</param>
internal readonly record struct LogEnd(long Settled, long Last);
