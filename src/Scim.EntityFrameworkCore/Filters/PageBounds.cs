namespace Scim.EntityFrameworkCore.Filters;

/// <summary>How far the statements of a page go.</summary>
/// <param name="ProbedMatches">
/// Matches that a probe takes. The square root of page size times rows balances probe and walk: 10,000 for pages of 100 at a
/// million.
/// </param>
/// <param name="WalkedRows">Rows that a page of a walk by cursor looks at before it ends short of its size, as RFC 9865 §2 allows.</param>
internal sealed record PageBounds(int ProbedMatches = 10_000, int WalkedRows = 25_000);
