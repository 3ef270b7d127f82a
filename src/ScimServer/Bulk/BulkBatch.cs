using Scim.Bulk;

namespace ScimServer.Bulk;

/// <summary>Steps of a bulk that follow each other and can be written in one transaction: they create resources of one type and none needs another.</summary>
internal static class BulkBatch
{
    /// <summary>How many resources are written together. With more the round trip counts for little, and a refused one undoes more work.</summary>
    private const int MaxSize = 250;

    /// <summary>The operations from a step on that can be written together.</summary>
    public static IReadOnlyList<BulkOperation> At(BulkRequest request, IReadOnlyList<BulkStep> steps, int start)
    {
        var batch = new List<BulkOperation>();
        var bulkIds = new HashSet<string>(StringComparer.Ordinal);
        for (var i = start; i < steps.Count && batch.Count < MaxSize; i++)
        {
            var operation = request.Operations[steps[i].Operation];
            if (!IsPlain(steps[i], operation) || operation.Target!.Type != (batch.Count == 0 ? operation : batch[0]).Target!.Type || operation.References.Any(bulkIds.Contains))
            {
                break;
            }

            batch.Add(operation);
            bulkIds.Add(operation.BulkId!);
        }

        return batch;
    }

    private static bool IsPlain(BulkStep step, BulkOperation operation) =>
        step is { Kind: BulkStepKind.Perform, Deferred.Count: 0 } && operation is { Fault: null, Method: BulkMethod.Post, Target: { Query: "", Type.MembersAttribute: null } };
}
