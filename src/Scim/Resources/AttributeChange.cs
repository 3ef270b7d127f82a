using System.Collections.Immutable;
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
        Compare(type, null, type.CommonAttributes, before.Root, after.Root, changes);
        Compare(type, null, type.Schema.Attributes, before.Root, after.Root, changes);
        foreach (var (schema, _) in type.Extensions)
        {
            Compare(type, schema, schema.Attributes, before.Root[schema.Id] as JsonObject, after.Root[schema.Id] as JsonObject, changes);
        }

        return changes;
    }

    private static void Compare(
        ResourceType type, Schema? extension, ImmutableArray<SchemaAttribute> attributes, JsonObject? before, JsonObject? after, List<AttributeChange> changes)
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
                CompareSubAttributes(new ResolvedPath(type, extension, attribute, null), old, now, changes);
            }
            else
            {
                changes.Add(new AttributeChange(new ResolvedPath(type, extension, attribute, null), old, now));
            }
        }
    }

    private static void CompareSubAttributes(ResolvedPath path, JsonNode? before, JsonNode? after, List<AttributeChange> changes)
    {
        foreach (var sub in path.Attribute!.SubAttributes)
        {
            var (old, now) = (before?[sub.Name], after?[sub.Name]);
            if (!JsonNode.DeepEquals(old, now))
            {
                changes.Add(new AttributeChange(path with { SubAttribute = sub }, old, now));
            }
        }
    }
}
