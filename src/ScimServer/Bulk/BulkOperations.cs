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
/// what identifies the resource comes back, since a bulk does not answer with resources. The log connects the <c>txn</c> of each
/// operation with the request (debug level).
/// </summary>
internal sealed partial class BulkOperations(ResourceStore store, ScimRequestReader reader, HttpContext http, ILogger logger)
{
    /// <summary>Under which the log tells of a failure.</summary>
    public string CorrelationId => http.TraceIdentifier;

    /// <summary>What is answered for a failure of the server.</summary>
    public ScimError Failure => StatusErrors.For(StatusCodes.Status500InternalServerError, http);

    public Task<Resource> CreateAsync(ResourceType type, JsonObject data, CancellationToken cancellationToken) => WriteAsync(
        one => one.CreateAsync(type, reader.ReadResource(http, data, type, RequestKind.Create), Projection.Minimal(type), cancellationToken));

    /// <summary>Creates resources of one type: all of them, or none.</summary>
    public async Task<IReadOnlyList<Resource>> CreateTogetherAsync(ResourceType type, IEnumerable<JsonObject> data, CancellationToken cancellationToken)
    {
        var created = await store.CreateTogetherAsync(type, [.. data.Select(item => reader.ReadResource(http, item, type, RequestKind.Create))], cancellationToken);
        foreach (var (resource, txn) in created)
        {
            Log.Written(logger, type.Name, resource.Id, txn, CorrelationId);
        }

        return [.. created.Select(pair => pair.Resource)];
    }

    public Task<Resource> ReplaceAsync(ResourceType type, string id, BulkOperation operation, CancellationToken cancellationToken) => WriteAsync(
        one => one.ReplaceAsync(
            type, id, reader.ReadResource(http, operation.Data!, type, RequestKind.Replace), operation.Condition, Projection.Minimal(type), cancellationToken));

    public async Task<Resource> PatchAsync(ResourceType type, string id, JsonObject data, VersionCondition condition, CancellationToken cancellationToken)
    {
        var patch = reader.ReadPatch(http, data, type);
        var resource = await WriteAsync(one => one.PatchAsync(type, id, patch, condition, Projection.Minimal(type), cancellationToken));
        reader.Note(http, type, patch.Notes);
        return resource;
    }

    public async Task DeleteAsync(ResourceType type, string id, VersionCondition condition, CancellationToken cancellationToken)
    {
        var one = store.ForOperation();
        await one.DeleteAsync(type, id, condition, cancellationToken);
        Log.Written(logger, type.Name, Guid.Parse(id), one.Txn, CorrelationId);
    }

    private async Task<Resource> WriteAsync(Func<ResourceStore, Task<Resource>> write)
    {
        var one = store.ForOperation();
        var resource = await write(one);
        Log.Written(logger, resource.Type.Name, resource.Id, one.Txn, CorrelationId);
        return resource;
    }

    private static partial class Log
    {
        [LoggerMessage(1005, LogLevel.Debug, "An operation of a bulk wrote {ResourceType} {ResourceId}; txn={Txn} correlation={CorrelationId}")]
        public static partial void Written(ILogger logger, string resourceType, Guid resourceId, Guid txn, string correlationId);
    }
}
