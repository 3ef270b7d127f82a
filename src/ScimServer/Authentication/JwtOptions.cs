namespace ScimServer.Authentication;

/// <summary>Issuers whose JWTs are accepted as bearer tokens; section <c>Jwt</c> of the configuration.</summary>
public sealed class JwtOptions
{
    /// <summary>The section that the options are read from.</summary>
    public const string Section = "Jwt";

    /// <summary>The issuers. Of several with the same issuer and audience the first counts. Default none.</summary>
    public IList<JwtIssuerOptions> Issuers { get; } = [];
}

/// <summary>One issuer, and what its tokens allow.</summary>
public sealed class JwtIssuerOptions
{
    /// <summary>A name for it, with which the actor of change records begins.</summary>
    public string Name { get; set; } = "";

    /// <summary>What the claim <c>iss</c> must be, to the letter.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>The URL below which <c>.well-known/openid-configuration</c> names the issuer's keys. Default: the issuer.</summary>
    public string? Authority { get; set; }

    /// <summary>The URL of the issuer's keys (JWKS), where there is no <c>openid-configuration</c>.</summary>
    public string? JwksUri { get; set; }

    /// <summary>What the claim <c>aud</c> must hold.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The name of the tenant that the tokens give access to.</summary>
    public string? Tenant { get; set; }

    /// <summary>The claim whose value says for which of <see cref="Tenants"/> a token is, instead of one tenant for all.</summary>
    public string? TenantClaim { get; set; }

    /// <summary>The names of tenants by the values of that claim. A token with another value is refused.</summary>
    public IDictionary<string, string> Tenants { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The claim that names the client: it is part of the actor of change records. Default <c>sub</c>.</summary>
    public string SubjectClaim { get; set; } = "sub";

    /// <summary>
    /// The clients that are accepted, by that claim. Default: all to whom the issuer gives a token for the audience. Needed with <see cref="Scopes"/>: many
    /// issuers give one to every client that asks.
    /// </summary>
    public IList<string> Subjects { get; } = [];

    /// <summary>The claim that holds scopes or roles. Default <c>scope</c>; Entra has <c>roles</c>.</summary>
    public string ScopeClaim { get; set; } = "scope";

    /// <summary>What a value of that claim allows, for example <c>Scim.Provision</c>: <c>scim:read scim:write</c>. Our own names need no entry.</summary>
    public IDictionary<string, string> Roles { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What every token of the issuer allows, whatever its claims; for issuers that send neither scope nor role. Default nothing.</summary>
    public string? Scopes { get; set; }

    internal string KeysFrom => new[] { JwksUri, Authority }.FirstOrDefault(address => !string.IsNullOrWhiteSpace(address)) ?? Issuer;

    /// <summary>Whether keys may be fetched over HTTPS only. Default true.</summary>
    public bool RequireHttps { get; set; } = true;
}
