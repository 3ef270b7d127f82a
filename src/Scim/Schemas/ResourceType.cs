using System.Collections.Immutable;
namespace Scim.Schemas;

/// <summary>A schema that extends a resource type (RFC 7643 §6).</summary>
/// <param name="Schema">The extension's schema.</param>
/// <param name="Required">True when every resource of the type must have data of it.</param>
public sealed record SchemaExtension(Schema Schema, bool Required);

/// <summary>A kind of resource with its endpoint and schemas (RFC 7643 §6).</summary>
public sealed class ResourceType
{
    /// <summary>The id, equal to the name.</summary>
    public string Id => Name;

    /// <summary>The name as in <c>meta.resourceType</c>, for example <c>User</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The endpoint below the base URL, for example <c>/Users</c>.</summary>
    public required string Endpoint { get; init; }

    /// <summary>What the resources are.</summary>
    public string Description { get; init; } = "";

    /// <summary>The core schema.</summary>
    public required Schema Schema { get; init; }

    /// <summary>The extensions, in the order in which they are sent.</summary>
    public ImmutableArray<SchemaExtension> Extensions { get; init; } = [];

    /// <summary><c>schemas</c>, <c>id</c>, <c>externalId</c> and <c>meta</c>, which every resource has (RFC 7643 §3.1).</summary>
    public required ImmutableArray<SchemaAttribute> CommonAttributes { get; init; }

    /// <summary>The attribute whose values are the members of a group, or null.</summary>
    public SchemaAttribute? MembersAttribute => Schema.Attributes.FirstOrDefault(a => a.Relation == Relation.Members);

    /// <summary>The attribute that lists the groups of a resource, or null.</summary>
    public SchemaAttribute? GroupsAttribute => Schema.Attributes.FirstOrDefault(a => a.Relation == Relation.Groups);

    /// <summary>The core attribute that no two resources of the type in a tenant share, or null.</summary>
    public SchemaAttribute? UniqueAttribute =>
        Schema.Attributes.FirstOrDefault(a => a.Uniqueness != Uniqueness.None && a is { Type: AttributeType.String, MultiValued: false });

    /// <summary>The attribute that is kept as a hash and never sent (RFC 7643 §4.1.1, password), or null.</summary>
    public SchemaAttribute? PasswordAttribute =>
        Schema.Attributes.FirstOrDefault(a => a is { Mutability: Mutability.WriteOnly, Returned: Returned.Never, Type: AttributeType.String });

    /// <summary>The resource types of which resources can refer to resources of this type, as users do to their manager.</summary>
    public IReadOnlyList<ResourceType> Referrers { get; internal set; } = [];

    /// <summary>The attributes by which resources of the type refer to another resource; the registry allows one.</summary>
    public IEnumerable<SchemaAttribute> References =>
        Schemas.SelectMany(schema => schema.Attributes).Where(attribute => attribute.IsResourceReference);

    /// <summary>The core schema, and those of the extensions.</summary>
    public IEnumerable<Schema> Schemas => Extensions.Select(extension => extension.Schema).Prepend(Schema);

    /// <summary>The core or common attribute of that name, in any case, or null.</summary>
    public SchemaAttribute? FindCore(string name) => SchemaAttribute.Find(CommonAttributes, name) ?? Schema.Find(name);

    /// <summary>The core schema or an extension by its URN, in any case, or null.</summary>
    public Schema? FindSchema(string urn) =>
        Schema.Id.Equals(urn, StringComparison.OrdinalIgnoreCase) ? Schema : FindExtension(urn);

    /// <summary>An extension's schema by its URN, in any case, or null.</summary>
    public Schema? FindExtension(string urn)
    {
        foreach (var extension in Extensions)
        {
            if (extension.Schema.Id.Equals(urn, StringComparison.OrdinalIgnoreCase))
            {
                return extension.Schema;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
