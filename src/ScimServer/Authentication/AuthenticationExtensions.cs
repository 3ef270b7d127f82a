using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using ScimServer.Authentication;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the authentication of SCIM clients.</summary>
internal static class AuthenticationExtensions
{
    /// <summary>Access tokens as bearer tokens. What does not say that it is open to everyone needs one.</summary>
    public static void AddAccessTokenAuthentication(this IServiceCollection services)
    {
        services
            .AddAuthentication(AccessTokenDefaults.Scheme)
            .AddScheme<AuthenticationSchemeOptions, AccessTokenHandler>(AccessTokenDefaults.Scheme, _ => { });
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }
}
