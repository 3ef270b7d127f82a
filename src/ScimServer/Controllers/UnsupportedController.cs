using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Scim.Errors;
using Scim.Resources;
using ScimServer.Http;

namespace ScimServer.Controllers;

/// <summary>
/// Endpoints of the protocol that this server does not have. 501 (RFC 7644 §3.12) tells an administrator what 404 would
/// leave open: the address is right, the feature is missing.
/// </summary>
[Route(ScimEndpoint.Base)]
[ApiExplorerSettings(IgnoreApi = true)]
public sealed class UnsupportedController(ScimRequestReader reader) : ControllerBase
{
    private const string BulkRequestUrn = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

    /// <summary>Several operations in one request (RFC 7644 §3.7).</summary>
    [HttpPost("Bulk")]
    public async Task<IActionResult> Bulk()
    {
        var body = await reader.ReadObjectAsync(Request);
        if (!(body["schemas"] is JsonArray schemas && schemas.Any(urn => JsonText.AsString(urn) == BulkRequestUrn)))
        {
            throw ScimErrors.InvalidSyntax($"The body of a bulk must have \"schemas\": [\"{BulkRequestUrn}\"].");
        }

        throw ScimErrors.NotImplemented("Bulk operations are not supported; /ServiceProviderConfig says so. Send the operations one by one.");
    }

    /// <summary>The alias of whoever is authenticated (RFC 7644 §3.11): a token is a client's, not a user's.</summary>
    [Route("Me")]
    public IActionResult Me() => throw ScimErrors.NotImplemented("/Me is not supported: a token stands for a client, not for a user.");
}
