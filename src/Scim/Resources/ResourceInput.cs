namespace Scim.Resources;

/// <summary>What a request does with a resource; it decides what mutability and required mean (RFC 7643 §7).</summary>
public enum RequestKind
{
    /// <summary>POST.</summary>
    Create,

    /// <summary>PUT.</summary>
    Replace,

    /// <summary>PATCH.</summary>
    Patch,
}

/// <summary>A resource as a client sent it, in canonical form.</summary>
/// <param name="Document">What is stored as the document.</param>
/// <param name="Password">The value of the attribute that is kept as a hash, when it was given.</param>
/// <param name="Members">The ids of the members in the order given, without duplicates; null when none were named.</param>
/// <param name="Ignored">Paths that were passed over: unknown to the schemas, or readOnly.</param>
public sealed record ResourceInput(
    ResourceDocument Document,
    string? Password,
    IReadOnlyList<string>? Members,
    IReadOnlyList<string> Ignored);
