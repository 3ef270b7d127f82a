using System.CommandLine;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Cli;

/// <summary>What the commands for tokens and clients have in common.</summary>
internal static class TokenOptions
{
    public static Option<DateTimeOffset?> Expires(string name) => new(name)
    {
        Description = "When it stops being accepted: 12h, 90d, 52w, or a date such as 2027-12-31. Default: never.",
        CustomParser = Expiry.Parse,
    };

    public static Option<AccessScopes> Scopes() => new("--scopes")
    {
        Description = $"What it allows: of {AccessScopeNames.ScimRead}, {AccessScopeNames.ScimWrite} and {AccessScopeNames.Events} one or more, with commas between them.",
        DefaultValueFactory = _ => AccessScopes.Provisioning,
        CustomParser = ScopeList.Parse,
    };

    public static Option<string?> IdentityProvider()
    {
        var idp = new Option<string?>("--idp") { Description = $"The kind of identity provider that it is for: {string.Join(", ", IdentityProviders.Known)}." };
        idp.AcceptOnlyFromAmong([.. IdentityProviders.Known]);
        return idp;
    }

    public static Option<TimeSpan> Overlap() => new("--overlap")
    {
        Description = "How long the one before it is still accepted: 2h, 7d, 0h. Default: 24h.",
        DefaultValueFactory = _ => TimeSpan.FromDays(1),
        CustomParser = Expiry.ParseSpan,
    };

    public static string Until(DateTimeOffset? time) => time is { } at ? $"valid until {Table.Time(at)}" : "valid until it is revoked";

    public static string State(DateTimeOffset? revokedAt, DateTimeOffset? expiresAt, DateTimeOffset now) => (revokedAt, expiresAt) switch
    {
        ({ } at, _) => $"revoked {Table.Time(at)}",
        (_, { } at) when at <= now => $"expired {Table.Time(at)}",
        (_, { } at) => $"valid until {Table.Time(at)}",
        _ => "valid",
    };
}
