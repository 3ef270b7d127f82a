namespace Scim.Bulk;

/// <summary>What an operation of a bulk does (RFC 7644 §3.7).</summary>
public enum BulkMethod
{
    /// <summary>Creates a resource.</summary>
    Post,

    /// <summary>Replaces a resource.</summary>
    Put,

    /// <summary>Changes parts of a resource.</summary>
    Patch,

    /// <summary>Deletes a resource.</summary>
    Delete,
}
