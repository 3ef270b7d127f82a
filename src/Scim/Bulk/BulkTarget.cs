using Scim.Errors;
using Scim.Schemas;

namespace Scim.Bulk;

/// <summary>What the <c>path</c> of an operation names: a resource type, and within it a resource (RFC 7644 §3.7).</summary>
/// <param name="Type">The resource type.</param>
/// <param name="Id">The id, or <c>bulkId:…</c>; null when the path is that of the type.</param>
/// <param name="Query">The query of the path with its question mark; empty when there is none.</param>
public sealed record BulkTarget(ResourceType Type, string? Id, string Query = "")
{
    /// <summary>Endpoints at which nothing is written, and how many segments their paths have at most.</summary>
    private static readonly (string Name, int Segments)[] OtherEndpoints =
        [("ServiceProviderConfig", 1), ("ResourceTypes", 2), ("Schemas", 2), ("Bulk", 1), (".search", 1)];

    /// <summary>Reads a path relative to the base URL, <c>/Users</c> or <c>/Users/{id}</c>, as the URL of the single request.</summary>
    /// <param name="path">The path.</param>
    /// <param name="schemas">The resource types.</param>
    /// <param name="isBulkId">Whether a POST of the bulk has the bulkId. It may hold any character, so a path that ends in one need be no URL.</param>
    /// <exception cref="ScimException">The refusal of the single request: 404 where nothing is, 405 where nothing is written, 501 for /Me.</exception>
    public static BulkTarget Parse(string path, SchemaRegistry schemas, Func<string, bool> isBulkId) =>
        Find(path, schemas, isBulkId) ?? throw Refusal(path, BulkPath.Parse(path).Segments, schemas);

    /// <summary>The same; null where there is no resource type.</summary>
    /// <inheritdoc cref="Parse"/>
    internal static BulkTarget? Find(string path, SchemaRegistry schemas, Func<string, bool> isBulkId)
    {
        var url = BulkPath.Parse(path);
        if (url.Segments is not [var endpoint, ..] || schemas.FindByEndpoint(endpoint) is not { } type)
        {
            return null;
        }

        BulkTarget? target = url.Segments switch
        {
            [_] => new(type, null, url.Query),
            [_, var id] => new(type, id, url.Query),
            _ => null,
        };
        return Reference(path) is { } reference && (IsKnown(reference) || !IsKnown(target?.Id)) ? new(type, reference) : target;

        bool IsKnown(string? id) => id is not null && BulkReferences.Name(id) is { } name && isBulkId(name);
    }

    /// <summary>All that follows the endpoint, when it is a reference; else null.</summary>
    private static string? Reference(string path) =>
        path.TrimStart('/').Split('/', 2) is [_, var rest] && rest.TrimStart('/') is var id && BulkReferences.Name(id) is not null ? id : null;

    private static ScimException Refusal(string path, IReadOnlyList<string> segments, SchemaRegistry schemas)
    {
        if (segments is [var only] && only.Equals("Me", StringComparison.OrdinalIgnoreCase))
        {
            return ScimErrors.MeNotImplemented();
        }

        var isOther = segments is not [var endpoint, ..]
            || OtherEndpoints.Any(other => segments.Count <= other.Segments && other.Name.Equals(endpoint, StringComparison.OrdinalIgnoreCase));
        return isOther ? ScimErrors.MethodNotAllowed($"Nothing can be written at \"{ScimErrors.Shorten(path)}\". {Expected(schemas)}") : NothingAt(path, schemas);
    }

    private static ScimException NothingAt(string path, SchemaRegistry schemas) =>
        ScimErrors.NotFound($"There is no resource type at \"{ScimErrors.Shorten(path)}\". {Expected(schemas)}");

    private static string Expected(SchemaRegistry schemas) =>
        $"A path is relative to the base URL: {string.Join(" or ", schemas.ResourceTypes.Select(type => type.Endpoint))}, and the id behind it for all but POST.";
}
