using Scim.Errors;
using Scim.Resources;

namespace ScimServer.Http;

/// <summary>
/// The conditional headers of a request for one resource (RFC 7644 §3.14, RFC 9110 §13). If-Modified-Since and
/// If-Unmodified-Since are ignored, as RFC 9110 §13.1.3 and §13.1.4 demand where no Last-Modified is sent: a version tells two
/// changes within one second apart, a date does not.
/// </summary>
internal static class Preconditions
{
    /// <exception cref="ScimException">400 for what is no entity tag.</exception>
    public static VersionCondition Of(HttpRequest request) => new(
        ETagCondition.Parse("If-Match", request.Headers.IfMatch),
        ETagCondition.Parse("If-None-Match", request.Headers.IfNoneMatch));
}
