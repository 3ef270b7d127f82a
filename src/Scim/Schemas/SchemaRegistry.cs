using System.Reflection;
using System.Text.Json.Nodes;

namespace Scim.Schemas;

/// <summary>
/// All schemas and resource types of a server. Everything that depends on an attribute's type, mutability, returned,
/// caseExact, uniqueness, required or multiValued asks here.
/// </summary>
public sealed class SchemaRegistry
{
    private static readonly string[] DiscoverySchemas = ["service-provider-config", "resource-type", "schema"];

    private SchemaRegistry(IReadOnlyList<Schema> schemas, IReadOnlyList<ResourceType> resourceTypes)
    {
        Schemas = schemas;
        ResourceTypes = resourceTypes;
    }

    /// <summary>The schemas that GET /Schemas lists.</summary>
    public IReadOnlyList<Schema> Schemas { get; }

    /// <summary>The resource types that GET /ResourceTypes lists.</summary>
    public IReadOnlyList<ResourceType> ResourceTypes { get; }

    /// <summary>Builds the registry from the definitions of RFC 7643 §8.7.</summary>
    public static SchemaRegistry Create(SchemaOptions options)
    {
        var user = SchemaReader.Read(Definition("user"));
        var group = SchemaReader.Read(options.UniqueGroupDisplayName ? WithUnique(Definition("group"), "displayName") : Definition("group"));
        var enterpriseUser = SchemaReader.Read(Definition("enterprise-user"));
        var common = SchemaReader.Read(Definition("common")).Attributes;
        MarkRelation(user, "groups", Relation.Groups);
        MarkRelation(group, "members", Relation.Members);
        Attribute(user, "active").InitialValue = true;

        return new SchemaRegistry(
            [user, group, enterpriseUser, .. DiscoverySchemas.Select(name => SchemaReader.Read(Definition(name)))],
            [
                new ResourceType
                {
                    Name = "User",
                    Endpoint = "/Users",
                    Description = "User Account",
                    Schema = user,
                    Extensions = [new SchemaExtension(enterpriseUser, Required: false)],
                    CommonAttributes = common,
                },
                new ResourceType
                {
                    Name = "Group",
                    Endpoint = "/Groups",
                    Description = "Group",
                    Schema = group,
                    CommonAttributes = common,
                },
            ]);
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

    private static string Definition(string name)
    {
        var resource = $"Scim.Schemas.Definitions.{name}.json";
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{resource} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static void MarkRelation(Schema schema, string name, Relation relation) => Attribute(schema, name).Relation = relation;

    private static SchemaAttribute Attribute(Schema schema, string name) =>
        schema.Find(name) ?? throw new FormatException($"{schema.Id} has no {name}.");

    /// <summary>/Schemas must say what is enforced, so the choice is made in the definition itself.</summary>
    private static string WithUnique(string definition, string attribute)
    {
        var schema = JsonNode.Parse(definition)!;
        var unique = schema["attributes"]!.AsArray().First(a => (string?)a!["name"] == attribute)!;
        unique["uniqueness"] = "server";
        return schema.ToJsonString();
    }
}
