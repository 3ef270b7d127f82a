using System.Text.Json;

namespace ScimServer.Events.SecurityEvents;

/// <summary>An operation of a change.</summary>
/// <param name="Op"><c>add</c>, <c>replace</c> or <c>remove</c>.</param>
/// <param name="Path">The path.</param>
/// <param name="Value">The value; null when it is removed.</param>
internal readonly record struct ChangeOperation(string Op, string Path, JsonElement? Value);

/// <summary>A change as the log has it (<see cref="Scim.EntityFrameworkCore.Rows.ChangeRow.Delta"/>). What is not there any more is passed over.</summary>
internal readonly struct ChangeDelta(JsonElement delta)
{
    /// <summary>The paths that changed.</summary>
    public IEnumerable<string> Attributes => Array("attributes").Select(path => path.GetString()!);

    /// <summary>The operations that would make the change.</summary>
    public IEnumerable<ChangeOperation> Operations => Array("operations").Select(operation => new ChangeOperation(
        operation.GetProperty("op").GetString()!, operation.GetProperty("path").GetString()!, operation.TryGetProperty("value", out var value) ? value : null));

    /// <summary>Whether there are any.</summary>
    public bool HasOperations => Array("operations").Any();

    /// <summary>The document that was created, or null.</summary>
    public JsonElement? Document => delta.TryGetProperty("document", out var document) ? document : null;

    /// <summary>The paths that changed and whose values may not be told.</summary>
    public IEnumerable<string> Untold
    {
        get
        {
            var told = Operations.Select(operation => operation.Path).ToHashSet(StringComparer.Ordinal);
            return Attributes.Where(path => !told.Contains(path));
        }
    }

    private JsonElement.ArrayEnumerator Array(string name) =>
        delta.TryGetProperty(name, out var array) && array.ValueKind == JsonValueKind.Array ? array.EnumerateArray() : default;
}
