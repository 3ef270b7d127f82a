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

    /// <summary>The name that the client gave to it, or null.</summary>
    public string? BulkId { get; init; }

    /// <summary>What it works on; null when the path names nothing.</summary>
    public BulkTarget? Target { get; init; }

    /// <summary>The version that it requires of the resource.</summary>
    public VersionCondition Condition { get; init; } = VersionCondition.None;

    /// <summary>The body of the single request that it stands for; null for DELETE.</summary>
    public JsonObject? Data { get; init; }

    /// <summary>Why it cannot be carried out, when that is known from the request alone.</summary>
    public ScimError? Fault { get; init; }

    /// <summary>The bulkIds that its data and its path refer to, each once.</summary>
    public IReadOnlyList<string> References { get; init; } = [];
}
