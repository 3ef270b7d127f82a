using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Scim.EntityFrameworkCore.Access;
using Scim.EntityFrameworkCore.Rows;
using Scim.EntityFrameworkCore.Streams;
using Scim.Errors;
using Scim.Json;
using ScimServer.Http;

namespace ScimServer.Events.SecurityEvents;

/// <summary>Streams of a tenant, managed by their receiver as the Shared Signals Framework 1.0 has it (EVT-76, EVT-77).</summary>
[Route(StreamAddress.Path)]
public sealed class StreamsController(EventStreams streams, TenantContext tenant, ScimRequestReader reader, StreamAddress address, StreamRegistration registration)
    : SsfController(streams, tenant)
{
    /// <summary>Makes a stream.</summary>
    [HttpPost("streams")]
    public async Task<IActionResult> Create()
    {
        var request = StreamConfiguration.Read(await reader.ReadObjectAsync(Request));
        var stream = await registration.CreateAsync(Tenant, address.For(Request), request, Aborted);
        return Json(StreamConfiguration.Show(stream, address.For(Request)), StatusCodes.Status201Created);
    }

    /// <summary>One stream, or all.</summary>
    [HttpGet("streams")]
    public async Task<IActionResult> Read([FromQuery(Name = "stream_id")] string? streamId) => Json(streamId is not null
        ? StreamConfiguration.Show(await StreamAsync(streamId), address.For(Request))
        : new JsonArray([.. (await Streams.ListAsync(Tenant.Id, Aborted)).Select(stream => (JsonNode)StreamConfiguration.Show(stream, address.For(Request)))]));

    /// <summary>Changes what is given.</summary>
    [HttpPatch("streams")]
    public Task<IActionResult> Update() => ChangeAsync(isWhole: false);

    /// <summary>Changes everything that a receiver gives: what is left out is deleted.</summary>
    [HttpPut("streams")]
    public Task<IActionResult> Replace() => ChangeAsync(isWhole: true);

    /// <summary>Deletes a stream.</summary>
    [HttpDelete("streams")]
    public async Task<IActionResult> Delete([FromQuery(Name = "stream_id")] string? streamId)
    {
        var stream = await StreamAsync(streamId);
        await Streams.DeleteAsync(Tenant, stream.Id, Aborted);
        return NoContent();
    }

    /// <summary>The status of a stream.</summary>
    [HttpGet("status")]
    public async Task<IActionResult> ReadStatus([FromQuery(Name = "stream_id")] string? streamId) => Json(StreamConfiguration.ShowStatus(await StreamAsync(streamId)));

    /// <summary>Enables, pauses or disables a stream.</summary>
    [HttpPost("status")]
    public async Task<IActionResult> ChangeStatus()
    {
        var body = await reader.ReadObjectAsync(Request);
        var stream = await StreamAsync(StreamConfiguration.Text(body, "stream_id"));
        var status = StreamConfiguration.Text(body, "status") switch
        {
            "enabled" => StreamStatus.Enabled,
            "paused" => StreamStatus.Paused,
            "disabled" => StreamStatus.Disabled,
            _ => throw StreamConfiguration.Wrong("status", "\"enabled\", \"paused\" or \"disabled\""),
        };
        return Json(StreamConfiguration.ShowStatus(await Streams.SetStatusAsync(Tenant, stream.Id, status, StreamConfiguration.Text(body, "reason"), tellsReceiver: false, Aborted)));
    }

    /// <summary>Has a verification sent.</summary>
    [HttpPost("verify")]
    public async Task<IActionResult> Verify()
    {
        var body = await reader.ReadObjectAsync(Request);
        var stream = await StreamAsync(StreamConfiguration.Text(body, "stream_id"));
        await Streams.VerifyAsync(Tenant, stream.Id, StreamConfiguration.Text(body, "state"), Aborted);
        return NoContent();
    }

    private async Task<IActionResult> ChangeAsync(bool isWhole)
    {
        var body = await reader.ReadObjectAsync(Request);
        var stream = await StreamAsync(StreamConfiguration.Text(body, "stream_id"));
        RequireSame(body, stream);
        var request = StreamConfiguration.Read(body);
        var hasDelivery = isWhole || body["delivery"] is not null;
        if (hasDelivery && (request.EndpointUrl is not null) != (stream.Delivery == StreamDelivery.Push))
        {
            throw ScimErrors.InvalidValue("The method of delivery of a stream cannot be changed. Delete it and make another.");
        }

        var endpoint = hasDelivery && request.EndpointUrl is not null ? registration.Endpoint(request.EndpointUrl) : stream.EndpointUrl;
        var authorization = hasDelivery ? await registration.SealAsync(stream.Id, request.Authorization, Aborted) : stream.Authorization;
        var changed = await Streams.ChangeAsync(
            Tenant,
            stream.Id,
            row =>
            {
                if (isWhole || request.Events is not null)
                {
                    (row.Events, row.Mode) = (request.Events?.ToArray(), request.Mode);
                }

                row.Description = isWhole || body.ContainsKey("description") ? request.Description : row.Description;
                (row.EndpointUrl, row.Authorization) = (endpoint, authorization);
            },
            Aborted);
        return Json(StreamConfiguration.Show(changed, address.For(Request)));
    }

    /// <summary>What the server gives may be sent back, but not changed.</summary>
    private static void RequireSame(JsonObject body, EventStreamRow stream)
    {
        var audience = body["aud"] is JsonArray { Count: 1 } single ? single[0] : body["aud"];
        if ((body["iss"] is not null && JsonText.AsString(body["iss"]) != stream.Issuer) || (audience is not null && JsonText.AsString(audience) != stream.Audience))
        {
            throw ScimErrors.InvalidValue("\"iss\" and \"aud\" are the server's and cannot be changed.");
        }
    }

    private ContentResult Json(JsonNode node, int status = StatusCodes.Status200OK)
    {
        Response.Headers.CacheControl = "no-store";
        return new ContentResult { Content = node.ToJsonString(), ContentType = "application/json", StatusCode = status };
    }
}
