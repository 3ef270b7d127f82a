namespace Scim.EntityFrameworkCore.Filters;

/// <summary>Takes ids out of the URLs of resources, <c>https://…/Users/2819c223-7f76-453a-919d-413861904646</c>.</summary>
internal static class Locations
{
    /// <summary>The id at the end of a URL behind an endpoint (any endpoint when null), or null.</summary>
    public static Guid? IdBehind(string url, string? endpoint)
    {
        var slash = url.LastIndexOf('/');
        if (slash < 0 || !Guid.TryParseExact(url[(slash + 1)..], "D", out var id))
        {
            return null;
        }

        return endpoint is null || url[..slash].EndsWith(endpoint, StringComparison.OrdinalIgnoreCase) ? id : null;
    }
}
