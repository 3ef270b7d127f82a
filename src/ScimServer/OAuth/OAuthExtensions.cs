using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Http;
using ScimServer.OAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the token endpoint for clients that want OAuth 2.0, and what tells of it.</summary>
internal static class OAuthExtensions
{
    private const string Keys = "/.well-known/jwks";

    /// <summary>Where clients and gateways read about the server (RFC 8414).</summary>
    private const string Metadata = "/.well-known/oauth-authorization-server";

    private const int SymmetricKeyBytes = 32;

    /// <summary>Client credentials by OpenIddict (RFC 6749 §4.4), by JWTs of trusted issuers (RFC 7523), and the verification of what is given out.</summary>
    public static void AddScimOAuth(this IServiceCollection services)
    {
        services.TryAddSingleton<AccessTokenKeys>();
        services.TryAddSingleton<ClientTokens>();
        services.TryAddScoped<AssertionGrant>();
        services.TryAddScoped<TokenEndpoint>();
        services.Replace(ServiceDescriptor.Singleton<IAuthenticationSchemeProvider, EndpointSchemes>());
        services.AddOpenIddict().AddServer(server =>
        {
            server.SetTokenEndpointUris(TokenEndpoint.Path).SetConfigurationEndpointUris(Metadata).SetJsonWebKeySetEndpointUris(Keys);
            server.AllowClientCredentialsFlow().SetAccessTokenLifetime(IssueToken.Lifetime).DisableAccessTokenEncryption();

            // A token ends with its secret, client and tenant, which are looked up anyway; so none is stored.
            server.DisableTokenStorage().DisableAuthorizationStorage();

            // What a client may ask for is in its own row, and IssueToken looks at it.
            server.DisableScopeValidation().DisableAudienceValidation().DisableResourceValidation();
            server.IgnoreEndpointPermissions().IgnoreGrantTypePermissions().IgnoreScopePermissions().IgnoreAudiencePermissions().IgnoreResourcePermissions();
            server.RemoveEventHandler(OpenIddictServerHandlers.ValidateClientSecret.Descriptor).RemoveEventHandler(OpenIddictServerHandlers.Discovery.AttachSigningKeys.Descriptor);
            server.AddEventHandler(CheckClientSecret.Descriptor).AddEventHandler(IssueToken.Descriptor).AddEventHandler(ShapeRefusal.Descriptor);
            server.AddEventHandler(SignWithSharedKey.Descriptor).AddEventHandler(PublishKeys.Descriptor).AddEventHandler(DescribeServer.Descriptor);

            // Asked for at start, and never used: SignWithSharedKey takes those of the database, and nothing is encrypted.
            server.AddSigningKey(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256))).AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(SymmetricKeyBytes)));
            server.UseAspNetCore().DisableTransportSecurityRequirement();
        });
        services.AddOptions<OpenIddictServerOptions>().Configure<IOptions<ScimHttpOptions>>((server, http) =>
        {
            server.Issuer = IssuerOf(http.Value.PublicBaseUrl);
            server.Scopes.Clear();
            server.Scopes.UnionWith([AccessScopeNames.ScimRead, AccessScopeNames.ScimWrite, AccessScopeNames.Events]);
            server.ClientAuthenticationMethods.IntersectWith(
                [OpenIddictConstants.ClientAuthenticationMethods.ClientSecretBasic, OpenIddictConstants.ClientAuthenticationMethods.ClientSecretPost]);
        });
    }

    /// <summary>Maps the token endpoint, the metadata and the keys.</summary>
    public static void MapScimOAuth(this WebApplication app)
    {
        app.MapPost(TokenEndpoint.Path, context => context.RequestServices.GetRequiredService<TokenEndpoint>().AnswerAsync(context))
            .AllowAnonymous()
            .ExcludeFromDescription()
            .WithMetadata(new ErrorForm((context, error) => TokenRefusal.Of(context, error).WriteAsync(context)));
        foreach (var path in (string[])[Metadata, Keys])
        {
            app.MapGet(path, async context => await OAuthServer.AnswerAsync(context)).AllowAnonymous().ExcludeFromDescription();
        }
    }

    /// <summary>The address of the server without the base path of SCIM; null when it is taken from each request.</summary>
    private static Uri? IssuerOf(string? baseUrl)
    {
        var text = baseUrl?.Trim().TrimEnd('/');
        return string.IsNullOrEmpty(text) ? null : new Uri(text.EndsWith(ScimEndpoint.BasePath, StringComparison.OrdinalIgnoreCase) ? text[..^ScimEndpoint.BasePath.Length] : text);
    }
}
