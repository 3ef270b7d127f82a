using System.Security.Claims;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using Scim.EntityFrameworkCore.Access;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace ScimServer.OAuth;

/// <summary>In the place of OpenIddict's own check, which knows one secret of a client: takes any that is valid.</summary>
internal sealed class CheckClientSecret(ClientSecrets secrets) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessAuthenticationContext>()
        .UseSingletonHandler<CheckClientSecret>()
        .SetOrder(OpenIddictServerHandlers.ValidateClientSecret.Descriptor.Order)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.EndpointType != OpenIddictServerEndpointType.Token)
        {
            return;
        }

        if (await secrets.AuthenticateAsync(context.ClientId ?? "", context.ClientSecret ?? "", context.CancellationToken) is { } client)
        {
            context.Transaction.SetProperty(nameof(AuthenticatedClient), client);

            // For the log alone: the line of the request names tenant and client.
            context.Transaction.GetHttpRequest()?.HttpContext.RequestServices.GetRequiredService<TenantContext>().Accept(client.Client);
            return;
        }

        context.Reject(Errors.InvalidClient);
    }
}

/// <summary>Gives the client an access token for the scopes that it asks for, or for all that it may have (RFC 6749 §4.4.3).</summary>
internal sealed class IssueToken(TimeProvider time) : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    /// <summary>How long an access token is accepted, unless the secret expires before.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(65);

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<HandleTokenRequestContext>()
        .UseSingletonHandler<IssueToken>()
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        // Without it the request has not been authenticated: nothing may be given then, whatever lets the request get here.
        var client = context.Transaction.GetProperty<AuthenticatedClient>(nameof(AuthenticatedClient)) ?? throw new InvalidOperationException("No client is authenticated.");
        var may = AccessScopeNames.Of(client.Client.Scopes).ToList();
        var asked = context.Request.GetScopes();
        if (asked.Any(scope => !may.Contains(scope)))
        {
            context.Reject(Errors.InvalidScope, $"The client may have no other scopes than: {string.Join(' ', may)}.");
            return ValueTask.CompletedTask;
        }

        var identity = new ClaimsIdentity(authenticationType: nameof(IssueToken), nameType: Claims.Name, roleType: Claims.Role)
            .SetClaim(Claims.Subject, client.Client.TokenId.ToString())
            .SetClaim(ClientTokens.SecretClaim, client.SecretId.ToString())
            .SetScopes(asked.IsEmpty ? may : asked)
            .SetResources(ClientTokens.Audience)
            .SetDestinations(static _ => [Destinations.AccessToken]);
        var left = client.ExpiresAt - time.GetUtcNow();
        var principal = new ClaimsPrincipal(identity).SetAccessTokenLifetime(left < Lifetime ? left : Lifetime);
        context.SignIn(principal, new Dictionary<string, OpenIddictParameter> { [Parameters.Scope] = string.Join(' ', identity.GetScopes()) });
        return ValueTask.CompletedTask;
    }
}
