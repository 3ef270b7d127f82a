using System.Text.Json.Nodes;
using Scim.Paths;
using Scim.Schemas;

namespace Scim.Resources;

/// <summary>An attribute in which two documents differ.</summary>
/// <param name="Path">The attribute; of a single complex value the sub-attribute.</param>
/// <param name="Before">Its value in the first document, or null when it has none.</param>
/// <param name="After">Its value in the second document, or null when it has none.</param>
public sealed record AttributeChange(ResolvedPath Path, JsonNode? Before, JsonNode? After)
{
    /// <summary>
    /// The differences in schema order. A single complex value is taken apart into its sub-attributes, a multi-valued
    /// attribute is one value.
    /// </summary>
    public static IReadOnlyList<AttributeChange> Between(ResourceDocument before, ResourceDocument after)
    {
        var type = before.Type;
        var changes = new List<AttributeChange>();
        Compare(type, null, [.. type.CommonAttributes, .. type.Schema.Attributes], before.Root, after.Root, changes);
        foreach (var schema in type.Extensions.Select(extension => extension.Schema))
        {
            Compare(type, schema, schema.Attributes, before.Root[schema.Id] as JsonObject, after.Root[schema.Id] as JsonObject, changes);
        }

        return changes;
    }

    private static void Compare(
        ResourceType type, Schema? extension, IReadOnlyList<SchemaAttribute> attributes, JsonObject? before, JsonObject? after, List<AttributeChange> changes)
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
                changes.AddRange(attribute.SubAttributes
                    .Where(sub => !JsonNode.DeepEquals(old?[sub.Name], now?[sub.Name]))
                    .Select(sub => new AttributeChange(new ResolvedPath(type, extension, attribute, sub), old?[sub.Name], now?[sub.Name])));
            }
            else
            {
                changes.Add(new AttributeChange(new ResolvedPath(type, extension, attribute, null), old, now));
            }
        }
    }
}
