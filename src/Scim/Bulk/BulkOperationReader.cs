using System.Text.Json;
using Scim.Errors;
using Scim.Json;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Bulk;

/// <summary>Reads the operations of one bulk. A failing one keeps what could be read, by which the client knows it in the answer.</summary>
internal sealed class BulkOperationReader(SchemaRegistry schemas, JsonElement operations, IReadOnlyDictionary<int, ScimException> faults)
{
    private readonly Dictionary<string, int> bulkIds = new(StringComparer.Ordinal);
    private HashSet<string>? known;

    public BulkOperation Read(JsonElement source, int index)
    {
        var operation = new BulkOperation(index);
        try
        {
            if (source.ValueKind != JsonValueKind.Object)
            {
                throw ScimErrors.InvalidSyntax($"an operation must be an object, not {JsonText.Describe(source.ValueKind)}.");
            }

            operation = operation with { BulkId = Text(source, "bulkId") };
            operation = operation with { Method = ReadMethod(source) };
            CheckBulkId(operation);
            operation = operation with { Target = ReadTarget(source) };
            CheckTarget(operation.Method, operation.Target);
            if (faults.TryGetValue(index, out var fault))
            {
                throw fault;
            }

            operation = operation with { Condition = ReadVersion(source, operation.Method), Data = ReadData(source, operation.Method) };
            return operation with { References = ReferencesOf(operation) };
        }
        catch (ScimException failure)
        {
            return Failed(operation, source, failure);
        }
        catch (InvalidOperationException) when (faults.ContainsKey(index))
        {
            // Half a surrogate pair is no text.
            return Failed(operation, source, faults[index]);
        }
    }

    /// <summary>That it is not well-formed comes first: what else is wrong with it may quote what no answer can hold.</summary>
    private BulkOperation Failed(BulkOperation operation, JsonElement source, ScimException failure) =>
        Named(operation, source) with { Fault = faults.GetValueOrDefault(operation.Index, failure).In(operation.Index).Error };

    /// <summary>With what the answer names it by (RFC 7644 §3.7.3), where the reading did not get that far.</summary>
    private BulkOperation Named(BulkOperation operation, JsonElement source)
    {
        if (source.ValueKind != JsonValueKind.Object)
        {
            return operation;
        }

        var method = TextOrNull(source, "method");
        var found = operation.Method ?? MethodOf(method);
        return operation with
        {
            Method = found,
            UnknownMethod = found is null ? method : null,
            Target = operation.Target ?? FindTarget(source),
        };
    }

    private BulkTarget? FindTarget(JsonElement source)
    {
        try
        {
            return TextOrNull(source, "path") is { } path ? BulkTarget.Find(path, schemas, IsBulkId) : null;
        }
        catch (ScimException)
        {
            // What is no path names nothing.
            return null;
        }
    }

    private static BulkMethod ReadMethod(JsonElement source)
    {
        var text = Text(source, "method") ?? throw ScimErrors.InvalidSyntax("method is missing: \"POST\", \"PUT\", \"PATCH\" or \"DELETE\".");
        return MethodOf(text) ?? throw ScimErrors.InvalidSyntax($"method must be \"POST\", \"PUT\", \"PATCH\" or \"DELETE\", not \"{ScimErrors.Shorten(text)}\".");
    }

    private static BulkMethod? MethodOf(string? text) =>
        Methods.FirstOrDefault(method => method.Text.Equals(text, StringComparison.OrdinalIgnoreCase)) is { Text: not null } known ? known.Method : null;

    private BulkTarget ReadTarget(JsonElement source) => Text(source, "path") is { } path
        ? BulkTarget.Parse(path, schemas, IsBulkId)
        : throw ScimErrors.InvalidSyntax("path is missing: the endpoint of a resource type, and the id behind it for all but POST.");

    /// <summary>Whether any operation of the bulk has the bulkId, also one that comes later.</summary>
    private bool IsBulkId(string name) =>
        (known ??= [.. operations.EnumerateArray().Where((_, index) => !faults.ContainsKey(index)).Select(BulkIdOf).OfType<string>()]).Contains(name);

    private static string? BulkIdOf(JsonElement source) =>
        source.ValueKind == JsonValueKind.Object ? TextOrNull(source, "bulkId") : null;

    /// <summary>A POST has a bulkId, which is its own (RFC 7644 §3.7).</summary>
    private void CheckBulkId(BulkOperation operation)
    {
        if (operation.Method != BulkMethod.Post)
        {
            return;
        }

        var bulkId = operation.BulkId is { Length: > 0 } given ? given : throw ScimErrors.InvalidValue("a POST must have a bulkId (RFC 7644, 3.7).");
        if (!bulkIds.TryAdd(bulkId, operation.Index))
        {
            throw ScimErrors.InvalidValue($"the bulkId \"{ScimErrors.Shorten(bulkId)}\" is already that of {new OperationPlace(bulkIds[bulkId])}.");
        }
    }

    /// <summary>A POST is at a type, everything else at a resource (RFC 7644 §3.7).</summary>
    private static void CheckTarget(BulkMethod? method, BulkTarget target)
    {
        if (method == BulkMethod.Post && target.Id is not null)
        {
            throw ScimErrors.MethodNotAllowed($"POST needs the path of a resource type, {target.Type.Endpoint}: the server gives the id.");
        }

        if (method != BulkMethod.Post && target.Id is null)
        {
            throw ScimErrors.MethodNotAllowed($"{WireName(method)} needs the path of a resource, {target.Type.Endpoint}/{{id}}.");
        }
    }

    /// <summary>What the If-Match of the single request would say. A POST has no version yet (RFC 7644 §3.7).</summary>
    private static VersionCondition ReadVersion(JsonElement source, BulkMethod? method) => method != BulkMethod.Post && Text(source, "version") is { } version
        ? VersionCondition.None with { IfMatch = ETagCondition.Parse("version", [version]) }
        : VersionCondition.None;

    private static JsonElement? ReadData(JsonElement source, BulkMethod? method) => (method, BulkRequest.Member(source, "data")) switch
    {
        (BulkMethod.Delete, _) => null,
        (_, { ValueKind: JsonValueKind.Object } data) => data,
        (_, null) => throw ScimErrors.InvalidSyntax($"data is missing: {WireName(method)} needs the body of the single request."),
        (_, { ValueKind: var other }) => throw ScimErrors.InvalidSyntax($"data must be an object, not {JsonText.Describe(other)}."),
    };

    private static IReadOnlyList<string> ReferencesOf(BulkOperation operation)
    {
        var inData = operation.Data is { } data && BulkReferences.MayBeIn(data) ? BulkReferences.In(operation.ReadData()) : [];
        return operation.Target?.Id is { } id && BulkReferences.Name(id) is { } name ? [.. inData.Append(name).Distinct()] : inData;
    }

    private static string? Text(JsonElement source, string name) => BulkRequest.Member(source, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: var other } => throw ScimErrors.InvalidSyntax($"{name} must be a string, not {JsonText.Describe(other)}."),
    };

    private static string? TextOrNull(JsonElement source, string name)
    {
        try
        {
            return BulkRequest.Member(source, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is no text.
            return null;
        }
    }

    /// <summary>The method as HTTP writes it.</summary>
    internal static string? WireName(BulkMethod? method) => Methods.FirstOrDefault(known => known.Method == method).Text;

    private static readonly (string Text, BulkMethod Method)[] Methods =
        [("POST", BulkMethod.Post), ("PUT", BulkMethod.Put), ("PATCH", BulkMethod.Patch), ("DELETE", BulkMethod.Delete)];
}
