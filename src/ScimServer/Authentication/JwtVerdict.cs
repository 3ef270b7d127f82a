using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Authentication;

/// <summary>What became of a token: what it says when it was verified, else why it is refused (for the log; clients all hear the same).</summary>
internal readonly record struct JwtVerdict(VerifiedJwt? Verified, string Reason)
{
    public static JwtVerdict Refused(string reason) => new(null, reason);
}

/// <summary>What a verified token says.</summary>
/// <param name="Tenant">The name of its tenant.</param>
/// <param name="ClientId">One id for all tokens of the client.</param>
/// <param name="Actor">The name that change records carry.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="ExpiresAt">From when on it is refused, give or take the clocks.</param>
internal sealed record VerifiedJwt(string Tenant, Guid ClientId, string Actor, AccessScopes Scopes, DateTimeOffset ExpiresAt)
{
    /// <summary>The name of its issuer in the configuration.</summary>
    public required string Issuer { get; init; }

    /// <summary>The client as the issuer names it.</summary>
    public required string Client { get; init; }

    /// <summary>The secret that it was got with, when this server itself signed it: tenant, actor and scopes are then looked up with the client.</summary>
    public Guid? SecretId { get; init; }
}
