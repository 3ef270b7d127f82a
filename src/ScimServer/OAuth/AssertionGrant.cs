using System.Text.Json.Serialization;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Authentication;
using ScimServer.Http;

namespace ScimServer.OAuth;

/// <summary>
/// Answers clients that authenticate by a JWT of a trusted issuer (RFC 7523 §2.2), as Entra ID does with workload identity federation (ENTRA-78). The assertion is itself accepted as
/// access token, so it is what is answered: nothing is stored, and it ends when the issuer says.
/// </summary>
internal sealed partial class AssertionGrant(AcceptedJwts jwts, TenantContext tenant, FailureLimit failures, TimeProvider time, ILogger<AssertionGrant> logger)
{
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private const string Assertion = "client_assertion";
    private const string AssertionType = "client_assertion_type";

    /// <summary>Whether the client authenticates so.</summary>
    public static bool IsAsked(IFormCollection form) => form.ContainsKey(Assertion) || form.ContainsKey(AssertionType);

    public async Task AnswerAsync(HttpContext context, IFormCollection form)
    {
        if (form[AssertionType] != Type || form[Assertion].Count != 1)
        {
            await TokenRefusal.NotAuthenticated(context, $"The client must send one {Assertion}, with the {AssertionType} {Type}.").WriteAsync(context);
            return;
        }

        try
        {
            await ExchangeAsync(context, form[Assertion].ToString(), form["client_id"].ToString());
        }
        catch (IssuerUnavailableException)
        {
            await TokenRefusal.Unavailable($"The issuer of the {Assertion} does not tell its keys.", AccessTokenHandler.RetryAfterSeconds).WriteAsync(context);
        }
    }

    private async Task ExchangeAsync(HttpContext context, string assertion, string clientId)
    {
        var (jwt, reason) = JwtShape.IsOne(assertion) ? await jwts.VerifyAsync(assertion, context.RequestAborted) : JwtVerdict.Refused("it is no JWT");
        if (jwt is { SecretId: not null })
        {
            // An access token of this server would beget the next one for ever.
            (jwt, reason) = JwtVerdict.Refused("it is an access token of this server");
        }

        var owner = jwt is null ? null : await jwts.OwnerAsync(jwt, context.RequestAborted);
        if (owner is null || !IsClient(jwt!, clientId))
        {
            var why = jwt is null ? reason : owner is null ? "its tenant is not served" : "the client_id is another";
            ScimRequestTrace.Of(context).Refusal = $"the {Assertion} was not accepted at the token endpoint: {why}";
            Log.Refused(logger, why);
            await TokenRefusal.OfClient(context, failures, assertion, $"The {Assertion} is not accepted.").WriteAsync(context);
            return;
        }

        tenant.Accept(owner);
        var left = Math.Max(1, (int)(jwt!.ExpiresAt - time.GetUtcNow()).TotalSeconds);
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(new Granted(assertion, "Bearer", left, AccessScopeNames.Format(jwt.Scopes)), context.RequestAborted);
    }

    /// <summary>The id that was given out for the connection, which is the issuer's name here, or the one that the issuer uses.</summary>
    private static bool IsClient(VerifiedJwt jwt, string clientId) => clientId.Length == 0 || clientId == jwt.Issuer || clientId == jwt.Client;

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

    private static partial class Log
    {
        [LoggerMessage(3003, LogLevel.Information, "A client_assertion is not accepted: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
