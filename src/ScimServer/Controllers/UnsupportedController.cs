using Microsoft.AspNetCore.Mvc;
using Scim.Errors;
using ScimServer.Http;

namespace ScimServer.Controllers;

/// <summary>
/// Endpoints of the protocol that this server does not have. 501 (RFC 7644 §3.12) tells an administrator what 404 would
/// leave open: the address is right, the feature is missing.
/// </summary>
[Route(ScimEndpoint.Base)]
[ApiExplorerSettings(IgnoreApi = true)]
public sealed class UnsupportedController : ControllerBase
{
    /// <summary>The alias of whoever is authenticated (RFC 7644 §3.11): a token is a client's, not a user's.</summary>
    [Route("Me")]
    public IActionResult Me() => throw ScimErrors.MeNotImplemented();
}
