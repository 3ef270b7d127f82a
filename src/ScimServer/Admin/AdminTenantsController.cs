using Microsoft.AspNetCore.Mvc;
using Scim.EntityFrameworkCore.Access;
using ScimServer.Http;

namespace ScimServer.Admin;

/// <summary>Tenants.</summary>
[Route(AdminEndpoint.Base + "/tenants")]
public sealed class AdminTenantsController(Tenants tenants, TenantDeletions deletions) : AdminController
{
    /// <summary>All tenants by name.</summary>
    [HttpGet("")]
    public async Task<IReadOnlyList<TenantView>> List() => [.. (await tenants.ListAsync(Aborted)).Select(TenantView.Of)];

    /// <summary>One tenant.</summary>
    [HttpGet("{tenantId:int}")]
    public async Task<TenantView> Get(int tenantId) => TenantView.Of(await TenantAsync(tenants, tenantId));

    /// <summary>Creates a tenant.</summary>
    [HttpPost("")]
    [ProducesResponseType<TenantView>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Create([FromBody] CreateTenantRequest request)
    {
        var tenant = await tenants.CreateAsync(request.Name ?? "", Aborted);
        return Created(new Uri($"{AdminEndpoint.BasePath}/tenants/{tenant.Id}", UriKind.Relative), TenantView.Of(tenant));
    }

    /// <summary>Refuses the tenant's tokens until it is enabled again. Every instance does so within five seconds.</summary>
    [HttpPost("{tenantId:int}/disable")]
    public async Task<TenantView> Disable(int tenantId)
    {
        await tenants.DisableAsync((await TenantAsync(tenants, tenantId)).Name, Aborted);
        return TenantView.Of(await TenantAsync(tenants, tenantId));
    }

    /// <summary>Accepts the tokens of a disabled tenant again.</summary>
    [HttpPost("{tenantId:int}/enable")]
    public async Task<TenantView> Enable(int tenantId)
    {
        await tenants.EnableAsync((await TenantAsync(tenants, tenantId)).Name, Aborted);
        return TenantView.Of(await TenantAsync(tenants, tenantId));
    }

    /// <summary>
    /// Deletes the tenant with everything of it, for ever. Its tokens are refused at once; the rest follows while the server runs,
    /// and the tenant is gone when that is done. If the server was stopped meanwhile, delete it again.
    /// </summary>
    [HttpDelete("{tenantId:int}")]
    [ProducesResponseType<TenantView>(StatusCodes.Status202Accepted)]
    public async Task<IActionResult> Delete(int tenantId)
    {
        var tenant = await TenantAsync(tenants, tenantId);
        return Accepted(TenantView.Of(await deletions.BeginAsync(tenant.Name, Aborted)));
    }
}
