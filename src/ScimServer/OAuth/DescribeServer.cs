using OpenIddict.Server;
using ScimServer.Authentication;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace ScimServer.OAuth;

/// <summary>Lets the metadata (RFC 8414) name the addresses as clients reach them, and the authentication by JWTs of trusted issuers where there are any.</summary>
internal sealed class DescribeServer(AcceptedJwts jwts) : IOpenIddictServerHandler<HandleConfigurationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<HandleConfigurationRequestContext>()
        .UseSingletonHandler<DescribeServer>()
        .SetOrder(int.MaxValue - 1)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        if (context.Options.Issuer is { } issuer)
        {
            context.TokenEndpoint = Below(issuer, context.TokenEndpoint);
            context.JsonWebKeySetEndpoint = Below(issuer, context.JsonWebKeySetEndpoint);
        }

        if (jwts.HasIssuers)
        {
            context.TokenEndpointAuthenticationMethods.Add(ClientAuthenticationMethods.PrivateKeyJwt);
        }

        // Of OpenID Connect, which this is not.
        context.IdTokenSigningAlgorithms.Clear();
        context.SubjectTypes.Clear();
        return ValueTask.CompletedTask;
    }

    /// <summary>The issuer may be below a path of its own, which a proxy takes away.</summary>
    private static Uri? Below(Uri issuer, Uri? address) => address is null ? null : new Uri(issuer.AbsoluteUri.TrimEnd('/') + address.AbsolutePath);
}
