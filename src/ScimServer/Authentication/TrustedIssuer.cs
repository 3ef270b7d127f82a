using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Authentication;

/// <summary>An issuer whose JWTs are accepted: which of them are its own, how they are verified, and what they allow.</summary>
internal sealed class TrustedIssuer(JwtIssuerOptions options, int index)
{
    private const int MaxActorLength = 100;

    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>Keys that are not known are asked for again, but not more often than this, whatever clients send.</summary>
    private static readonly TimeSpan KeysAtMostEvery = TimeSpan.FromSeconds(30);

    /// <summary>Signatures by a private key of the issuer only: what is signed with a shared secret, or not at all, proves nothing.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>The authentication scheme, as ASP.NET Core knows it.</summary>
    public string Scheme { get; } = $"Jwt{index}";

    /// <summary>Whether a token claims to be one of its own. Nothing is verified by that.</summary>
    public bool Claims(JsonWebToken token) => token.Issuer == options.Issuer && token.Audiences.Contains(options.Audience);

    public void Configure(JwtBearerOptions bearer)
    {
        bearer.MapInboundClaims = false;
        bearer.ForwardChallenge = AccessTokenDefaults.Scheme;
        bearer.ForwardForbid = AccessTokenDefaults.Scheme;
        bearer.ConfigurationManager = Keys();
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = options.Issuer,
            ValidAudience = options.Audience,
            ValidAlgorithms = Algorithms,
            RequireExpirationTime = true,
            ClockSkew = ClockSkew,
        };
        bearer.Events = new JwtBearerEvents { OnTokenValidated = AcceptAsync, OnAuthenticationFailed = ExplainAsync };
    }

    /// <summary>A key that the issuer has taken back is not believed for an hour more, as it is unless that is said.</summary>
    private ConfigurationManager<OpenIdConnectConfiguration> Keys()
    {
        var retriever = new HttpDocumentRetriever { RequireHttps = options.RequireHttps };
        var keys = options.JwksUri is { Length: > 0 } address
            ? new ConfigurationManager<OpenIdConnectConfiguration>(address, new JwksRetriever(options.Issuer), retriever)
            : new ConfigurationManager<OpenIdConnectConfiguration>(
                options.KeysFrom.TrimEnd('/') + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(), retriever);
        keys.RefreshInterval = KeysAtMostEvery;
        keys.UseLastKnownGoodConfiguration = false;
        return keys;
    }

    private async Task AcceptAsync(TokenValidatedContext context)
    {
        var claims = context.Principal!;
        var services = context.HttpContext.RequestServices;
        var tenantName = string.IsNullOrWhiteSpace(options.Tenant) ? claims.FindFirstValue(options.TenantClaim!) : options.Tenant;
        if (claims.FindFirstValue(options.SubjectClaim) is not { Length: > 0 } subject
            || (options.Subjects.Count > 0 && !options.Subjects.Contains(subject))
            || string.IsNullOrEmpty(tenantName)
            || await services.GetRequiredService<AcceptedTokens>().FindTenantAsync(tenantName, context.HttpContext.RequestAborted) is not { } tenantId)
        {
            context.Fail("The token is verified, but is not for a client or tenant that is accepted.");
            return;
        }

        var token = new AuthenticatedToken(tenantId, tenantName, IdOf(subject), ActorOf(subject), ScopesOf(claims));
        services.GetRequiredService<TenantContext>().Accept(token);
        context.Principal = ScopeClaims.PrincipalOf(token, Scheme);
    }

    /// <summary>A token that cannot be verified because its issuer's keys cannot be had is not a wrong one.</summary>
    private static async Task ExplainAsync(AuthenticationFailedContext context)
    {
        if (context.Exception is not SecurityTokenSignatureKeyNotFoundException and not InvalidOperationException)
        {
            return;
        }

        try
        {
            await context.Options.ConfigurationManager!.GetConfigurationAsync(context.HttpContext.RequestAborted);
        }
        catch (InvalidOperationException)
        {
            AccessTokenHandler.SetUnverifiable(context.HttpContext);
        }

        context.Fail(context.Exception);
    }

    private AccessScopes ScopesOf(ClaimsPrincipal claims)
    {
        var scopes = AccessScopeNames.Parse(options.Scopes ?? "");
        foreach (var value in claims.FindAll(options.ScopeClaim).SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            scopes |= options.Roles.TryGetValue(value, out var granted) ? AccessScopeNames.Parse(granted) : AccessScopeNames.Find(value);
        }

        return scopes & ~AccessScopes.Admin;
    }

    private string ActorOf(string subject)
    {
        var actor = $"{options.Name}:{subject}";
        return actor.Length <= MaxActorLength ? actor : actor[..MaxActorLength];
    }

    /// <summary>One id for all tokens of a client, as there is one for each access token.</summary>
    private Guid IdOf(string subject) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{options.Issuer}\n{subject}")).AsSpan(0, 16));

    /// <summary>Reads bare keys as if an <c>openid-configuration</c> had named them.</summary>
    private sealed class JwksRetriever(string issuer) : IConfigurationRetriever<OpenIdConnectConfiguration>
    {
        public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(string address, IDocumentRetriever retriever, CancellationToken cancel)
        {
            var keys = new JsonWebKeySet(await retriever.GetDocumentAsync(address, cancel));
            var configuration = new OpenIdConnectConfiguration { Issuer = issuer, JsonWebKeySet = keys };
            foreach (var key in keys.GetSigningKeys())
            {
                configuration.SigningKeys.Add(key);
            }

            return configuration;
        }
    }
}
