using Microsoft.AspNetCore.Mvc;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Streams;
using ScimServer.Events.SecurityEvents;
using ScimServer.Http;

namespace ScimServer.Admin;

/// <summary>Streams of security event tokens (RFC 9967) to receivers of a tenant.</summary>
[Route(AdminEndpoint.Base + "/tenants/{tenantId:int}/streams")]
[StreamsEnabled]
public sealed class AdminStreamsController(Tenants tenants, EventStreams streams, StreamRegistration registration, StreamAddress address) : AdminController
{
    /// <summary>The streams of the tenant, oldest first.</summary>
    [HttpGet("")]
    public async Task<IReadOnlyList<StreamView>> List(int tenantId)
    {
        var tenant = await TenantAsync(tenants, tenantId);
        var views = new List<StreamView>();
        foreach (var stream in await streams.ListAsync(tenant.Id, Aborted))
        {
            views.Add(await ViewAsync(stream));
        }

        return views;
    }

    /// <summary>One stream.</summary>
    [HttpGet("{streamId:guid}")]
    public async Task<StreamView> Get(int tenantId, Guid streamId) => await ViewAsync(await StreamAsync(await TenantAsync(tenants, tenantId), streamId));

    /// <summary>Makes a stream, which tells what happens from now on. With an endpoint its tokens are pushed, without one they are polled.</summary>
    [HttpPost("")]
    [ProducesResponseType<StreamView>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Create(int tenantId, [FromBody] CreateStreamRequest request)
    {
        var tenant = await TenantAsync(tenants, tenantId);
        var stream = await registration.CreateAsync(tenant, address.For(Request), request.ToRequest(), Aborted);
        return Created(new Uri($"{AdminEndpoint.BasePath}/tenants/{tenant.Id}/streams/{stream.Id}", UriKind.Relative), await ViewAsync(stream));
    }

    /// <summary>Sends nothing until the stream is enabled again; what happens meanwhile is sent then. The receiver is told.</summary>
    [HttpPost("{streamId:guid}/pause")]
    public Task<StreamView> Pause(int tenantId, Guid streamId, [FromBody] StreamReason request) => SetStatusAsync(tenantId, streamId, StreamStatus.Paused, request);

    /// <summary>Sends again: a paused stream goes on where it was, a disabled one tells what happens from now on.</summary>
    [HttpPost("{streamId:guid}/enable")]
    public Task<StreamView> Enable(int tenantId, Guid streamId, [FromBody] StreamReason request) => SetStatusAsync(tenantId, streamId, StreamStatus.Enabled, request);

    /// <summary>Sends nothing, and forgets what was not taken: it is never sent. The receiver is told.</summary>
    [HttpPost("{streamId:guid}/disable")]
    public Task<StreamView> Disable(int tenantId, Guid streamId, [FromBody] StreamReason request) => SetStatusAsync(tenantId, streamId, StreamStatus.Disabled, request);

    /// <summary>Has a token sent that shows the receiver that the stream works.</summary>
    [HttpPost("{streamId:guid}/verify")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public async Task<IActionResult> Verify(int tenantId, Guid streamId, [FromBody] StreamVerification request)
    {
        await streams.VerifyAsync(await TenantAsync(tenants, tenantId), streamId, request.State, Aborted);
        return NoContent();
    }

    /// <summary>What went wrong lately, newest first: tokens that the receiver refused or did not get.</summary>
    [HttpGet("{streamId:guid}/errors")]
    public async Task<IReadOnlyList<StreamErrorView>> Errors(int tenantId, Guid streamId)
    {
        var stream = await StreamAsync(await TenantAsync(tenants, tenantId), streamId);
        return [.. (await streams.ErrorsAsync(stream.TenantId, stream.Id, Aborted)).Select(StreamErrorView.Of)];
    }

    /// <summary>Deletes the stream with everything that it has not told yet.</summary>
    [HttpDelete("{streamId:guid}")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public async Task<IActionResult> Delete(int tenantId, Guid streamId)
    {
        var tenant = await TenantAsync(tenants, tenantId);
        await StreamAsync(tenant, streamId);
        await streams.DeleteAsync(tenant, streamId, Aborted);
        return NoContent();
    }

    private async Task<StreamView> SetStatusAsync(int tenantId, Guid streamId, StreamStatus status, StreamReason request)
    {
        var tenant = await TenantAsync(tenants, tenantId);
        return await ViewAsync(await streams.SetStatusAsync(tenant, streamId, status, request.Reason, tellsReceiver: true, Aborted));
    }

    private async Task<EventStreamRow> StreamAsync(Tenant tenant, Guid id) =>
        await streams.FindAsync(tenant.Id, id, Aborted) ?? throw new AccessException($"There is no stream with the id {id}.") { Fault = AccessFault.NotFound };

    private async Task<StreamView> ViewAsync(EventStreamRow stream) => StreamView.Of(stream, await streams.CountWaitingAsync(stream.TenantId, stream.Id, Aborted));
}
