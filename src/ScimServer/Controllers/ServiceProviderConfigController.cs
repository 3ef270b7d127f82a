using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Scim;
using ScimServer.Events.SecurityEvents;
using ScimServer.Http;

namespace ScimServer.Controllers;

/// <summary>What the server can do (RFC 7643 §5).</summary>
[Route(ScimEndpoint.Base + "/ServiceProviderConfig")]
public sealed class ServiceProviderConfigController(ScimLimits limits, IOptions<ScimHttpOptions> options, IOptions<SecurityEventsOptions> events) : DiscoveryController
{
    /// <summary>The features and their limits.</summary>
    [HttpGet("")]
    [HttpHead("")]
    public IActionResult Get() =>
        new DocumentResult((writer, baseUrl) => DiscoveryWriter.WriteServiceProviderConfig(writer, baseUrl, limits, options.Value.DocumentationUri, events.Value.EventUris));
}
