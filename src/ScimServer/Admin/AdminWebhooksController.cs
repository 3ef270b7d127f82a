using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Webhooks;
using Scim.Schemas;
using ScimServer.Events.Webhooks;
using ScimServer.Http;
using ScimServer.Outbound;

namespace ScimServer.Admin;

/// <summary>Webhooks: of a tenant, with its events, or of the operator, with the events of all tenants and operational ones.</summary>
[Route(AdminEndpoint.Base + "/webhooks")]
[Route(AdminEndpoint.Base + "/tenants/{tenantId:int}/webhooks")]
public sealed class AdminWebhooksController(Tenants tenants, WebhookEndpoints webhooks, WebhookQueries queries, WebhookReplays replays, SchemaRegistry schemas) : AdminController
{
    /// <summary>The webhooks, oldest first.</summary>
    [HttpGet("")]
    public async Task<IReadOnlyList<WebhookView>> List() =>
        [.. (await webhooks.ListAsync((await OwnerAsync())?.Id ?? WebhookEndpoints.Operator, Aborted)).Select(WebhookView.Of)];

    /// <summary>Adds a webhook, which gets what happens from now on. Its secret is in this answer and nowhere else.</summary>
    [HttpPost("")]
    [ProducesResponseType<IssuedWebhookView>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Add([FromBody] AddWebhookRequest request, [FromServices] IOptions<OutboundOptions> outbound)
    {
        var tenant = await OwnerAsync();
        return Issued(await webhooks.AddAsync(tenant, WebhookFilter.Check(request.ToWebhook(), outbound.Value, schemas), Aborted));
    }

    /// <summary>One webhook.</summary>
    [HttpGet("{webhookId:guid}")]
    public async Task<WebhookView> Get(Guid webhookId) => WebhookView.Of(await FindAsync(webhookId));

    /// <summary>Deletes a webhook with everything about it.</summary>
    [HttpDelete("{webhookId:guid}")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public async Task<IActionResult> Delete(Guid webhookId)
    {
        await webhooks.DeleteAsync(await FindAsync(webhookId), Aborted);
        return NoContent();
    }

    /// <summary>Makes a new secret. The one before signs beside it until the overlap ends.</summary>
    [HttpPost("{webhookId:guid}/rotate")]
    [ProducesResponseType<IssuedWebhookView>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Rotate(Guid webhookId, [FromBody] RotateWebhookRequest request) =>
        Issued(await webhooks.RotateAsync(await FindAsync(webhookId), request.Overlap, Aborted));

    /// <summary>Sends nothing any more, until it is enabled.</summary>
    [HttpPost("{webhookId:guid}/disable")]
    public async Task<WebhookView> Disable(Guid webhookId) =>
        WebhookView.Of(await webhooks.DisableAsync(await FindAsync(webhookId), Aborted));

    /// <summary>Goes on where it was: what happened meanwhile is sent, as far as it is kept.</summary>
    [HttpPost("{webhookId:guid}/enable")]
    public async Task<WebhookView> Enable(Guid webhookId) =>
        WebhookView.Of(await webhooks.EnableAsync(await FindAsync(webhookId), Aborted));

    /// <summary>Sends events anew, with the ids and bytes of the first time: one event, those of a resource, or those of a time.</summary>
    [HttpPost("{webhookId:guid}/replay")]
    public async Task<ReplayView> Replay(Guid webhookId, [FromBody] ReplayRequest request)
    {
        var webhook = await FindAsync(webhookId);
        var of = RouteTenantId ?? request.Tenant ?? throw new AccessException("\"tenant\" must name the tenant whose events are meant.") { Field = "tenant" };
        await TenantAsync(tenants, of);
        return new ReplayView(await replays.ReplayAsync(webhook, of, request.ToReplay(WebhookFilter.Of(webhook.Given, schemas)), Aborted));
    }

    /// <summary>The latest attempts to deliver, newest first.</summary>
    /// <param name="webhookId">The webhook.</param>
    /// <param name="failed">Only those that failed.</param>
    /// <param name="count">So many at most: 1 to 1000.</param>
    [HttpGet("{webhookId:guid}/attempts")]
    public async Task<IReadOnlyList<AttemptView>> Attempts(Guid webhookId, [FromQuery] bool failed = false, [FromQuery] int count = 100)
    {
        var webhook = await FindAsync(webhookId);
        return [.. (await queries.AttemptsAsync(webhook, failed, Count(count), Aborted)).Select(AttemptView.Of)];
    }

    /// <summary>The tenant of the path; null for the webhooks of the operator.</summary>
    private int? RouteTenantId => RouteData.Values.TryGetValue("tenantId", out var id) ? int.Parse((string)id!, CultureInfo.InvariantCulture) : null;

    private async Task<Tenant?> OwnerAsync() => RouteTenantId is { } id ? await TenantAsync(tenants, id) : null;

    private async Task<Webhook> FindAsync(Guid id)
    {
        var tenant = await OwnerAsync();
        return await webhooks.FindAsync(tenant?.Id ?? WebhookEndpoints.Operator, id, Aborted)
            ?? throw new AccessException($"There is no webhook with the id {id}.") { Fault = AccessFault.NotFound };
    }

    private ObjectResult Issued(IssuedWebhook issued) => Issued(new IssuedWebhookView(issued.Secret, WebhookView.Of(issued.Webhook)));
}
