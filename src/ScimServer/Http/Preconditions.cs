using Microsoft.Extensions.Primitives;
using Scim.Resources;

namespace ScimServer.Http;

/// <summary>The conditional headers of a request (RFC 7644 §3.14, RFC 9110 §13).</summary>
internal static class Preconditions
{
    /// <summary>What a write requires of the version that it replaces.</summary>
    public static ETagCondition IfMatch(HttpRequest request) => Read(request.Headers.IfMatch);

    /// <summary>True when the client has the version already: the answer is 304 without a body.</summary>
    public static bool IsNotModified(HttpRequest request, Meta meta)
    {
        var condition = Read(request.Headers.IfNoneMatch);
        return condition.IsPresent && condition.Matches(meta.Version);
    }

    private static ETagCondition Read(StringValues header) => header.Count == 0 ? ETagCondition.None : ETagCondition.Parse(header);
}
