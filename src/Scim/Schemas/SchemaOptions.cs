namespace Scim.Schemas;

/// <summary>Choices about the schemas that the RFC leaves to a service provider.</summary>
public sealed class SchemaOptions
{
    /// <summary>
    /// Whether two groups of a tenant may not have the same <c>displayName</c>. Default true: Microsoft Entra ID matches
    /// groups by it and expects 409 (ENTRA-57). RFC 7643 §4.2 leaves it open; /Schemas says which holds.
    /// </summary>
    public bool UniqueGroupDisplayName { get; set; } = true;

    /// <summary>Sets of schemas that the server brings and that are switched on by name: <see cref="OptionalSchemas.Names"/>. Default: none.</summary>
    public ISet<string> Enabled { get; set; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// A folder whose <c>*.json</c> files define schemas and resource types of one's own. Default: none. It is for the host to
    /// read.
    /// </summary>
    public string? Folder { get; set; }
}
