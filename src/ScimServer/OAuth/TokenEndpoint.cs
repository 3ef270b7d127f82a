using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using ScimServer.Authentication;

namespace ScimServer.OAuth;

/// <summary>
/// The token endpoint for client credentials (RFC 6749 §4.4). A client shows a secret, which OpenIddict checks and gives an access token for, or a JWT of a trusted issuer
/// (<see cref="AssertionGrant"/>).
/// </summary>
internal sealed class TokenEndpoint(AssertionGrant assertions)
{
    public const string Path = "/oauth/token";

    private const int MaxBodyBytes = 32 * 1024;
    private const int MaxParameters = 20;

    private static readonly string[] Understood = ["grant_type", "client_id", "client_secret", "scope"];

    public async Task AnswerAsync(HttpContext context)
    {
        if (HasOtherCredential(context.Request.Headers.Authorization))
        {
            await TokenRefusal.NotAuthenticated(context, "The token endpoint takes no other credentials than those of a client.").WriteAsync(context);
        }
        else if (await ReadFormAsync(context) is not { } form)
        {
            await new TokenRefusal("invalid_request", "The body must be a form (application/x-www-form-urlencoded) of a few parameters.").WriteAsync(context);
        }
        else if (form["grant_type"] != "client_credentials")
        {
            await TokenRefusal.OtherGrant(form.ContainsKey("grant_type")).WriteAsync(context);
        }
        else if (AssertionGrant.IsAsked(form))
        {
            await assertions.AnswerAsync(context, form);
        }
        else
        {
            await AnswerSecretAsync(context, form);
        }
    }

    private static async Task AnswerSecretAsync(HttpContext context, IFormCollection form)
    {
        var (header, body) = (ClientCredentials.Of(context.Request.Headers), ClientCredentials.Of(form));
        if (form.Any(field => field.Value.Count > 1))
        {
            await new TokenRefusal("invalid_request", "A parameter is given twice.").WriteAsync(context);
            return;
        }

        if (!(header ?? body).ArePossible)
        {
            // Nothing of it reaches the database.
            await TokenRefusal.OfClient(context).WriteAsync(context);
            return;
        }

        if (header == body)
        {
            // RFC 6749 §2.3 forbids to send both, but Entra ID can be told to (ENTRA-77). What is the same twice is not ambiguous.
            context.Request.Headers.Authorization = default;
        }

        // The rest is passed over (RFC 6749 §3.2), whatever OpenIddict would make of it.
        context.Features.Set<IFormFeature>(new FormFeature(new FormCollection(form.Where(field => Understood.Contains(field.Key)).ToDictionary())));
        if (!await OAuthServer.AnswerAsync(context))
        {
            await new TokenRefusal("invalid_request", $"The token endpoint is {Path}.").WriteAsync(context);
        }
    }

    private static bool HasOtherCredential(StringValues header) => header.Count > 1 || (header is [{ } text] && !text.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase));

    private static async Task<IFormCollection?> ReadFormAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType || context.Request.ContentLength > MaxBodyBytes)
        {
            return null;
        }

        try
        {
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            {
                size.MaxRequestBodySize = MaxBodyBytes;
            }

            var options = new FormOptions { ValueCountLimit = MaxParameters, ValueLengthLimit = JwtShape.MaxLength };
            return await new FormFeature(context.Request, options).ReadFormAsync(context.RequestAborted);
        }
        catch (Exception exception) when (exception is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }
}
