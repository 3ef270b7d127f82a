using System.Text.Json;
using System.Text.Json.Nodes;
using Scim.Errors;
using Scim.Resources;

namespace Scim.Bulk;

/// <summary>One operation of a bulk (RFC 7644 §3.7). One that cannot be read is kept with its error, so that the others are carried out.</summary>
/// <param name="Index">Its position in the request.</param>
public sealed record BulkOperation(int Index)
{
    /// <summary>The method; null when it is missing or unknown.</summary>
    public BulkMethod? Method { get; init; }

    /// <summary>What was sent as the method, a text, when it is none that a bulk has; null otherwise.</summary>
    public string? UnknownMethod { get; init; }

    /// <summary>The name that the client gave to it, or null.</summary>
    public string? BulkId { get; init; }

    /// <summary>What it works on; null when the path names nothing.</summary>
    public BulkTarget? Target { get; init; }

    /// <summary>The version that it requires of the resource.</summary>
    public VersionCondition Condition { get; init; } = VersionCondition.None;

    /// <summary>The body of the single request that it stands for, an object; null for DELETE.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Why it cannot be carried out, when that is known from the request alone.</summary>
    public ScimError? Fault { get; init; }

    /// <summary>The bulkIds that its data and its path refer to, each once.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>
    /// The data to be rewritten and read. Made anew by each call: as objects a bulk takes many times the memory of its bytes, so they are not
    /// kept longer than the operation is worked on.
    /// </summary>
    /// <exception cref="InvalidOperationException">It has no data.</exception>
    public JsonObject ReadData() => Data is { } data ? JsonObject.Create(data)! : throw new InvalidOperationException("This operation has no data.");
}
