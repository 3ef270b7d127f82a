namespace Scim.Errors;

/// <summary>The <c>scimType</c> of an error (RFC 7644 §3.12, table 9, and RFC 9865 §3). The wire word is the name in camelCase.</summary>
public enum ScimErrorType
{
    /// <summary>The filter is malformed, or compares what cannot be compared.</summary>
    InvalidFilter,

    /// <summary>The filter yields more results than the server is willing to work through.</summary>
    TooMany,

    /// <summary>A value that must be unique is already in use.</summary>
    Uniqueness,

    /// <summary>The change is not compatible with the attribute's mutability.</summary>
    Mutability,

    /// <summary>The request body is not what the message's schema says.</summary>
    InvalidSyntax,

    /// <summary>The path of a PATCH operation is malformed or names no attribute.</summary>
    InvalidPath,

    /// <summary>The path of a PATCH operation names no value that could be worked on.</summary>
    NoTarget,

    /// <summary>A required value is missing, or a value does not fit the attribute.</summary>
    InvalidValue,

    /// <summary>The SCIM protocol version is not supported.</summary>
    InvalidVers,

    /// <summary>The request would put personal data into a URI.</summary>
    Sensitive,

    /// <summary>The cursor is not one of this server's, or belongs to another query (RFC 9865).</summary>
    InvalidCursor,

    /// <summary>The cursor is too old (RFC 9865).</summary>
    ExpiredCursor,

    /// <summary>The count does not fit the cursor (RFC 9865).</summary>
    InvalidCount,
}
