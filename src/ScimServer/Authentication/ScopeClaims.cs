using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Authentication;

/// <summary>The scopes of a credential as claims, which the policies look at.</summary>
internal static class ScopeClaims
{
    /// <summary>The claim that holds one scope.</summary>
    private const string Type = "scope";

    public static ClaimsPrincipal PrincipalOf(AuthenticatedToken token, string scheme)
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, token.TokenName)], scheme);
        identity.AddClaims(AccessScopeNames.Of(token.Scopes).Select(scope => new Claim(Type, scope)));
        return new ClaimsPrincipal(identity);
    }

    public static AuthorizationPolicy Require(string scope) => new AuthorizationPolicyBuilder().RequireClaim(Type, scope).Build();

    /// <summary>The scope that the endpoint of a refused request asks for, or null.</summary>
    public static string? RequiredBy(HttpContext context) => context.GetEndpoint()?.Metadata
        .GetOrderedMetadata<IAuthorizeData>()
        .Select(data => data.Policy)
        .FirstOrDefault(policy => policy is not null && ScimPolicies.All.Contains(policy));
}
