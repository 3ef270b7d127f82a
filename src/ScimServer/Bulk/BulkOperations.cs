using System.Text.Json.Nodes;
using Scim.Bulk;
using Scim.EntityFrameworkCore.Provisioning;
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
    // The writes of an operation: what it asks for, the references that were put off, and taking both back.
    private const int First = 0;
    private const int Completion = 1;
    private const int Undoing = 2;

    /// <summary>Under which the log tells of a failure.</summary>
    public string CorrelationId => http.TraceIdentifier;

    /// <summary>What is answered for a failure of the server.</summary>
    public ScimError Failure => StatusErrors.For(StatusCodes.Status500InternalServerError, http);

    /// <summary>What is answered when a failure is one of the database; null when it is something else.</summary>
    public ScimError? OutageOf(Exception failure) => http.RequestServices.GetRequiredService<Outages>().Of(failure)?.Error;

    public Task<Resource> CreateAsync(ResourceType type, int index, JsonObject data, CancellationToken cancellationToken) => WriteAsync(
        index,
        First,
        one => one.CreateAsync(type, reader.ReadResource(http, data, type, RequestKind.Create), Projection.Minimal(type), cancellationToken));

    /// <summary>Creates resources of one type: all of them, or none.</summary>
    public async Task<IReadOnlyList<Resource>> CreateTogetherAsync(
        ResourceType type, IEnumerable<(int Index, JsonObject Data)> operations, CancellationToken cancellationToken)
    {
        var created = await store.CreateTogetherAsync(
            type, operations.Select(operation => (operation.Index, reader.ReadResource(http, operation.Data, type, RequestKind.Create))), cancellationToken);
        foreach (var (resource, txn) in created)
        {
            Log.Written(logger, type.Name, resource.Id, RequestReference.Format(txn), CorrelationId);
        }

        return [.. created.Select(pair => pair.Resource)];
    }

    public Task<Resource> ReplaceAsync(ResourceType type, string id, BulkOperation operation, JsonObject data, CancellationToken cancellationToken) => WriteAsync(
        operation.Index,
        First,
        one => one.ReplaceAsync(
            type, id, reader.ReadResource(http, data, type, RequestKind.Replace), operation.Condition, Projection.Minimal(type), cancellationToken));

    public Task<Resource> PatchAsync(ResourceType type, string id, BulkOperation operation, JsonObject data, CancellationToken cancellationToken) =>
        PatchAsync(type, id, operation.Index, First, data, operation.Condition, cancellationToken);

    /// <summary>Adds to a resource that the operation has created the references that were put off.</summary>
    public Task<Resource> CompleteAsync(ResourceType type, string id, int index, JsonObject data, CancellationToken cancellationToken) =>
        PatchAsync(type, id, index, Completion, data, VersionCondition.None, cancellationToken);

    public Task DeleteAsync(ResourceType type, string id, BulkOperation operation, CancellationToken cancellationToken) =>
        DeleteAsync(type, id, operation.Index, First, operation.Condition, cancellationToken);

    /// <summary>Deletes again what the operation has created.</summary>
    public Task UndoAsync(ResourceType type, string id, int index) => DeleteAsync(type, id, index, Undoing, VersionCondition.None, CancellationToken.None);

    private async Task<Resource> PatchAsync(
        ResourceType type, string id, int index, int step, JsonObject data, VersionCondition condition, CancellationToken cancellationToken)
    {
        try
        {
            var patch = reader.ReadPatch(http, data, type);
            var resource = await WriteAsync(index, step, one => one.PatchAsync(type, id, patch, condition, Projection.Minimal(type), cancellationToken));
            reader.Note(http, type, patch.Notes);
            return resource;
        }
        catch (ScimException refusal) when (refusal.Place is not null)
        {
            throw Placed(refusal, index, step);
        }
    }

    /// <summary>
    /// A PATCH names its operation by its index, which beside the bulk's own would be taken for one of these. The PATCH that adds what was put off was not sent by the
    /// client, so its index says nothing.
    /// </summary>
    private static ScimException Placed(ScimException refusal, int index, int step) => step == First ? refusal.In(index) : refusal.WithoutPlace();

    private async Task DeleteAsync(ResourceType type, string id, int index, int step, VersionCondition condition, CancellationToken cancellationToken)
    {
        var one = store.ForOperation(index, step);
        await one.DeleteAsync(type, id, condition, cancellationToken);
        Log.Written(logger, type.Name, Guid.Parse(id), RequestReference.Format(one.Txn), CorrelationId);
    }

    private async Task<Resource> WriteAsync(int index, int step, Func<ResourceStore, Task<Resource>> write)
    {
        var one = store.ForOperation(index, step);
        var resource = await write(one);
        Log.Written(logger, resource.Type.Name, resource.Id, RequestReference.Format(one.Txn), CorrelationId);
        return resource;
    }

    private static partial class Log
    {
        [LoggerMessage(1005, LogLevel.Debug, "An operation of a bulk wrote {ResourceType} {ResourceId}; txn={Txn} correlation={CorrelationId}")]
        public static partial void Written(ILogger logger, string resourceType, Guid resourceId, string txn, string correlationId);
    }
}
