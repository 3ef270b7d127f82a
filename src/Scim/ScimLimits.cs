namespace Scim;

/// <summary>
/// Every bound on what a client may send. A request past a bound is refused with a SCIM error that names it;
/// nothing is read, parsed or evaluated without one.
/// </summary>
public sealed class ScimLimits
{
    /// <summary>Bytes of a request body. Default 16 MiB: a PUT of a group with 100,000 members is about 7 MiB.</summary>
    public int MaxBodyBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Nesting of a request body. Default 32; the deepest SCIM message needs eight levels.</summary>
    public int MaxJsonDepth { get; set; } = 32;

    /// <summary>Characters of a filter. Default 16,384.</summary>
    public int MaxFilterLength { get; set; } = 16_384;

    /// <summary>Nesting of a filter (parentheses, not, value paths). Default 50.</summary>
    public int MaxFilterDepth { get; set; } = 50;

    /// <summary>Comparisons in a filter. Default 500.</summary>
    public int MaxFilterTerms { get; set; } = 500;

    /// <summary>Operations in one PATCH. Default 1,000.</summary>
    public int MaxPatchOperations { get; set; } = 1_000;

    /// <summary>Operations in one bulk. Default 1,000. Announced as bulk.maxOperations.</summary>
    public int MaxBulkOperations { get; set; } = 1_000;

    /// <summary>Bytes of the body of a bulk. Default 8 MiB: a thousand users are about 2 MiB. Announced as bulk.maxPayloadSize.</summary>
    public int MaxBulkPayloadBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Member ids in one request. Default 200,000.</summary>
    public int MaxMembersPerRequest { get; set; } = 200_000;

    /// <summary>Bytes of a stored resource without its members. Default 1 MiB.</summary>
    public int MaxResourceBytes { get; set; } = 1024 * 1024;

    /// <summary>Characters of a value that an index holds (userName, externalId, displayName). Default 512: PostgreSQL refuses index entries above 2,704 bytes.</summary>
    public int MaxKeyLength { get; set; } = 512;

    /// <summary>Resources in a page; a larger <c>count</c> is taken as this one. Default 200. Announced as filter.maxResults.</summary>
    public int MaxPageSize { get; set; } = 200;

    /// <summary>Resources in a page when the client names no <c>count</c>. Default 100.</summary>
    public int DefaultPageSize { get; set; } = 100;
}
