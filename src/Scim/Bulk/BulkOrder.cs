using System.Text.Json;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Bulk;

/// <summary>
/// For which operations of a bulk it matters which one comes first (RFC 7644 §3.7: "the same stateful result … as for non-optimized processing").
/// Nothing is compared before it is asked for: a bulk without references to what comes later needs none of it.
/// </summary>
internal sealed class BulkOrder(BulkRequest request)
{
    private int[]? barriers;
    private int[]? successors;

    /// <summary>
    /// Whether a POST may be carried out before an operation that it stands behind: nothing from there on could give or take the value that has to be
    /// unique, or delete what the resource refers to.
    /// </summary>
    public bool MayComeBefore(int post, int first) => (barriers ??= Barriers())[post] < first;

    /// <summary>Whether an operation creates a resource.</summary>
    public bool IsPost(int operation) => request.Operations[operation].Method == BulkMethod.Post;

    /// <summary>Whether an operation can be carried out without its references to others, and be completed later.</summary>
    public bool CanLeaveOut(int operation, IEnumerable<int> others) =>
        request.Operations[operation] is { Method: BulkMethod.Post, Target.Type: var type } post
        && BulkDeferral.IsPossible(type, post.ReadData(), others.Select(other => request.Operations[other].BulkId!).ToHashSet(StringComparer.Ordinal));

    /// <summary>Whether an operation can be put off until another has been carried out: a POST always, the change of a resource unless one between is at it too.</summary>
    public bool CanWait(int operation, int until) => IsPost(operation) || (successors ??= Successors())[operation] >= until;

    /// <summary>For each operation the next one at the same resource.</summary>
    private int[] Successors()
    {
        var all = new int[request.Operations.Count];
        var next = new Dictionary<(ResourceType Type, string? Id), int>();
        foreach (var operation in request.Operations.Reverse())
        {
            if (operation.Target is { } target)
            {
                var resource = (target.Type, target.Id?.ToUpperInvariant());
                all[operation.Index] = next.GetValueOrDefault(resource, int.MaxValue);
                next[resource] = operation.Index;
            }
        }

        return all;
    }

    /// <summary>For each POST the last operation that it must not be carried out before; -1 when there is none.</summary>
    private int[] Barriers()
    {
        var all = new int[request.Operations.Count];
        var deleted = -1;
        var changed = new Dictionary<ResourceType, int>();
        var created = new Dictionary<(ResourceType Type, string Name), int>();
        foreach (var operation in request.Operations)
        {
            all[operation.Index] = -1;
            if (operation is not { Fault: null, Target.Type: var type })
            {
                continue;
            }

            switch (operation.Method)
            {
                case BulkMethod.Post:
                    var name = (type, UniqueValue(operation, type));
                    all[operation.Index] = Math.Max(deleted, Math.Max(changed.GetValueOrDefault(type, -1), created.GetValueOrDefault(name, -1)));
                    created[name] = operation.Index;
                    break;
                case BulkMethod.Delete:
                    deleted = operation.Index;
                    break;
                default:
                    changed[type] = operation.Index;
                    break;
            }
        }

        return all;
    }

    /// <summary>The value that no two resources of the type share, as it is compared. One without it is like any other without it: both are refused.</summary>
    private static string UniqueValue(BulkOperation operation, ResourceType type) =>
        type.UniqueAttribute is { } attribute && operation.Data is { } data && BulkRequest.Member(data, attribute.Name) is { ValueKind: JsonValueKind.String } value
            ? Folding.Fold(attribute, value.GetString()!)
            : $"\0{operation.Index}";
}
