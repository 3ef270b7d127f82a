using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace ScimServer.OAuth;

/// <summary>Signs with the key of the database instead of one of this process.</summary>
internal sealed class SignWithSharedKey(AccessTokenKeys keys) : IOpenIddictServerHandler<GenerateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<GenerateTokenContext>()
        .UseSingletonHandler<SignWithSharedKey>()
        .SetOrder(OpenIddictServerHandlers.Protection.AttachSecurityCredentials.Descriptor.Order + 1)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public async ValueTask HandleAsync(GenerateTokenContext context) =>
        context.SigningCredentials = new SigningCredentials(await keys.CurrentAsync(context.CancellationToken), SecurityAlgorithms.EcdsaSha256);
}

/// <summary>Publishes the keys of the database (RFC 7517), for gateways that want to look into access tokens.</summary>
internal sealed class PublishKeys(AccessTokenKeys keys) : IOpenIddictServerHandler<HandleJsonWebKeySetRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<HandleJsonWebKeySetRequestContext>()
        .UseSingletonHandler<PublishKeys>()
        .SetOrder(OpenIddictServerHandlers.Discovery.AttachSigningKeys.Descriptor.Order)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public async ValueTask HandleAsync(HandleJsonWebKeySetRequestContext context) => context.Keys.AddRange(await keys.PublishedAsync(context.CancellationToken));
}
