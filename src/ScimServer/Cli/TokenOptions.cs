using System.CommandLine;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Cli;

/// <summary>What the commands for tokens and clients have in common.</summary>
internal static class TokenOptions
{
    public static readonly TimeSpan DefaultOverlap = TimeSpan.FromDays(1);

    public static Option<DateTimeOffset?> Expires(string name) => new(name)
    {
        Description = "When it stops being accepted: 12h, 90d, 52w, or a date such as 2027-12-31. Default: never.",
        CustomParser = Expiry.Parse,
    };

    public static Option<AccessScopes> Scopes() => new("--scopes")
    {
        Description = $"What it allows: one or more of them, with commas between them. Default: {Names(AccessScopes.Provisioning)}.",
        HelpName = Names(AccessScopes.Provisioning | AccessScopes.Events),
        CustomParser = ScopeList.Parse,
    };

    /// <summary>
    /// The scopes that were given, or those that a token has unless something else is asked for. As the option's default they would be shown by the names of
    /// the code.
    /// </summary>
    public static AccessScopes Scopes(ParseResult parsed, Option<AccessScopes> scopes) =>
        parsed.GetResult(scopes) is null ? AccessScopes.Provisioning : parsed.GetValue(scopes);

    public static Option<string?> IdentityProvider()
    {
        var idp = new Option<string?>("--idp") { Description = $"The kind of identity provider that it is for: {string.Join(", ", IdentityProviders.Known)}." };
        idp.AcceptOnlyFromAmong([.. IdentityProviders.Known]);
        return idp;
    }

    /// <summary>How long what is replaced lives on; <see cref="DefaultOverlap"/> when it is not given, which the help says in its own words.</summary>
    public static Option<TimeSpan?> Overlap(string description = "How long the one before it is still accepted") => new("--overlap")
    {
        Description = $"{description}: 2h, 7d, 0h. Default: 24h.",
        CustomParser = argument => Expiry.ParseSpan(argument),
    };

    private static string Names(AccessScopes scopes) => string.Join(',', AccessScopeNames.Of(scopes));

    public static string Until(DateTimeOffset? time) => time is { } at ? $"valid until {Table.Time(at)}" : "valid until it is revoked";

    public static string State(DateTimeOffset? revokedAt, DateTimeOffset? expiresAt, DateTimeOffset now) => (revokedAt, expiresAt) switch
    {
        ({ } at, _) => $"revoked {Table.Time(at)}",
        (_, { } at) when at <= now => $"expired {Table.Time(at)}",
        (_, { } at) => $"valid until {Table.Time(at)}",
        _ => "valid",
    };
}
