using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Authentication;

namespace ScimServer.Benchmarks;

/// <summary>Takes everyone for the tenant of the benchmarks: what authentication costs is seen by its absence.</summary>
internal sealed class TrustingHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TenantContext tenant)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private static readonly AuthenticatedToken Everyone = new(1, "default", Guid.Empty, "everyone");

    private static readonly AuthenticateResult Accepted =
        AuthenticateResult.Success(new AuthenticationTicket(ScopeClaims.PrincipalOf(Everyone, AccessTokenDefaults.Scheme), AccessTokenDefaults.Scheme));

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        tenant.Accept(Everyone);
        return Task.FromResult(Accepted);
    }
}
