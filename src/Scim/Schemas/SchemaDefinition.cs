namespace Scim.Schemas;

/// <summary>An attribute and where it is defined.</summary>
internal sealed record AttributeDefinition(SchemaAttribute Attribute, DefinitionObject Source);

/// <summary>A schema and where it is defined.</summary>
/// <param name="Schema">The schema.</param>
/// <param name="Source">Its definition.</param>
/// <param name="Attributes">Its attributes and their sub-attributes.</param>
internal sealed record SchemaDefinition(Schema Schema, DefinitionObject Source, IReadOnlyList<AttributeDefinition> Attributes);

/// <summary>A resource type as it is defined, before its schemas are looked up.</summary>
/// <param name="Source">Its definition.</param>
/// <param name="Name">The name.</param>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Description">What the resources are.</param>
/// <param name="Schema">The URN of the core schema.</param>
/// <param name="Extensions">The extensions.</param>
internal sealed record ResourceTypeDefinition(
    DefinitionObject Source, string Name, string Endpoint, string Description, string Schema, IReadOnlyList<ExtensionDefinition> Extensions);

/// <summary>An extension of a resource type as it is defined.</summary>
internal sealed record ExtensionDefinition(DefinitionObject Source, string Schema, bool Required);
