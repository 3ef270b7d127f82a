using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Scim.EntityFrameworkCore.Access;

namespace ScimServer.Authentication;

/// <summary>
/// The token endpoint for clients that authenticate by a JWT of a trusted issuer (RFC 6749 §4.4, RFC 7523 §2.2), as Entra ID does with workload identity
/// federation (ENTRA-78). The assertion is itself accepted as access token, so it is what is answered: nothing is stored, and it ends when the issuer says.
/// </summary>
internal sealed partial class TokenEndpoint(AcceptedJwts jwts, TenantContext tenant, FailureLimit failures, TimeProvider time, ILogger<TokenEndpoint> logger)
{
    public const string Path = "/oauth/token";

    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private const int MaxBodyBytes = 32 * 1024;
    private const int MaxParameters = 20;

    public async Task AnswerAsync(HttpContext context)
    {
        if (await ReadFormAsync(context) is not { } form)
        {
            await RefuseAsync(context, "invalid_request", "The body must be a form (application/x-www-form-urlencoded) of a few parameters.");
        }
        else if (form["grant_type"] != "client_credentials")
        {
            await RefuseAsync(context, form.ContainsKey("grant_type") ? "unsupported_grant_type" : "invalid_request", "The grant_type must be client_credentials.");
        }
        else if (form["client_assertion_type"] != AssertionType || form["client_assertion"].Count != 1)
        {
            await RefuseAsync(context, "invalid_client", $"The client must send one client_assertion, with the client_assertion_type {AssertionType}.");
        }
        else
        {
            await ExchangeAsync(context, form["client_assertion"].ToString(), form["client_id"].ToString());
        }
    }

    private async Task ExchangeAsync(HttpContext context, string assertion, string clientId)
    {
        try
        {
            var (jwt, reason) = JwtShape.IsOne(assertion) ? await jwts.VerifyAsync(assertion, context.RequestAborted) : JwtVerdict.Refused("it is no JWT");
            var owner = jwt is null ? null : await jwts.OwnerAsync(jwt, context.RequestAborted);
            if (owner is null || !IsClient(jwt!, clientId))
            {
                Log.Refused(logger, jwt is null ? reason : owner is null ? "its tenant is not served" : "the client_id is another");
                await RefuseAssertionAsync(context);
                return;
            }

            tenant.Accept(owner);
            var left = Math.Max(1, (int)(jwt!.ExpiresAt - time.GetUtcNow()).TotalSeconds);
            await WriteAsync(context, StatusCodes.Status200OK, new Granted(assertion, "Bearer", left, AccessScopeNames.Format(jwt.Scopes)));
        }
        catch (IssuerUnavailableException)
        {
            context.Response.Headers.RetryAfter = AccessTokenHandler.RetryAfterSeconds;
            await WriteAsync(context, StatusCodes.Status503ServiceUnavailable, new Refused("temporarily_unavailable", "The issuer of the client_assertion does not tell its keys."));
        }
    }

    /// <summary>Wrong assertions count as wrong tokens do.</summary>
    private Task RefuseAssertionAsync(HttpContext context)
    {
        if (failures.Count(context.Connection.RemoteIpAddress) is not { } wait)
        {
            return RefuseAsync(context, "invalid_client", "The client_assertion is not accepted.");
        }

        context.Response.Headers.RetryAfter = TokenLimit.Seconds(wait);
        return WriteAsync(context, StatusCodes.Status429TooManyRequests, new Refused("temporarily_unavailable", "Too many client_assertions that are not accepted."));
    }

    /// <summary>The id that was given out for the connection, which is the issuer's name here, or the one that the issuer uses.</summary>
    private static bool IsClient(VerifiedJwt jwt, string clientId) => clientId.Length == 0 || clientId == jwt.Issuer || clientId == jwt.Client;

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

    /// <summary>RFC 6749 §5.2: 401 for a client that used the Authorization header, 400 for all others.</summary>
    private static Task RefuseAsync(HttpContext context, string error, string description)
    {
        var isByHeader = error == "invalid_client" && context.Request.Headers.ContainsKey(HeaderNames.Authorization);
        if (isByHeader)
        {
            context.Response.Headers.WWWAuthenticate = $"Basic realm=\"{AccessTokenDefaults.Realm}\"";
        }

        return WriteAsync(context, isByHeader ? StatusCodes.Status401Unauthorized : StatusCodes.Status400BadRequest, new Refused(error, description));
    }

    private static Task WriteAsync<T>(HttpContext context, int status, T answer)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(answer, context.RequestAborted);
    }

    /// <summary>RFC 6749 §5.1.</summary>
    private sealed record Granted(
        [property: JsonPropertyName("access_token")] string AccessToken,
        [property: JsonPropertyName("token_type")] string TokenType,
        [property: JsonPropertyName("expires_in")] int ExpiresIn,
        [property: JsonPropertyName("scope")] string Scope)
    {
        /// <summary>Without the token: a record prints its members, and this one may end up in a log.</summary>
        public override string ToString() => nameof(Granted);
    }

    /// <summary>RFC 6749 §5.2.</summary>
    private sealed record Refused(
        [property: JsonPropertyName("error")] string Error, [property: JsonPropertyName("error_description")] string Description);

    private static partial class Log
    {
        [LoggerMessage(3003, LogLevel.Information, "A client_assertion is not accepted: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
