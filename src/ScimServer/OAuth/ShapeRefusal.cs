using Microsoft.AspNetCore;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using ScimServer.Authentication;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace ScimServer.OAuth;

/// <summary>
/// Gives refusals the words and statuses of this server: the same for a client that does not exist and one with a wrong secret, and 429 when an address has sent too many.
/// </summary>
internal sealed class ShapeRefusal(FailureLimit failures) : IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyTokenResponseContext>()
        .UseSingletonHandler<ShapeRefusal>()
        .SetOrder(OpenIddictServerAspNetCoreHandlers.AttachWwwAuthenticateHeader<ApplyTokenResponseContext>.Descriptor.Order + 500)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        if (string.IsNullOrEmpty(context.Response.Error) || context.Transaction.GetHttpRequest()?.HttpContext is not { } http)
        {
            return ValueTask.CompletedTask;
        }

        context.Response.ErrorUri = null;
        if (context.Response.Error != Errors.InvalidClient)
        {
            return ValueTask.CompletedTask;
        }

        var refusal = TokenRefusal.OfClient(http, failures, $"{context.Request?.ClientId}:{context.Request?.ClientSecret}");
        refusal.Apply(http);
        (context.Response.Error, context.Response.ErrorDescription) = (refusal.Error, refusal.Description);
        return ValueTask.CompletedTask;
    }
}
