namespace Scim.Patching;

/// <summary>
/// What was noticed while a PATCH was applied, for the log. It holds names, never values; a PATCH that is applied again, because a
/// transaction is repeated, notes the same once more.
/// </summary>
public sealed class PatchNotes
{
    /// <summary>Attributes that were passed over: unknown or readOnly ones in values, and paths under an unknown schema.</summary>
    public HashSet<string> Ignored { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>True when an element was created because the value path that describes it selected none (<see cref="PatchRequest.CreateMissingElements"/>).</summary>
    public bool CreatedElement { get; internal set; }
}
