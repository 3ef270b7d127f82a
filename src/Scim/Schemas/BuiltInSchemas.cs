using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Nodes;

namespace Scim.Schemas;

/// <summary>The schemas of RFC 7643 §8.7, which every server has.</summary>
internal sealed class BuiltInSchemas
{
    private static readonly string[] DiscoverySchemas = ["service-provider-config", "resource-type", "schema"];

    /// <param name="options">The choices that the RFC leaves.</param>
    /// <param name="memberTypes">Resource types beside users and groups whose resources can be members of groups.</param>
    public BuiltInSchemas(SchemaOptions options, IReadOnlyList<string> memberTypes)
    {
        var user = SchemaReader.Read(Definition("user"));
        var group = SchemaReader.Read(Group(options, memberTypes));
        var enterpriseUser = SchemaReader.Read(Definition("enterprise-user"));
        Attribute(user, "groups").Relation = Relation.Groups;
        Attribute(group, "members").Relation = Relation.Members;
        Attribute(user, "active").InitialValue = true;
        Discovery = [.. DiscoverySchemas.Select(name => SchemaReader.Read(Definition(name)))];
        Resources = [user, group, enterpriseUser];
        CommonAttributes = SchemaReader.Read(Definition("common")).Attributes;
        ResourceTypes =
        [
            new ResourceType
            {
                Name = "User",
                Endpoint = "/Users",
                Description = "User Account",
                Schema = user,
                Extensions = [new SchemaExtension(enterpriseUser, Required: false)],
                CommonAttributes = CommonAttributes,
            },
            new ResourceType { Name = GroupName, Endpoint = "/Groups", Description = "Group", Schema = group, CommonAttributes = CommonAttributes },
        ];
    }

    /// <summary>The name of the resource type that has members.</summary>
    public static string GroupName => "Group";

    /// <summary>What the server says of itself in.</summary>
    public IReadOnlyList<Schema> Discovery { get; }

    /// <summary>The schemas of users and groups.</summary>
    public IReadOnlyList<Schema> Resources { get; }

    /// <summary>What every resource has.</summary>
    public ImmutableArray<SchemaAttribute> CommonAttributes { get; }

    /// <summary>Users and groups.</summary>
    public IReadOnlyList<ResourceType> ResourceTypes { get; }

    /// <summary>/Schemas must say what is enforced, so the choices are made in the definition itself.</summary>
    private static string Group(SchemaOptions options, IReadOnlyList<string> memberTypes)
    {
        var schema = JsonNode.Parse(Definition("group"))!;
        if (options.UniqueGroupDisplayName)
        {
            Named(schema["attributes"]!, "displayName")["uniqueness"] = "server";
        }

        var subAttributes = Named(schema["attributes"]!, "members")["subAttributes"]!;
        foreach (var type in memberTypes)
        {
            Named(subAttributes, "$ref")["referenceTypes"]!.AsArray().Add((JsonNode)type);
            Named(subAttributes, "type")["canonicalValues"]!.AsArray().Add((JsonNode)type);
        }

        return schema.ToJsonString();
    }

    private static JsonNode Named(JsonNode attributes, string name) => attributes.AsArray().First(attribute => (string?)attribute!["name"] == name)!;

    private static SchemaAttribute Attribute(Schema schema, string name) =>
        schema.Find(name) ?? throw new FormatException($"{schema.Id} has no {name}.");

    private static string Definition(string name)
    {
        var resource = $"Scim.Schemas.Definitions.{name}.json";
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{resource} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
