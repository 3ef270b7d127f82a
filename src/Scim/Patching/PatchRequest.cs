using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Filters;
using Scim.Json;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Patching;

/// <summary>The body of a PATCH (RFC 7644 §3.5.2) in its strict form: what identity providers send in other forms has been rewritten before.</summary>
/// <param name="Operations">The operations, applied in order.</param>
/// <example><code>
/// var request = PatchRequest.Parse(body, limits);
/// var outcome = PatchEngine.Apply(request, current);
/// </code></example>
public sealed record PatchRequest(IReadOnlyList<PatchOperation> Operations)
{
    /// <summary>The URN of the message.</summary>
    public const string SchemaUrn = SchemaUrns.PatchOp;

    private const string OperationsMember = "Operations";

    /// <summary>
    /// Whether <c>add</c> and <c>replace</c> create the element that a value path of <c>eq</c> terms describes when there is
    /// none (ENTRA-23 to ENTRA-27); without it they are refused with noTarget, as RFC 7644 §3.5.2.3 says.
    /// </summary>
    public bool CreateMissingElements { get; init; } = true;

    /// <summary>The bounds that also hold for paths which are keys of a value.</summary>
    public ScimLimits Limits { get; init; } = new();

    /// <summary>The addresses by which a resource may be referred to.</summary>
    public ReferenceAddresses References { get; init; } = ReferenceAddresses.None;

    /// <summary>Receives what is noticed while the operations are applied.</summary>
    public PatchNotes Notes { get; } = new();

    /// <summary>Reads the message.</summary>
    /// <exception cref="ScimException">
    /// 400 invalidSyntax, invalidPath, invalidValue or noTarget; 413 for more operations than the limit. What concerns one
    /// operation has its place.
    /// </exception>
    public static PatchRequest Parse(JsonObject body, ScimLimits limits)
    {
        CheckSchemas(body);
        if (body[OperationsMember] is not JsonArray { Count: > 0 } array)
        {
            throw ScimErrors.InvalidSyntax($"The body must have \"{OperationsMember}\": an array of one or more operations.");
        }

        if (array.Count > limits.MaxPatchOperations)
        {
            throw ScimErrors.PayloadTooLarge($"{array.Count} operations in one PATCH; the limit is {limits.MaxPatchOperations}.");
        }

        var operations = new List<PatchOperation>(array.Count);
        foreach (var item in array)
        {
            try
            {
                operations.Add(ParseOperation(item, limits));
            }
            catch (ScimException failure)
            {
                throw failure.In(operations.Count);
            }
        }

        return new PatchRequest(operations) { Limits = limits };
    }

    private static void CheckSchemas(JsonObject body)
    {
        if (body["schemas"] is not JsonArray schemas
            || !schemas.Any(item => SchemaUrn.Equals(JsonText.AsString(item), StringComparison.OrdinalIgnoreCase)))
        {
            throw ScimErrors.InvalidSyntax($"schemas must contain \"{SchemaUrn}\".");
        }
    }

    private static PatchOperation ParseOperation(JsonNode? item, ScimLimits limits)
    {
        if (item is not JsonObject operation)
        {
            throw ScimErrors.InvalidSyntax($"an operation must be an object, not {JsonText.Describe(item)}.");
        }

        var kind = ParseKind(operation["op"]);
        var path = ParsePath(operation["path"], limits);
        var hasValue = operation.TryGetPropertyValue("value", out var value);
        if (kind == PatchOperationKind.Remove)
        {
            return path is null
                ? throw ScimErrors.NoTarget("remove needs a path (RFC 7644 §3.5.2.2).")
                : new PatchOperation(kind, path, value);
        }

        if (!hasValue)
        {
            throw ScimErrors.InvalidValue($"{operation["op"]} needs a value.");
        }

        return path is null && value is not JsonObject
            ? throw ScimErrors.InvalidValue($"without a path the value must be an object of attributes, not {JsonText.Describe(value)}.")
            : new PatchOperation(kind, path, value);
    }

    private static PatchOperationKind ParseKind(JsonNode? op) => JsonText.AsString(op) switch
    {
        "add" => PatchOperationKind.Add,
        "remove" => PatchOperationKind.Remove,
        "replace" => PatchOperationKind.Replace,
        { } other => throw ScimErrors.InvalidSyntax($"op must be \"add\", \"remove\" or \"replace\", not \"{ScimErrors.Shorten(other)}\"."),
        null => throw ScimErrors.InvalidSyntax("op must be \"add\", \"remove\" or \"replace\"."),
    };

    private static PatchPath? ParsePath(JsonNode? path, ScimLimits limits)
    {
        if (path is null)
        {
            return null;
        }

        return JsonText.AsString(path) is { } text
            ? PatchPath.Parse(text, limits)
            : throw ScimErrors.InvalidPath($"path must be a string, not {JsonText.Describe(path)}.");
    }
}
