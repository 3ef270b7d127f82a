using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Scim.Schemas;

/// <summary>Joins the schemas and resource types that are added to those that every server has, and checks that they fit together.</summary>
internal sealed partial class RegistryBuilder
{
    private static readonly string[] ReservedEndpoints = ["/Bulk", "/Me", "/Schemas", "/ResourceTypes", "/ServiceProviderConfig"];
    private static readonly string[] ReservedNames = ["Schema", "ResourceType", "ServiceProviderConfig"];

    private readonly List<string> faults;
    private readonly DefinitionFile definitions;
    private readonly BuiltInSchemas builtIn;
    private readonly Dictionary<string, Schema> schemas;
    private readonly List<ResourceType> types;
    private readonly HashSet<string> used = new(StringComparer.OrdinalIgnoreCase);

    private RegistryBuilder(SchemaOptions options, IEnumerable<SchemaFile> files, List<string> faults)
    {
        this.faults = faults;
        definitions = new DefinitionFile(faults);
        foreach (var file in files)
        {
            definitions.Read(file);
        }

        builtIn = new BuiltInSchemas(options, [.. MemberTypes()]);
        schemas = builtIn.Resources.Concat(builtIn.Discovery).ToDictionary(schema => schema.Id, StringComparer.OrdinalIgnoreCase);
        types = [.. builtIn.ResourceTypes];
    }

    /// <summary>Schemas in the order in which they are listed, and resource types.</summary>
    /// <exception cref="SchemaDefinitionException">Definitions cannot be served; all faults are told.</exception>
    public static (IReadOnlyList<Schema> Schemas, IReadOnlyList<ResourceType> ResourceTypes) Build(SchemaOptions options, IEnumerable<SchemaFile> files)
    {
        var faults = new List<string>();
        var builder = new RegistryBuilder(options, files, faults);
        builder.AddSchemas();
        builder.AddResourceTypes();
        builder.CheckUse();
        if (faults.Count > 0)
        {
            throw new SchemaDefinitionException([.. faults.Distinct(StringComparer.Ordinal)]);
        }

        builder.FindReferrers();
        var added = builder.definitions.Schemas.Select(definition => definition.Schema);
        return ([.. builder.builtIn.Resources, .. added, .. builder.builtIn.Discovery], builder.types);
    }

    /// <summary>A resource that has <c>groups</c> as a user has them can be a member of groups (RFC 9944 §4 does so with devices).</summary>
    private IEnumerable<string> MemberTypes()
    {
        foreach (var schema in definitions.Schemas)
        {
            if (schema.Schema.Find("groups") is
                { Type: AttributeType.Complex, MultiValued: true, Mutability: Mutability.ReadOnly } groups && groups.ReferencedTypes.Contains(BuiltInSchemas.GroupName))
            {
                groups.Relation = Relation.Groups;
                foreach (var type in definitions.ResourceTypes.Where(type => type.Schema.Equals(schema.Schema.Id, StringComparison.OrdinalIgnoreCase)))
                {
                    yield return type.Name;
                }
            }
        }
    }

    private void AddSchemas()
    {
        var rules = new SchemaRules(types.Select(type => type.Name).Concat(definitions.ResourceTypes.Select(type => type.Name)));
        foreach (var definition in definitions.Schemas)
        {
            rules.Check(definition);
            definition.Schema.Json = SchemaWriter.Write(definition.Schema);
            if (!schemas.TryAdd(definition.Schema.Id, definition.Schema))
            {
                definition.Source.Fault("id", $"there is already a schema {definition.Schema.Id}.");
            }
        }
    }

    private void AddResourceTypes()
    {
        foreach (var definition in definitions.ResourceTypes)
        {
            var known = types.FindIndex(type => type.Name.Equals(definition.Name, StringComparison.OrdinalIgnoreCase));
            if (known >= 0)
            {
                types[known] = Amended(types[known], definition);
            }
            else if (Added(definition) is { } added)
            {
                types.Add(added);
            }
        }

        foreach (var definition in definitions.ResourceTypes)
        {
            CheckStorage(definition);
        }
    }

    private ResourceType? Added(ResourceTypeDefinition definition)
    {
        CheckNames(definition);
        if (FindSchema(definition.Source, definition.Schema) is not { } schema)
        {
            return null;
        }

        foreach (var (attribute, source) in Definition(schema)?.Attributes ?? [])
        {
            if (attribute.Parent is null && SchemaAttribute.Find(builtIn.CommonAttributes, attribute.Name) is not null)
            {
                source.Fault("name", $"every resource has an attribute \"{attribute.Name}\" already (RFC 7643 §3.1).");
            }
        }

        return new ResourceType
        {
            Name = definition.Name,
            Endpoint = definition.Endpoint,
            Description = definition.Description,
            Schema = schema,
            Extensions = Extensions(definition, schema, []),
            CommonAttributes = builtIn.CommonAttributes,
        };
    }

    /// <summary>A definition of a resource type that is there already adds its extensions to it, and changes nothing else.</summary>
    private ResourceType Amended(ResourceType type, ResourceTypeDefinition definition)
    {
        if (definition.Name != type.Name)
        {
            definition.Source.Fault("name", $"the resource type is called \"{type.Name}\".");
        }

        if (definition.Endpoint != type.Endpoint)
        {
            definition.Source.Fault("endpoint", $"there is already a resource type {type.Name}; to add extensions to it, its endpoint must be \"{type.Endpoint}\".");
        }

        if (!definition.Schema.Equals(type.Schema.Id, StringComparison.OrdinalIgnoreCase))
        {
            definition.Source.Fault("schema", $"there is already a resource type {type.Name}; to add extensions to it, its schema must be {type.Schema.Id}.");
        }

        if (definition.Extensions.Count == 0)
        {
            definition.Source.Fault(null, $"there is already a resource type {type.Name}, and this one has no \"schemaExtensions\" to add to it.");
        }

        return new ResourceType
        {
            Name = type.Name,
            Endpoint = type.Endpoint,
            Description = type.Description,
            Schema = type.Schema,
            Extensions = Extensions(definition, type.Schema, type.Extensions),
            CommonAttributes = type.CommonAttributes,
        };
    }

