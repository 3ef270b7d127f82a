using System.Collections.Immutable;
namespace Scim.Schemas;

/// <summary>One attribute or sub-attribute with its characteristics (RFC 7643 §7).</summary>
public sealed class SchemaAttribute
{
    private const string Reference = "$ref";

    internal const string ExternalReference = "external";
    internal const string UriReference = "uri";

    /// <summary>The name in schema case, as it is sent.</summary>
    public required string Name { get; init; }

    /// <summary>The data type.</summary>
    public required AttributeType Type { get; init; }

    /// <summary>True when the attribute holds an array.</summary>
    public bool MultiValued { get; init; }

    /// <summary>What the attribute is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>True when a resource cannot be without the attribute.</summary>
    public bool Required { get; init; }

    /// <summary>Suggested values; other values are taken as well (RFC 7643 §7).</summary>
    public IReadOnlyList<string> CanonicalValues { get; init; } = [];

    /// <summary>True when upper and lower case are different values.</summary>
    public bool CaseExact { get; init; }

    /// <summary>Who may change it.</summary>
    public Mutability Mutability { get; init; } = Mutability.ReadWrite;

    /// <summary>When it is sent.</summary>
    public Returned Returned { get; init; } = Returned.Default;

    /// <summary>How far its values must differ.</summary>
    public Uniqueness Uniqueness { get; init; } = Uniqueness.None;

    /// <summary>For references: resource types, or <c>external</c> or <c>uri</c>.</summary>
    public IReadOnlyList<string> ReferenceTypes { get; init; } = [];

    /// <summary>The sub-attributes of a complex attribute.</summary>
    public ImmutableArray<SchemaAttribute> SubAttributes { get; init; } = [];

    /// <summary>The complex attribute that this is a sub-attribute of.</summary>
    public SchemaAttribute? Parent { get; internal set; }

    /// <summary>Whether the values are memberships rather than part of the document.</summary>
    public Relation Relation { get; internal set; }

    /// <summary>
    /// The value that a new resource gets when the client gives none, and that is kept when a later request leaves it out;
    /// null for none. A user is active (ENTRA-31), and a PUT without <c>active</c> must not let a disabled user in again.
    /// </summary>
    public bool? InitialValue { get; internal set; }

    /// <summary>The sub-attribute that stands for the whole in comparisons (<c>value</c>), or null.</summary>
    public SchemaAttribute? DefaultSubAttribute => FindSubAttribute("value");

    /// <summary>The sub-attribute with the address of what <c>value</c> names (RFC 7643 §2.4), <c>$ref</c>, or null.</summary>
    public SchemaAttribute? AddressSubAttribute => FindSubAttribute(Reference);

    /// <summary>The sub-attribute that marks the preferred one of several values (RFC 7643 §2.4), or null.</summary>
    public SchemaAttribute? PrimarySubAttribute =>
        MultiValued && FindSubAttribute("primary") is { Type: AttributeType.Boolean } primary ? primary : null;

    /// <summary>The sub-attribute that labels one of several values, such as "work" (RFC 7643 §2.4), or null.</summary>
    public SchemaAttribute? TypeSubAttribute => MultiValued ? FindSubAttribute("type") : null;

    /// <summary>
    /// True for a single complex value that names another resource by <c>value</c> and <c>$ref</c>, as the enterprise
    /// user's manager does: its remaining readOnly sub-attributes are computed when the resource is read.
    /// </summary>
    public bool IsResourceReference =>
        Type == AttributeType.Complex && !MultiValued && Relation == Relation.None && DefaultSubAttribute is not null
        && ReferencedTypes.Any();

    /// <summary>
    /// Whether what a client says of a sub-attribute is kept: not of one that is readOnly, nor of the <c>$ref</c> of a reference to a resource, which
    /// follows from its <c>value</c>, or stands for one that is not given.
    /// </summary>
    public bool Takes(SchemaAttribute sub) => sub.Mutability != Mutability.ReadOnly && !(IsResourceReference && sub.Name == Reference);

    /// <summary>The names of the resource types that a complex attribute refers to by its <c>$ref</c>.</summary>
    public IEnumerable<string> ReferencedTypes =>
        AddressSubAttribute?.ReferenceTypes.Where(name => name is not (ExternalReference or UriReference)) ?? [];

    /// <summary>The sub-attribute of that name, in any case (RFC 7643 §2.1), or null.</summary>
    public SchemaAttribute? FindSubAttribute(string name) => Find(SubAttributes, name);

    /// <summary>
    /// What a filter in brackets names of one of several values: a sub-attribute, or by <c>value</c> the element itself where it has none
    /// (RFC 7644 §3.5.2.2).
    /// </summary>
    public SchemaAttribute? FindInElement(string name) =>
        FindSubAttribute(name) ?? (Type != AttributeType.Complex && name.Equals("value", StringComparison.OrdinalIgnoreCase) ? this : null);

    /// <inheritdoc/>
    public override string ToString() => Parent is null ? Name : $"{Parent.Name}.{Name}";

    internal static SchemaAttribute? Find(ImmutableArray<SchemaAttribute> attributes, string name)
    {
        foreach (var attribute in attributes)
        {
            if (attribute.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return attribute;
            }
        }

        return null;
    }
}
