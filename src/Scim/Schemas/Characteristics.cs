namespace Scim.Schemas;

/// <summary>The data type of an attribute (RFC 7643 §2.3). The wire word is the name in camelCase.</summary>
public enum AttributeType
{
    /// <summary>Text (§2.3.1).</summary>
    String,

    /// <summary>true or false (§2.3.2).</summary>
    Boolean,

    /// <summary>A number with a fraction (§2.3.3).</summary>
    Decimal,

    /// <summary>A whole number (§2.3.4).</summary>
    Integer,

    /// <summary>An xsd:dateTime as text (§2.3.5).</summary>
    DateTime,

    /// <summary>Base64 text (§2.3.6).</summary>
    Binary,

    /// <summary>A URI (§2.3.7).</summary>
    Reference,

    /// <summary>An object of sub-attributes (§2.3.8).</summary>
    Complex,
}

/// <summary>Who may change an attribute, and when (RFC 7643 §7).</summary>
public enum Mutability
{
    /// <summary>Set by the server; ignored on input.</summary>
    ReadOnly,

    /// <summary>Set by clients at any time.</summary>
    ReadWrite,

    /// <summary>Set once; a different value later is refused.</summary>
    Immutable,

    /// <summary>Set by clients, never sent back.</summary>
    WriteOnly,
}

/// <summary>When an attribute is part of an answer (RFC 7643 §7).</summary>
public enum Returned
{
    /// <summary>In every answer, whatever was asked for.</summary>
    Always,

    /// <summary>In no answer.</summary>
    Never,

    /// <summary>Unless the client asked for other attributes, or excluded this one.</summary>
    Default,

    /// <summary>Only when the client asked for it.</summary>
    Request,
}

/// <summary>How far the values of an attribute must differ (RFC 7643 §7).</summary>
public enum Uniqueness
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Within the tenant.</summary>
    Server,

    /// <summary>Everywhere.</summary>
    Global,
}

/// <summary>Attributes whose values are rows of the membership relation, not part of a resource's document.</summary>
public enum Relation
{
    /// <summary>An ordinary attribute.</summary>
    None,

    /// <summary>The members of a group (RFC 7643 §4.2).</summary>
    Members,

    /// <summary>The groups that a resource belongs to (RFC 7643 §4.1.2): computed from the members of groups.</summary>
    Groups,
}
