using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Access;
using Scim.Errors;
using ScimServer.Http;

namespace ScimServer.Authentication;

/// <summary>
/// Accepts access tokens (RFC 6750), our own and JWTs of trusted issuers, and binds the request to the token's tenant; a token of the operator has none.
/// Unknown, expired and revoked tokens get one and the same answer; what cannot be a token is refused without a query.
/// </summary>
internal sealed class AccessTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, BearerTokens tokens, TenantContext tenant, FailureLimit failures, Outages outages)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    internal const string MissingDetail =
        "The request has no access token. Send it as \"Authorization: Bearer <token>\"; \"tokens create\" on the server's command line makes one.";

    internal const string InvalidDetail =
        "The access token is not accepted: it is mistyped, expired or revoked. \"tokens list\" on the server's command line shows which tokens there are.";

    private const string UnverifiableDetail = "The token cannot be verified at the moment: its issuer does not tell its keys. Try again later.";

    /// <summary>When to come again while an issuer does not tell its keys.</summary>
    internal const string RetryAfterSeconds = "5";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var credential = BearerCredential.Read(Request.Headers.Authorization);
        if (!credential.IsPresent)
        {
            return AuthenticateResult.NoResult();
        }

        try
        {
            var (accepted, reason) = await tokens.FindAsync(credential.Token, Context.RequestAborted);
            ScimRequestTrace.Of(Context).Mark(RequestStep.Authenticated);
            return accepted is null ? AuthenticateResult.Fail(reason) : Accept(accepted);
        }
        catch (IssuerUnavailableException unavailable)
        {
            return AuthenticateResult.Fail(unavailable);
        }
        catch (Exception exception) when (Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null && outages.Of(exception) is not null)
        {
            // What is told to everyone is told without the database, too.
            return AuthenticateResult.NoResult();
        }
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if ((await HandleAuthenticateOnceSafeAsync()).Failure is IssuerUnavailableException)
        {
            // Not 401: an identity provider would stop provisioning until somebody has looked at its credential.
            Response.Headers.RetryAfter = RetryAfterSeconds;
            await ScimErrorWriter.WriteAsync(Context, ScimErrors.Unavailable(UnverifiableDetail).Error);
            return;
        }

        await NoteAsync();
        var (token, isWrong) = BearerCredential.Read(Request.Headers.Authorization);
        if (token is not null && failures.Count(Context.Connection.RemoteIpAddress, token) is { } wait)
        {
            await TokenLimit.RefuseAsync(Context, wait);
            return;
        }

        Response.Headers.WWWAuthenticate = isWrong
            ? $"Bearer realm=\"{AccessTokenDefaults.Realm}\", error=\"invalid_token\", error_description=\"The access token is not accepted\""
            : $"Bearer realm=\"{AccessTokenDefaults.Realm}\"";
        await ScimErrorWriter.WriteAsync(Context, ScimErrors.Unauthorized(isWrong ? InvalidDetail : MissingDetail).Error);
    }

    /// <summary>The token is known, but not for this (RFC 6750 §3.1).</summary>
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        ScimRequestTrace.Of(Context).Refusal = "the token does not have the scope that the request needs";
        var scope = ScopeClaims.RequiredBy(Context);
        var named = scope is null ? "" : $", scope=\"{scope}\"";
        Response.Headers.WWWAuthenticate =
            $"Bearer realm=\"{AccessTokenDefaults.Realm}\", error=\"insufficient_scope\", error_description=\"The access token does not allow this request\"{named}";
        var detail = scope is null ? "The access token does not allow this request." : ScopeDetail(scope);
        return ScimErrorWriter.WriteAsync(Context, ScimErrors.Forbidden(detail).Error);
    }

    /// <summary>
    /// Notes the true reason for the operator, as far as it is known without a query: the client hears nothing of it, and waits for nothing of it.
    /// </summary>
    private async Task NoteAsync()
    {
        var trace = ScimRequestTrace.Of(Context);
        var header = Request.Headers.Authorization;
        trace.Refusal = CredentialFault.Of(header);
        if (trace.Refusal is null && BearerCredential.Read(header).Token is { } token)
        {
            trace.Refusal = JwtShape.IsOne(token) ? (await HandleAuthenticateOnceSafeAsync()).Failure?.Message : null;
            trace.RefusedHash = TokenSecret.Hash(token);
        }

        trace.Refusal ??= "the token is not one of this server, or has been deleted";
    }

    private AuthenticateResult Accept(AuthenticatedToken accepted)
    {
        if (!accepted.IsOperator)
        {
            tenant.Accept(accepted);
        }

        return AuthenticateResult.Success(new AuthenticationTicket(ScopeClaims.PrincipalOf(accepted, Scheme.Name), Scheme.Name));
    }

    internal static string ScopeDetail(string scope) =>
        $"The access token does not have the scope \"{scope}\" that this request needs. \"tokens create\" on the server's command line makes one that has.";
}
