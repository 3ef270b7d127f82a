using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ScimServer.Authentication;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the authentication of SCIM clients.</summary>
internal static class AuthenticationExtensions
{
    /// <summary>
    /// Access tokens and the JWTs of trusted issuers as bearer tokens, and a policy for each scope. An endpoint that does not say that it is open to everyone needs one; an address
    /// without an endpoint is 404 for everyone, so that a mistyped base URL does not look like a wrong token.
    /// </summary>
    public static void AddScimAuthentication(this IServiceCollection services)
    {
        services.AddScimOptions<JwtOptions, JwtOptionsValidator>(JwtOptions.Section);
        services.TryAddSingleton<AcceptedJwts>();
        services.TryAddSingleton<BearerTokens>();
        services
            .AddAuthentication(AccessTokenDefaults.Scheme)
            .AddScheme<AuthenticationSchemeOptions, AccessTokenHandler>(AccessTokenDefaults.Scheme, _ => { });
        services.AddScimOptions<AccessOptions>(AccessOptions.Section);
        services.AddHostedService<TokenUseWriter>();
        services.AddSingleton<FailureLimit>();
        services.AddRateLimiter(_ => { });
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<RateLimiterOptions>, TokenLimit>());
        var authorization = services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(IsAllowed).Build());
        foreach (var scope in ScimPolicies.All)
        {
            authorization.AddPolicy(scope, ScopeClaims.Require(scope));
        }
    }

    private static bool IsAllowed(AuthorizationHandlerContext context) =>
        context.User.Identity is { IsAuthenticated: true } || (context.Resource is HttpContext http && http.GetEndpoint() is null);
}
