namespace ScimServer.Http;

/// <summary>Where the protocol is served, and as what.</summary>
public static class ScimEndpoint
{
    /// <summary>The base path without slashes around it, for route templates. RFC 7644 §3.13 puts the version last.</summary>
    public const string Base = "scim/v2";

    /// <summary>The base path.</summary>
    public const string BasePath = "/" + Base;

    /// <summary>The media type of SCIM (RFC 7644 §8.1).</summary>
    public const string MediaType = "application/scim+json";

    internal static bool Has(HttpRequest request) => request.Path.StartsWithSegments(BasePath, StringComparison.OrdinalIgnoreCase);
}
