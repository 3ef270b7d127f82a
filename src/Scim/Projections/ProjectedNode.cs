using System.Text;
using Scim.Schemas;

namespace Scim.Projections;

/// <summary>An attribute, or the object of an extension, that a projection lets through, with what it lets through inside.</summary>
internal sealed class ProjectedNode
{
    private ProjectedNode(string name, SchemaAttribute? attribute, Schema? extension, ProjectedNode[] children, bool whole)
    {
        Name = Encoding.UTF8.GetBytes(name);
        Quoted = Encoding.UTF8.GetBytes($"\"{name}\":");
        Attribute = attribute;
        Extension = extension;
        Children = children;
        Whole = whole;
    }

    /// <summary>The name in schema case.</summary>
    public byte[] Name { get; }

    /// <summary>The name with quotes and colon, as it stands in JSON.</summary>
    public byte[] Quoted { get; }

    /// <summary>The attribute; null for an extension.</summary>
    public SchemaAttribute? Attribute { get; }

    /// <summary>The extension; null for an attribute.</summary>
    public Schema? Extension { get; }

    public ProjectedNode[] Children { get; }

    /// <summary>True when a stored value holds nothing that is left out.</summary>
    public bool Whole { get; }

    /// <summary>The node of an attribute, or null when it is left out.</summary>
    public static ProjectedNode? Of(SchemaAttribute attribute, HashSet<SchemaAttribute> included) =>
        included.Contains(attribute)
            ? new ProjectedNode(attribute.Name, attribute, null, Nodes(attribute.SubAttributes, included), IsWhole(attribute, included))
            : null;

    /// <summary>The node of an extension, or null when nothing of it is let through.</summary>
    public static ProjectedNode? Of(Schema extension, HashSet<SchemaAttribute> included)
    {
        var children = Nodes(extension.Attributes, included);
        return children.Length > 0
            ? new ProjectedNode(extension.Id, null, extension, children, extension.Attributes.All(a => IsWhole(a, included)))
            : null;
    }

    /// <summary>What can only be written and is never returned is not in stored documents, so it cannot be missing from an answer.</summary>
    public static bool IsWhole(SchemaAttribute attribute, HashSet<SchemaAttribute> included) =>
        attribute is { Mutability: Mutability.WriteOnly, Returned: Returned.Never }
        || (included.Contains(attribute) && attribute.SubAttributes.All(sub => IsWhole(sub, included)));

    /// <summary>The child of that name, in any case, when it is let through.</summary>
    public ProjectedNode? Child(string name) =>
        Array.Find(Children, child => child.Attribute!.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static ProjectedNode[] Nodes(IEnumerable<SchemaAttribute> attributes, HashSet<SchemaAttribute> included) =>
        [.. attributes.Select(attribute => Of(attribute, included)).OfType<ProjectedNode>()];
}