    private void CheckNames(ResourceTypeDefinition definition)
    {
        var (name, endpoint) = (definition.Name, definition.Endpoint);
        if (name.Length > 0 && !Name().IsMatch(name))
        {
            definition.Source.Fault("name", $"\"{name}\" is not a name: a letter, then letters, digits, \"-\" and \"_\".");
        }
        else if (ReservedNames.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            definition.Source.Fault("name", $"\"{name}\" is a resource type of the protocol itself (RFC 7643 §5 to §7).");
        }

        if (!Endpoint().IsMatch(endpoint))
        {
            definition.Source.Fault("endpoint", $"\"{endpoint}\" is not an endpoint such as \"/Devices\": a slash, then letters, digits, \"-\" and \"_\", beginning with a letter.");
        }
        else if (ReservedEndpoints.Contains(endpoint, StringComparer.OrdinalIgnoreCase))
        {
            definition.Source.Fault("endpoint", $"\"{endpoint}\" is an endpoint of the protocol itself (RFC 7644 §3.2).");
        }
        else if (types.Find(type => type.Endpoint.Equals(endpoint, StringComparison.OrdinalIgnoreCase)) is { } other)
        {
            definition.Source.Fault("endpoint", $"\"{endpoint}\" is the endpoint of {other.Name}.");
        }
    }

    private ImmutableArray<SchemaExtension> Extensions(ResourceTypeDefinition definition, Schema core, ImmutableArray<SchemaExtension> before)
    {
        var extensions = before.ToList();
        var named = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { core.Id };
        foreach (var (source, urn, required) in definition.Extensions)
        {
            if (FindSchema(source, urn) is not { } schema)
            {
                continue;
            }

            var known = extensions.FindIndex(extension => extension.Schema == schema);
            if (!named.Add(schema.Id) || (known >= 0 && Definition(schema) is not null))
            {
                source.Fault("schema", $"{schema.Id} is a schema of {definition.Name} already.");
            }
            else if (known >= 0)
            {
                // An extension of the RFC may be made required.
                extensions[known] = new SchemaExtension(schema, required);
            }
            else
            {
                extensions.Add(new SchemaExtension(schema, required));
            }
        }

        return [.. extensions];
    }

    private Schema? FindSchema(DefinitionObject source, string urn)
    {
        used.Add(urn);
        if (schemas.TryGetValue(urn, out var schema) && !builtIn.Discovery.Contains(schema))
        {
            return schema;
        }

        if (urn.Length > 0)
        {
            source.Fault("schema", schema is null ? $"there is no schema {urn}." : $"{urn} is a schema of the protocol itself and of no resources.");
        }

        return null;
    }

    /// <summary>A row of a resource has one column for a value that is unique, and one for the resource that it refers to.</summary>
    private void CheckStorage(ResourceTypeDefinition definition)
    {
        if (types.Find(type => type.Name == definition.Name) is not { } type)
        {
            return;
        }

        var unique = type.Schema.Attributes.Where(attribute => attribute.Uniqueness != Uniqueness.None).ToList();
        foreach (var attribute in unique.Skip(1))
        {
            SourceOf(attribute, definition).Fault("uniqueness", $"{unique[0].Name} of {type.Name} is unique already, and a resource type has one such attribute.");
        }

        foreach (var attribute in type.Extensions.SelectMany(extension => extension.Schema.Attributes).Where(attribute => attribute.Uniqueness != Uniqueness.None))
        {
            SourceOf(attribute, definition).Fault("uniqueness", $"only an attribute of a resource type's own schema can be unique, not one of an extension of {type.Name}.");
        }

        var references = type.References.ToList();
        foreach (var attribute in references.Skip(1))
        {
            SourceOf(attribute, definition).Fault(
                null, $"{type.Name} refers to another resource by {references[0]} already, and a resource type has one such attribute. Without \"$ref\" among its sub-attributes this one is plain data.");
        }
    }

    /// <summary>A schema that no resource type has would be announced and have no effect: its resource type was forgotten, or names another.</summary>
    private void CheckUse()
    {
        foreach (var definition in definitions.Schemas.Where(definition => !used.Contains(definition.Schema.Id)))
        {
            definition.Source.Fault("id", "no resource type has this schema. A ResourceType names it as \"schema\" or among its \"schemaExtensions\".");
        }
    }

    private void FindReferrers()
    {
        foreach (var type in types)
        {
            type.Referrers = [.. types.Where(other => other.References.Any(attribute => attribute.ReferencedTypes.Contains(type.Name)))];
        }
    }

    private SchemaDefinition? Definition(Schema schema) => definitions.Schemas.Find(definition => definition.Schema == schema);

    private DefinitionObject SourceOf(SchemaAttribute attribute, ResourceTypeDefinition definition) =>
        definitions.Schemas.SelectMany(schema => schema.Attributes).FirstOrDefault(known => known.Attribute == attribute)?.Source ?? definition.Source;

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_-]*\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^/[A-Za-z][A-Za-z0-9_-]*\z")]
    private static partial Regex Endpoint();
}
