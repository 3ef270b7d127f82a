namespace Scim.Patching;

/// <summary>What an operation of a PATCH does (RFC 7644 §3.5.2). The wire word is the name in lower case.</summary>
public enum PatchOperationKind
{
    /// <summary>Adds values, or sets a single value (§3.5.2.1).</summary>
    Add,

    /// <summary>Removes what the path selects (§3.5.2.2).</summary>
    Remove,

    /// <summary>Replaces what the path selects (§3.5.2.3).</summary>
    Replace,
}
