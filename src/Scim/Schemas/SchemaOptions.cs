namespace Scim.Schemas;

/// <summary>Choices about the schemas that the RFC leaves to a service provider.</summary>
public sealed class SchemaOptions
{
    /// <summary>
    /// Whether two groups of a tenant may not have the same <c>displayName</c>. Default true: Microsoft Entra ID matches
    /// groups by it and expects 409 (ENTRA-57). RFC 7643 §4.2 leaves it open; /Schemas says which holds.
    /// </summary>
    public bool UniqueGroupDisplayName { get; set; } = true;
}
