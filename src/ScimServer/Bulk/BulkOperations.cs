using System.Text.Json.Nodes;
using Scim.Bulk;
using Scim.EntityFrameworkCore.Resources;
using Scim.Errors;
using Scim.Projections;
using Scim.Resources;
using Scim.Schemas;
using ScimServer.Http;

namespace ScimServer.Bulk;

/// <summary>
/// Carries out one operation as the single request would be: the same reader, the same dialect rules, the same store. Only
/// what identifies the resource comes back, since a bulk does not answer with resources.
/// </summary>
internal sealed class BulkOperations(ResourceStore store, ScimRequestReader reader, HttpContext http)
{
    /// <summary>Under which the log tells of a failure.</summary>
    public string CorrelationId => http.TraceIdentifier;

    /// <summary>What is answered for a failure of the server.</summary>
    public ScimError Failure => StatusErrors.For(StatusCodes.Status500InternalServerError, http);

    public Task<Resource> CreateAsync(ResourceType type, JsonObject data, CancellationToken cancellationToken) =>
        store.ForOperation().CreateAsync(type, reader.ReadResource(http, data, type, RequestKind.Create), Projection.Minimal(type), cancellationToken);

    /// <summary>Creates resources of one type: all of them, or none.</summary>
    public Task<IReadOnlyList<Resource>> CreateTogetherAsync(ResourceType type, IEnumerable<JsonObject> data, CancellationToken cancellationToken) =>
        store.CreateTogetherAsync(type, [.. data.Select(item => reader.ReadResource(http, item, type, RequestKind.Create))], cancellationToken);

    public Task<Resource> ReplaceAsync(ResourceType type, string id, BulkOperation operation, CancellationToken cancellationToken) =>
        store.ForOperation().ReplaceAsync(
            type, id, reader.ReadResource(http, operation.Data!, type, RequestKind.Replace), operation.Condition, Projection.Minimal(type), cancellationToken);

    public async Task<Resource> PatchAsync(ResourceType type, string id, JsonObject data, VersionCondition condition, CancellationToken cancellationToken)
    {
        var patch = reader.ReadPatch(http, data, type);
        var resource = await store.ForOperation().PatchAsync(type, id, patch, condition, Projection.Minimal(type), cancellationToken);
        reader.Note(http, type, patch.Notes);
        return resource;
    }

    public Task DeleteAsync(ResourceType type, string id, VersionCondition condition, CancellationToken cancellationToken) =>
        store.ForOperation().DeleteAsync(type, id, condition, cancellationToken);
}
