using System.Text.Json.Nodes;
using Scim.Bulk;
using Scim.Errors;
using Scim.Projections;
using Scim.Schemas;
using ScimServer.Http;

namespace ScimServer.Bulk;

/// <summary>
/// Runs the plan of a bulk, one operation after the other. Each is a transaction of its own, so that one that fails takes
/// nothing with it but those that refer to what it would have created.
/// </summary>
internal sealed partial class BulkRun
{
    private readonly BulkRequest request;
    private readonly BulkOperations operations;
    private readonly ResourceAddress address;
    private readonly ILogger logger;
    private readonly IReadOnlyDictionary<string, int> creators;
    private readonly BulkState[] states;
    private ILookup<string, int>? referrers;
    private int errors;

    public BulkRun(BulkRequest request, BulkOperations operations, ResourceAddress address, ILogger logger)
    {
        this.request = request;
        this.operations = operations;
        this.address = address;
        this.logger = logger;
        creators = BulkPlan.Creators(request);
        states = [.. request.Operations.Select(_ => new BulkState())];
    }

    private bool HasFailed => errors >= request.FailOnErrors;

    /// <summary>What became of the operations that were carried out, in the order of the request.</summary>
    public async Task<IReadOnlyList<BulkResult>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunStepsAsync(cancellationToken);
        }
        finally
        {
            await UndoIncompleteAsync();
        }

        return [.. request.Operations.Where(operation => states[operation.Index].Status != 0).Select(ToResult)];
    }

    private async Task RunStepsAsync(CancellationToken cancellationToken)
    {
        var steps = BulkPlan.Of(request);
        var alone = 0;
        for (var i = 0; i < steps.Count && !HasFailed; i++)
        {
            var batch = i < alone ? [] : BulkBatch.At(request, steps, i);
            if (batch.Count < 2)
            {
                await RunAsync(steps[i], cancellationToken);
            }
            else if (await TryCreateTogetherAsync(batch, cancellationToken))
            {
                i += batch.Count - 1;
            }
            else
            {
                // One of them is refused: one after the other they show which.
                alone = i + batch.Count;
                i--;
            }
        }
    }

    private async Task RunAsync(BulkStep step, CancellationToken cancellationToken)
    {
        try
        {
            await (step.Kind == BulkStepKind.Perform ? PerformAsync(step, cancellationToken) : CompleteAsync(step.Operation, cancellationToken));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && !EndsAll(exception))
        {
            await FailAsync(step.Operation, Translate(exception, step.Operation));
        }
    }

    /// <summary>False when one of them is refused and none was created. What failed for another reason is not tried again.</summary>
    private async Task<bool> TryCreateTogetherAsync(IReadOnlyList<BulkOperation> batch, CancellationToken cancellationToken)
    {
        try
        {
            var resources = batch.Select(operation => (operation.Index, Resolve(operation, operation.ReadData())));
            var created = await operations.CreateTogetherAsync(batch[0].Target!.Type, resources, cancellationToken);
            foreach (var (operation, resource) in batch.Zip(created))
            {
                states[operation.Index].Succeed(StatusCodes.Status201Created, resource);
            }
        }
        catch (ScimException)
        {
            return false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && !EndsAll(exception))
        {
            var error = Translate(exception, batch[0].Index);
            foreach (var operation in batch)
            {
                await FailAsync(operation.Index, error);
            }
        }

        return true;
    }

    private async Task PerformAsync(BulkStep step, CancellationToken cancellationToken)
    {
        var operation = request.Operations[step.Operation];
        if (operation.Fault is not null)
        {
            throw new ScimException(operation.Fault);
        }

        var state = states[step.Operation];
        var type = operation.Target!.Type;
        var projection = operation.Method == BulkMethod.Delete ? Projection.Minimal(type) : ScimRequestReader.ReadProjection(operation.Target.Query, type);
        var data = operation.Data is null ? [] : operation.ReadData();
        var completion = TakeDeferred(type, data, step.Deferred);
        Resolve(operation, data);
        state.Id = operation.Target.Id is { } id && BulkReferences.Name(id) is { } name ? IdOf(name) : operation.Target.Id;
        switch (operation.Method)
        {
            case BulkMethod.Post:
                state.Succeed(StatusCodes.Status201Created, await operations.CreateAsync(type, operation.Index, data, cancellationToken));
                state.Completion = completion;
                break;
            case BulkMethod.Put:
                state.Succeed(StatusCodes.Status200OK, await operations.ReplaceAsync(type, state.Id!, operation, data, cancellationToken));
                break;
            case BulkMethod.Patch:
                state.Succeed(PatchStatus(projection), await operations.PatchAsync(type, state.Id!, operation, data, cancellationToken));
                break;
            default:
                await operations.DeleteAsync(type, state.Id!, operation, cancellationToken);
                state.Succeed(StatusCodes.Status204NoContent, null);
                break;
        }
    }

    /// <summary>Adds the references that were left out, now that what they refer to exists.</summary>
    private async Task CompleteAsync(int index, CancellationToken cancellationToken)
    {
        var state = states[index];
        if (IsDeleted(state))
        {
            state.Completion = null;
        }

        if (state.Completion is { } completion)
        {
            BulkReferences.Resolve(completion, IdOf);
            var type = request.Operations[index].Target!.Type;
            state.Succeed(StatusCodes.Status201Created, await operations.CompleteAsync(type, state.Id!, index, completion, cancellationToken));
            state.Completion = null;
        }
    }

    /// <summary>Whether another operation has deleted what an operation created: nothing of it is left to complete.</summary>
    private bool IsDeleted(BulkState state) => state.Completion is not null
        && request.Operations.Any(operation => operation.Method == BulkMethod.Delete
            && states[operation.Index] is { Status: StatusCodes.Status204NoContent, Id: { } id } && id == state.Id);

    private JsonObject? TakeDeferred(ResourceType type, JsonObject data, IReadOnlyList<int> deferred) => deferred.Count == 0
        ? null
        : BulkDeferral.Take(type, data, deferred.Select(index => request.Operations[index].BulkId!).ToHashSet(StringComparer.Ordinal));

    private JsonObject Resolve(BulkOperation operation, JsonObject data)
    {
        if (operation.References.Count > 0)
        {
            BulkReferences.Resolve(data, IdOf);
        }

        return data;
    }

    /// <summary>The id that a bulkId stands for.</summary>
    /// <exception cref="ScimException">400 when no POST has it, 409 when its POST failed.</exception>
    private string IdOf(string bulkId)
    {
        if (!creators.TryGetValue(bulkId, out var index))
        {
            throw ScimErrors.InvalidValue($"{Reference(bulkId)} is the bulkId of no POST in this bulk.");
        }

        return states[index] is { IsCreated: true, Id: { } id } ? id : throw NoResource(bulkId, index);
    }

    private ScimException NoResource(string bulkId, int index) =>
        ScimErrors.Conflict($"{Reference(bulkId)} stands for no resource: its POST, {new OperationPlace(index)}, {Because(states[index])}.");

    private static string Reference(string bulkId) => $"\"bulkId:{ScimErrors.Shorten(bulkId)}\"";

    private static string Because(BulkState state) => state.Error is { } error ? $"failed with {error.Status}" : "was not carried out";

    /// <summary>
    /// What was created without a reference and not completed, because the bulk ended before, is taken back: an operation is carried out
    /// wholly or not at all.
    /// </summary>
    private async Task UndoIncompleteAsync()
    {
        foreach (var operation in request.Operations.Where(operation => states[operation.Index].Completion is not null && !IsDeleted(states[operation.Index])))
        {
            await FailAsync(operation.Index, ScimErrors.Conflict("The bulk ended before all that it refers to was created. Nothing was created.").Error);
        }
    }

    /// <summary>With a resource that is taken back fails what was carried out with it in the meantime: what was created with a reference to it, and changes of it.</summary>
    private async Task FailAsync(int index, ScimError error)
    {
        var failures = new Queue<(int Index, ScimError Error)>([(index, error)]);
        while (failures.TryDequeue(out var failure))
        {
            var state = states[failure.Index];
            if (state.Error is not null)
            {
                continue;
            }

            var wasCreated = state.IsCreated;
            if (wasCreated)
            {
                await UndoAsync(failure.Index);
            }

            errors++;
            state.Fail(failure.Error);
            foreach (var dependent in wasCreated ? DependentsOf(request.Operations[failure.Index].BulkId!) : [])
            {
                failures.Enqueue((dependent, NoResource(request.Operations[failure.Index].BulkId!, failure.Index).Error));
            }
        }
    }

    private IEnumerable<int> DependentsOf(string bulkId)
    {
        referrers ??= request.Operations.SelectMany(operation => operation.References.Select(name => (Name: name, operation.Index))).ToLookup(pair => pair.Name, pair => pair.Index);
        return referrers[bulkId].Where(index => states[index] is { Error: null, Status: not 0 }
            && (states[index].IsCreated || BulkReferences.Name(request.Operations[index].Target!.Id ?? "") == bulkId));
    }

    private async Task UndoAsync(int index)
    {
        try
        {
            await operations.UndoAsync(request.Operations[index].Target!.Type, states[index].Id!, index);
        }
        catch (Exception exception) when (exception is not ScimException { Error.Status: StatusCodes.Status404NotFound })
        {
            // The other operations still have to be answered.
            Log.UndoFailed(logger, index, states[index].Id!, operations.CorrelationId, exception);
        }
        catch (ScimException)
        {
            // Someone else has deleted it.
        }
    }

    /// <summary>While nothing was done, a database that cannot be worked with is told for the whole bulk, which the client then repeats.</summary>
    private bool EndsAll(Exception exception) => operations.OutageOf(exception) is not null && !Array.Exists(states, state => state.HasSucceeded);

    private ScimError Translate(Exception exception, int index)
    {
        if (exception is ScimException refusal)
        {
            return refusal.Error;
        }

        if (operations.OutageOf(exception) is { } outage)
        {
            return outage;
        }

        Log.OperationFailed(logger, index, operations.CorrelationId, exception);
        return operations.Failure;
    }

    private BulkResult ToResult(BulkOperation operation)
    {
        var state = states[operation.Index];
        var isFailedPost = operation.Method == BulkMethod.Post && state.Error is not null;
        state.Refer(operations.CorrelationId, operation.Index);
        return state.ToResult(operation, isFailedPost ? null : LocationOf(operation, state.Id ?? operation.Target?.Id));
    }

    /// <summary>Also of a resource that the operation did not find (RFC 7644 §3.7.3), but not of a name that stands for none.</summary>
    private string? LocationOf(BulkOperation operation, string? id) => id is null || BulkReferences.Name(id) is not null
        ? null
        : $"{address.BaseUrl}{operation.Target!.Type.Endpoint}/{Uri.EscapeDataString(id)}";

    /// <summary>As the single request: members are not sent back for a change unless attributes are asked for, so there is nothing to send.</summary>
    private static int PatchStatus(Projection projection) =>
        projection is { IsDefault: true, Type.MembersAttribute: not null } ? StatusCodes.Status204NoContent : StatusCodes.Status200OK;

    private static partial class Log
    {
        [LoggerMessage(1003, LogLevel.Error, "Operation {Index} of a bulk failed; correlation id {CorrelationId}")]
        public static partial void OperationFailed(ILogger logger, int index, string correlationId, Exception exception);

        [LoggerMessage(1004, LogLevel.Error, "Operation {Index} of a bulk failed and its resource {Id} could not be deleted again; correlation id {CorrelationId}")]
        public static partial void UndoFailed(ILogger logger, int index, string id, string correlationId, Exception exception);
    }
}
