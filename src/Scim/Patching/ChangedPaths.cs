using System.Text.Json.Nodes;
using Scim.Paths;
using Scim.Resources;
using Scim.Schemas;

namespace Scim.Patching;

/// <summary>Names the attributes in which two documents differ.</summary>
internal static class ChangedPaths
{
    /// <summary>Canonical paths in schema order; a single complex value is named by its sub-attributes, a multi-valued attribute as a whole.</summary>
    public static List<string> Between(ResourceDocument before, ResourceDocument after)
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
