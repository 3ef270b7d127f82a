using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using OpenIddict.Server.AspNetCore;

namespace ScimServer.OAuth;

/// <summary>Runs OpenIddict, for the endpoints that are its own and for no other.</summary>
internal static class OAuthServer
{
    /// <summary>Lets OpenIddict answer; false when the request is none of those that it knows.</summary>
    public static async Task<bool> AnswerAsync(HttpContext context)
    {
        var handlers = context.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
        return await handlers.GetHandlerAsync(context, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme) is IAuthenticationRequestHandler handler
            && await handler.HandleRequestAsync();
    }
}

/// <summary>
/// Keeps OpenIddict out of the way of all other requests: the authentication middleware would ask it about each, which costs more than an access token does. Its endpoints
/// are in the route table like all others and call it themselves.
/// </summary>
internal sealed class EndpointSchemes(IOptions<AuthenticationOptions> options) : AuthenticationSchemeProvider(options)
{
    public override Task<IEnumerable<AuthenticationScheme>> GetRequestHandlerSchemesAsync() => Task.FromResult(Enumerable.Empty<AuthenticationScheme>());
}
