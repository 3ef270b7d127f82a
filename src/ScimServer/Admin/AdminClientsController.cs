using Microsoft.AspNetCore.Mvc;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Http;

namespace ScimServer.Admin;

/// <summary>The clients of the token endpoint, for identity providers that want OAuth 2.0 client credentials.</summary>
[Route(AdminEndpoint.Base + "/tenants/{tenantId:int}/clients")]
public sealed class AdminClientsController(Tenants tenants, Clients clients, ClientSecrets secrets, TimeProvider time) : AdminController
{
    /// <summary>The clients of the tenant, oldest first; also disabled ones.</summary>
    [HttpGet("")]
    public async Task<IReadOnlyList<ClientView>> List(int tenantId)
    {
        var tenant = await TenantAsync(tenants, tenantId);
        return [.. (await clients.ListAsync(tenant.Name, Aborted)).Select(View)];
    }

    /// <summary>One client.</summary>
    [HttpGet("{clientId:guid}")]
    public async Task<ClientView> Get(int tenantId, Guid clientId) => View(await RequireAsync(tenantId, clientId));

    /// <summary>Makes a client. Its secret is in this answer and nowhere else.</summary>
    [HttpPost("")]
    [ProducesResponseType<IssuedSecretView>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Create(int tenantId, [FromBody] CreateTokenRequest request)
    {
        var tenant = await TenantAsync(tenants, tenantId);
        var token = request.ToToken(time.GetUtcNow());
        var client = new NewClient(token.Name) { Scopes = token.Scopes, ExpiresAt = token.ExpiresAt, IdentityProvider = token.IdentityProvider };
        return Issued(await clients.CreateAsync(tenant.Name, client, Aborted));
    }

    /// <summary>Makes another secret. The one before it is accepted until the overlap ends; a client has two valid secrets at most.</summary>
    [HttpPost("{clientId:guid}/rotate")]
    [ProducesResponseType<IssuedSecretView>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Rotate(int tenantId, Guid clientId, [FromBody] RotateTokenRequest request)
    {
        await RequireAsync(tenantId, clientId);
        var expiresAt = CreateTokenRequest.InFuture(request.ExpiresAt, time.GetUtcNow());
        return Issued(await secrets.RotateAsync(clientId, request.Overlap, expiresAt, Aborted));
    }

    /// <summary>Revokes a secret, and the access tokens that were got with it. Every instance refuses them within five seconds.</summary>
    [HttpDelete("{clientId:guid}/secrets/{secretId:guid}")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public async Task<IActionResult> Revoke(int tenantId, Guid clientId, Guid secretId)
    {
        await RequireAsync(tenantId, clientId);
        await secrets.RevokeAsync(clientId, secretId, Aborted);
        return NoContent();
    }

    /// <summary>Refuses the client and its access tokens until it is enabled again. Every instance does so within five seconds.</summary>
    [HttpPost("{clientId:guid}/disable")]
    public async Task<ClientView> Disable(int tenantId, Guid clientId)
    {
        await RequireAsync(tenantId, clientId);
        await clients.DisableAsync(clientId, Aborted);
        return View(await RequireAsync(tenantId, clientId));
    }

    /// <summary>Accepts a disabled client again.</summary>
    [HttpPost("{clientId:guid}/enable")]
    public async Task<ClientView> Enable(int tenantId, Guid clientId)
    {
        await RequireAsync(tenantId, clientId);
        await clients.EnableAsync(clientId, Aborted);
        return View(await RequireAsync(tenantId, clientId));
    }

    /// <summary>Deletes the client with its secrets. Every instance refuses its access tokens within five seconds.</summary>
    [HttpDelete("{clientId:guid}")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public async Task<IActionResult> Delete(int tenantId, Guid clientId)
    {
        await RequireAsync(tenantId, clientId);
        await clients.DeleteAsync(clientId, Aborted);
        return NoContent();
    }

    private async Task<Client> RequireAsync(int tenantId, Guid clientId)
    {
        var tenant = await TenantAsync(tenants, tenantId);
        return await clients.FindAsync(clientId, Aborted) is { } client && client.TenantId == tenant.Id
            ? client
            : throw new AccessException($"The tenant has no client with the id {clientId}.") { Fault = AccessFault.NotFound };
    }

    private ObjectResult Issued(IssuedSecret issued) => Issued(new IssuedSecretView(issued.Secret, issued.SecretId, View(issued.Client)));

    private ClientView View(Client client) => ClientView.Of(client, time.GetUtcNow());
}
