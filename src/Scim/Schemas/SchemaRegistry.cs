namespace Scim.Schemas;

/// <summary>
/// All schemas and resource types of a server. Everything that depends on an attribute's type, mutability, returned,
/// caseExact, uniqueness, required or multiValued asks here.
/// </summary>
public sealed class SchemaRegistry
{
    private SchemaRegistry(IReadOnlyList<Schema> schemas, IReadOnlyList<ResourceType> resourceTypes)
    {
        Schemas = schemas;
        ResourceTypes = resourceTypes;
    }

    /// <summary>The schemas that GET /Schemas lists.</summary>
    public IReadOnlyList<Schema> Schemas { get; }

    /// <summary>The resource types that GET /ResourceTypes lists.</summary>
    public IReadOnlyList<ResourceType> ResourceTypes { get; }

    /// <summary>Builds the registry from the definitions of RFC 7643 §8.7 and the sets that the options switch on.</summary>
    /// <exception cref="ArgumentException">A set does not exist.</exception>
    public static SchemaRegistry Create(SchemaOptions options) => Create(options, []);

    /// <summary>Builds the registry with definitions of one's own, for example the files of <see cref="SchemaOptions.Folder"/>.</summary>
    /// <exception cref="ArgumentException">A set does not exist.</exception>
    /// <exception cref="SchemaDefinitionException">Definitions cannot be served; all faults are told.</exception>
    public static SchemaRegistry Create(SchemaOptions options, IEnumerable<SchemaFile> files)
    {
        var (schemas, resourceTypes) = RegistryBuilder.Build(options, OptionalSchemas.Files(options).Concat(files));
        return new SchemaRegistry(schemas, resourceTypes);
    }

    /// <summary>The schema of that URN, in any case, or null.</summary>
    public Schema? FindSchema(string urn) =>
        Schemas.FirstOrDefault(schema => schema.Id.Equals(urn, StringComparison.OrdinalIgnoreCase));

    /// <summary>The resource type of that name, in any case, or null.</summary>
    public ResourceType? FindResourceType(string name) =>
        ResourceTypes.FirstOrDefault(type => type.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The resource type whose endpoint is that path segment (<c>Users</c>), in any case, or null.</summary>
    public ResourceType? FindByEndpoint(string segment) =>
        ResourceTypes.FirstOrDefault(type => type.Endpoint.AsSpan(1).Equals(segment, StringComparison.OrdinalIgnoreCase));
}
