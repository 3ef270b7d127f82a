using Scim.Schemas;

namespace Scim.Patching;

/// <summary>
/// What was noticed while a PATCH was applied, for the log and the answer. It holds names, never values; a PATCH that is applied again, because a
/// transaction is repeated, notes the same once more.
/// </summary>
public sealed class PatchNotes
{
    /// <summary>Attributes that were passed over: unknown or readOnly ones in values, and paths under an unknown schema.</summary>
    public HashSet<string> Ignored { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The attributes and sub-attributes that the operations set or removed, by their paths or as keys of a value.</summary>
    public HashSet<SchemaAttribute> Specified { get; } = [];

    /// <summary>True when an element was created because the value path that describes it selected none (<see cref="PatchRequest.CreateMissingElements"/>).</summary>
    public bool CreatedElement { get; internal set; }
}
