using Scim.Schemas;

namespace Scim.Paths;

/// <summary>
/// A path that has been found in the schemas of a resource type (RFC 7644 §3.10). With neither attribute nor extension it
/// stands for the whole core schema; with an extension alone, for all data of that extension.
/// </summary>
/// <param name="ResourceType">The resource type that the path was resolved against.</param>
/// <param name="Extension">The extension that the attribute belongs to; null for core and common attributes.</param>
/// <param name="Attribute">The attribute, or null for a whole schema.</param>
/// <param name="SubAttribute">The sub-attribute, when the path names one.</param>
public sealed record ResolvedPath(ResourceType ResourceType, Schema? Extension, SchemaAttribute? Attribute, SchemaAttribute? SubAttribute)
{
    /// <summary>The most specific attribute that the path names, or null for a whole schema.</summary>
    public SchemaAttribute? Target => SubAttribute ?? Attribute;

    /// <summary>True when the attribute is one of those that every resource has (id, externalId, meta, schemas).</summary>
    public bool IsCommon => Extension is null && Attribute is not null && ResourceType.CommonAttributes.Contains(Attribute);

    /// <summary>The path in its canonical spelling, for example <c>name.familyName</c>.</summary>
    public override string ToString()
    {
        if (Attribute is null)
        {
            return (Extension ?? ResourceType.Schema).Id;
        }

        var name = SubAttribute is null ? Attribute.Name : $"{Attribute.Name}.{SubAttribute.Name}";
        return Extension is null ? name : $"{Extension.Id}:{name}";
    }
}
