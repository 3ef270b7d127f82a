using Microsoft.EntityFrameworkCore;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Rows;

namespace Scim.EntityFrameworkCore.Provisioning;

/// <summary>Why a token that exists was refused, and whose it is.</summary>
/// <param name="Reason">Why.</param>
/// <param name="TenantName">Its tenant; null for a token of the operator.</param>
/// <param name="TokenName">Its name.</param>
internal sealed record RefusedToken(string Reason, string? TenantName, string TokenName)
{
    /// <summary>Those of the tokens that exist, by their hashes in hexadecimal.</summary>
    public static async Task<IReadOnlyDictionary<string, RefusedToken>> FindAsync(
        ScimDbContext context, IReadOnlyList<byte[]> hashes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, RefusedToken>(StringComparer.Ordinal);

        // One by one: each is a look-up by the unique index, and there are few.
        foreach (var hash in hashes.DistinctBy(Convert.ToHexString))
        {
            if (await TokenOfTenant.Join(context).SingleOrDefaultAsync(pair => pair.Token.Hash == hash, cancellationToken) is { } pair)
            {
                found[Convert.ToHexString(hash)] = new RefusedToken(Why(pair.Token, pair.Tenant, now), pair.Tenant?.Name, pair.Token.Name);
            }
        }

        return found;
    }

    private static string Why(AccessTokenRow token, TenantRow? tenant, DateTimeOffset now) => (token, tenant) switch
    {
        ({ RevokedAt: not null }, _) => "the token is revoked",
        ({ ReplacedBy: not null, ExpiresAt: { } at }, _) when at <= now => "the token was rotated and its overlap is over; the identity provider still has the old one",
        ({ ExpiresAt: { } at }, _) when at <= now => "the token has expired",
        (_, { DeletingSince: not null }) => "the tenant is being deleted",
        (_, { DisabledAt: not null }) => "the tenant is disabled",
        _ => "the token is accepted now; it was not when the request came",
    };
}
