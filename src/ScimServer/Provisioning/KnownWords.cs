using Scim.Schemas;

namespace ScimServer.Provisioning;

/// <summary>The words that schemas and protocol have, which tell nothing about a person.</summary>
internal sealed class KnownWords
{
    private static readonly string[] OfProtocol =
    [
        "schemas", "id", "externalId", "meta", "resourceType", "created", "lastModified", "location", "version", "Operations", "op", "path", "value", "method",
        "bulkId", "data", "failOnErrors", "attributes", "excludedAttributes", "filter", "sortBy", "sortOrder", "startIndex", "count", "cursor", "$ref",
        "ascending", "descending", "add", "remove", "replace", "GET", "POST", "PUT", "PATCH", "DELETE", "application/json", "application/scim+json", "Bearer",
        "true", "false", "null",
    ];

    /// <summary>What other servers have in their base URLs: it shows that ours is wrong in the identity provider.</summary>
    private static readonly string[] OfOtherPaths = ["api", "v1"];

    private readonly HashSet<string> words = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> attributes = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> values = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> segments = new(OfOtherPaths, StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> secrets = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="registry">The schemas and resource types.</param>
    /// <param name="ofPaths">The words in the server's own addresses.</param>
    public KnownWords(SchemaRegistry registry, IEnumerable<string> ofPaths)
    {
        words.UnionWith(OfProtocol);
        segments.UnionWith(ofPaths);
        foreach (var schema in registry.Schemas)
        {
            words.Add(schema.Id);
            segments.Add(schema.Id);
            Add(schema.Attributes);
        }

        foreach (var type in registry.ResourceTypes)
        {
            words.Add(type.Name);
            values.Add(type.Name);
            segments.Add(type.Name);
            segments.Add(type.Endpoint.TrimStart('/'));
        }
    }

    /// <summary>Whether it is a word of the protocol or a name of a schema.</summary>
    public bool Has(string word) => words.Contains(word) || values.Contains(word);

    /// <summary>Whether a schema has an attribute of the name.</summary>
    public bool HasAttribute(string name) => attributes.Contains(name);

    /// <summary>Whether it is a value that a schema suggests (<c>work</c>), or the name of a resource type.</summary>
    public bool HasValue(string value) => values.Contains(value);

    /// <summary>Whether it is a part of our addresses.</summary>
    public bool HasSegment(string segment) => segments.Contains(segment);

    /// <summary>Whether an attribute of the name is never returned.</summary>
    public bool IsSecret(string name) => secrets.Contains(name);

    private void Add(IEnumerable<SchemaAttribute> all)
    {
        foreach (var attribute in all)
        {
            words.Add(attribute.Name);
            attributes.Add(attribute.Name);
            values.UnionWith(attribute.CanonicalValues);
            if (attribute.Returned == Returned.Never || attribute.Mutability == Mutability.WriteOnly)
            {
                secrets.Add(attribute.Name);
            }

            Add(attribute.SubAttributes);
        }
    }
}
