namespace ScimServer.Http;

/// <summary>How the server shows itself over HTTP; section <c>Scim</c> of the configuration.</summary>
public sealed class ScimHttpOptions
{
    /// <summary>The section that the options are read from.</summary>
    public const string Section = "Scim";

    /// <summary>
    /// The SCIM base URL as clients reach it, for example <c>https://scim.example.com/scim/v2</c>; it begins every
    /// <c>Location</c>, <c>meta.location</c> and <c>$ref</c>. Unset: taken from each request, which is right without a
    /// proxy or with one that forwards host and scheme.
    /// </summary>
    public string? PublicBaseUrl { get; set; }

    /// <summary>
    /// Whether <c>/ServiceProviderConfig</c>, <c>/ResourceTypes</c> and <c>/Schemas</c> need a token as well. Default false:
    /// RFC 7643 §5 wants the authentication schemes readable without one, and nothing in them belongs to a tenant.
    /// </summary>
    public bool DiscoveryRequiresToken { get; set; }

    /// <summary>
    /// Whether answers are compressed for clients that ask for it (Accept-Encoding). Default true, also over HTTPS: answers
    /// hold no secret, and nobody can make a client with a bearer token send requests of their choice.
    /// </summary>
    public bool CompressResponses { get; set; } = true;

    /// <summary>A page for people about this service, announced as <c>documentationUri</c>; unset: none is announced.</summary>
    public string? DocumentationUri { get; set; }
}
