using Scim.Errors;
using Scim.Schemas;

namespace Scim.Bulk;

/// <summary>What the <c>path</c> of an operation names: a resource type, and within it a resource (RFC 7644 §3.7).</summary>
/// <param name="Type">The resource type.</param>
/// <param name="Id">The id, or <c>bulkId:…</c>; null when the path is that of the type.</param>
public sealed record BulkTarget(ResourceType Type, string? Id)
{
    /// <summary>
    /// Reads a path relative to the base URL, <c>/Users</c> or <c>/Users/{id}</c>. All that follows the second slash is the id:
    /// a bulkId may hold any character.
    /// </summary>
    /// <exception cref="ScimException">404 when no resource type has the endpoint.</exception>
    public static BulkTarget Parse(string path, SchemaRegistry schemas) => Find(path, schemas)
        ?? throw ScimErrors.NotFound($"There is no resource type at \"{ScimErrors.Shorten(path)}\". A path is relative to the base URL: {Endpoints(schemas)}, and the id behind it for all but POST.");

    /// <summary>The same; null when no resource type has the endpoint.</summary>
    internal static BulkTarget? Find(string path, SchemaRegistry schemas)
    {
        var parts = path.TrimStart('/').Split('/', 2);
        return schemas.FindByEndpoint(parts[0]) is { } type ? new BulkTarget(type, parts is [_, { Length: > 0 } id] ? id : null) : null;
    }

    private static string Endpoints(SchemaRegistry schemas) => string.Join(" or ", schemas.ResourceTypes.Select(type => type.Endpoint));
}
