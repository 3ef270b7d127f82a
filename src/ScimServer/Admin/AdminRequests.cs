using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Admin;

/// <summary>A tenant to be created.</summary>
/// <param name="Name">1 to 100 printable characters.</param>
public sealed record CreateTenantRequest(string? Name);

/// <summary>A token, or a client of the token endpoint, to be made.</summary>
/// <param name="Name">A name for it; logs and change records carry it.</param>
/// <param name="Scopes">What it allows: of <c>scim:read</c>, <c>scim:write</c> and <c>events</c> one or more. Default: the first two.</param>
/// <param name="ExpiresAt">When it, or the client's secret, stops being accepted. Default: never.</param>
/// <param name="IdentityProvider">The kind of identity provider that it is for.</param>
public sealed record CreateTokenRequest(string? Name, IReadOnlyList<string>? Scopes, DateTimeOffset? ExpiresAt, string? IdentityProvider)
{
    internal NewToken ToToken(DateTimeOffset now) => new(Name ?? "")
    {
        Scopes = Scopes is null ? AccessScopes.Provisioning : Scopes.Aggregate(AccessScopes.None, (all, name) => all | Known(name)),
        ExpiresAt = InFuture(ExpiresAt, now),
        IdentityProvider = IdentityProvider,
    };

    internal static DateTimeOffset? InFuture(DateTimeOffset? at, DateTimeOffset now) =>
        at <= now ? throw new AccessException("\"expiresAt\" is in the past.") { Field = "expiresAt" } : at;

    private static AccessScopes Known(string? name) => AccessScopeNames.Find(name ?? "") is var scope and not AccessScopes.None
        ? scope
        : throw new AccessException($"There is no scope \"{Scim.Errors.ScimErrors.Shorten(name ?? "")}\".") { Field = "scopes" };
}

/// <summary>How a token is rotated.</summary>
/// <param name="OverlapSeconds">How long the old token is still accepted. Default 86400, a day.</param>
/// <param name="ExpiresAt">When the new token stops being accepted. Default: after as long as the old one was made for.</param>
public sealed record RotateTokenRequest(int? OverlapSeconds, DateTimeOffset? ExpiresAt)
{
    private const int Day = 86_400;
    private const int MaxDays = 366;

    internal TimeSpan Overlap => (OverlapSeconds ?? Day) is var seconds and >= 0 and <= Day * MaxDays
        ? TimeSpan.FromSeconds(seconds)
        : throw new AccessException($"\"overlapSeconds\" must be 0 to {Day * MaxDays}.") { Field = "overlapSeconds" };
}

/// <summary>When a token is to expire.</summary>
public sealed record ExpireTokenRequest
{
    private bool isGiven;

    /// <summary>The time; null for never. It must be given: a forgotten one would make the token valid for ever.</summary>
    public DateTimeOffset? ExpiresAt
    {
        get;
        init
        {
            field = value;
            isGiven = true;
        }
    }

    internal DateTimeOffset? Time(DateTimeOffset now) => isGiven
        ? CreateTokenRequest.InFuture(ExpiresAt, now)
        : throw new AccessException("\"expiresAt\" must be given: a time, or null for never.") { Field = "expiresAt" };
}
