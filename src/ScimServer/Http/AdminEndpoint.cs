namespace ScimServer.Http;

/// <summary>Where the server is administered.</summary>
public static class AdminEndpoint
{
    /// <summary>The base path without slashes around it, for route templates.</summary>
    public const string Base = "admin";

    /// <summary>The base path.</summary>
    public const string BasePath = "/" + Base;

    internal static bool Has(HttpRequest request) => request.Path.StartsWithSegments(BasePath, StringComparison.OrdinalIgnoreCase);
}
