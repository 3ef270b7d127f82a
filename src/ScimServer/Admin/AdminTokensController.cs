using Microsoft.AspNetCore.Mvc;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Http;

namespace ScimServer.Admin;

/// <summary>The access tokens of a tenant. Tokens of the operator are made on the server's command line only.</summary>
[Route(AdminEndpoint.Base + "/tenants/{tenantId:int}/tokens")]
public sealed class AdminTokensController(Tenants tenants, AccessTokens tokens, TokenRotation rotation, TimeProvider time) : AdminController
{
    /// <summary>The tokens of the tenant, oldest first; also expired and revoked ones.</summary>
    [HttpGet("")]
    public async Task<IReadOnlyList<TokenView>> List(int tenantId)
    {
        var tenant = await TenantAsync(tenants, tenantId);
        return [.. (await tokens.ListAsync(tenant.Name, Aborted)).Select(View)];
    }

    /// <summary>Makes a token. Its secret is in this answer and nowhere else.</summary>
    [HttpPost("")]
    [ProducesResponseType<IssuedTokenView>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Create(int tenantId, [FromBody] CreateTokenRequest request)
    {
        var tenant = await TenantAsync(tenants, tenantId);
        return Issued(await tokens.CreateAsync(tenant.Name, request.ToToken(time.GetUtcNow()), Aborted));
    }

    /// <summary>Makes a token that takes the place of another. Both are accepted until the overlap ends.</summary>
    [HttpPost("{tokenId:guid}/rotate")]
    [ProducesResponseType<IssuedTokenView>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Rotate(int tenantId, Guid tokenId, [FromBody] RotateTokenRequest request)
    {
        await RequireAsync(tenantId, tokenId);
        var expiresAt = CreateTokenRequest.InFuture(request.ExpiresAt, time.GetUtcNow());
        return Issued(await rotation.RotateAsync(tokenId, request.Overlap, expiresAt, Aborted));
    }

    /// <summary>Sets when a token stops being accepted, sooner or later than it would have.</summary>
    [HttpPut("{tokenId:guid}/expiry")]
    public async Task<TokenView> Expire(int tenantId, Guid tokenId, [FromBody] ExpireTokenRequest request)
    {
        await RequireAsync(tenantId, tokenId);
        if (!await tokens.ExpireAsync(tokenId, request.Time(time.GetUtcNow()), Aborted))
        {
            throw new AccessException($"The token {tokenId} is revoked.") { Fault = AccessFault.Conflict };
        }

        return View(await RequireAsync(tenantId, tokenId));
    }

    /// <summary>Revokes a token. Every instance refuses it within five seconds.</summary>
    [HttpDelete("{tokenId:guid}")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public async Task<IActionResult> Revoke(int tenantId, Guid tokenId)
    {
        await RequireAsync(tenantId, tokenId);
        await tokens.RevokeAsync(tokenId, Aborted);
        return NoContent();
    }

    private async Task<AccessToken> RequireAsync(int tenantId, Guid tokenId)
    {
        var tenant = await TenantAsync(tenants, tenantId);
        return (await tokens.ListAsync(tenant.Name, Aborted)).FirstOrDefault(token => token.Id == tokenId)
            ?? throw new AccessException($"The tenant has no token with the id {tokenId}.") { Fault = AccessFault.NotFound };
    }

    private ObjectResult Issued(IssuedToken issued) => Issued(new IssuedTokenView(issued.Secret, View(issued.Token)));

    private TokenView View(AccessToken token) => TokenView.Of(token, time.GetUtcNow());
}
