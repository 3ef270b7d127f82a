using System.Text.Json.Nodes;
using Scim.Paths;
using Scim.Schemas;

namespace Scim.Resources;

/// <summary>Names the attributes in which two documents differ.</summary>
public static class ChangedPaths
{
    /// <summary>Canonical paths in schema order; a single complex value is named by its sub-attributes, a multi-valued attribute as a whole.</summary>
    public static IReadOnlyList<string> Between(ResourceDocument before, ResourceDocument after)
    {
        var type = before.Type;
        var paths = new List<string>();
        Compare(type, null, [.. type.CommonAttributes, .. type.Schema.Attributes], before.Root, after.Root, paths);
        foreach (var schema in type.Extensions.Select(extension => extension.Schema))
        {
            Compare(type, schema, schema.Attributes, before.Root[schema.Id] as JsonObject, after.Root[schema.Id] as JsonObject, paths);
        }

        return paths;
    }

    /// <summary>The paths of all attributes that a document has.</summary>
    public static IReadOnlyList<string> Of(ResourceDocument document) => Between(new ResourceDocument(document.Type, []), document);

    private static void Compare(
        ResourceType type, Schema? extension, IReadOnlyList<SchemaAttribute> attributes, JsonObject? before, JsonObject? after, List<string> paths)
    {
        foreach (var attribute in attributes)
        {
            var (old, now) = (before?[attribute.Name], after?[attribute.Name]);
            if (JsonNode.DeepEquals(old, now))
            {
                continue;
            }

            if (attribute is { Type: AttributeType.Complex, MultiValued: false })
            {
                paths.AddRange(attribute.SubAttributes
                    .Where(sub => !JsonNode.DeepEquals(old?[sub.Name], now?[sub.Name]))
                    .Select(sub => new ResolvedPath(type, extension, attribute, sub).ToString()));
            }
            else
            {
                paths.Add(new ResolvedPath(type, extension, attribute, null).ToString());
            }
        }
    }
}
