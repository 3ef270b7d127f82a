using System.Globalization;
using Microsoft.Extensions.Options;
using ScimServer.Http;

namespace ScimServer.Events.SecurityEvents;

/// <summary>Where streams are reached, and what their issuers are called: configured, or as the request has it.</summary>
public sealed class StreamAddress(IOptions<SecurityEventsOptions> options, IOptions<ScimHttpOptions> http)
{
    /// <summary>The first part of the paths.</summary>
    public const string Path = "ssf";

    /// <summary>The public keys.</summary>
    public const string KeysPath = "/" + Path + "/jwks";

    /// <summary>Where the framework is discovered; the path of the issuer follows (EVT-75).</summary>
    public const string DiscoveryPath = "/.well-known/ssf-configuration/" + Tenants + "/{tenantId:int:min(1)}";

    private const string Tenants = "tenants";

    /// <summary>The base of issuers that the configuration gives, without a slash at its end; null when it gives none.</summary>
    public string? Configured { get; } = Read(options.Value.Issuer) ?? BaseOf(Read(http.Value.PublicBaseUrl));

    /// <summary>The base for a request.</summary>
    public string For(HttpRequest request)
    {
        var host = request.Host.HasValue ? request.Host.ToUriComponent() : "localhost";
        return Configured ?? $"{request.Scheme}://{host}{request.PathBase.ToUriComponent()}";
    }

    /// <summary>The issuer of a tenant. It names the tenant's number, so that nobody can ask for names.</summary>
    public static string IssuerOf(string baseUrl, int tenantId) => string.Create(CultureInfo.InvariantCulture, $"{baseUrl}/{Tenants}/{tenantId}");

    /// <summary>Where a stream is polled.</summary>
    public static string PollUrl(string baseUrl, Guid streamId) => $"{baseUrl}/{Path}/streams/{streamId}/poll";

    private static string? Read(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim().TrimEnd('/');

    private static string? BaseOf(string? scimBase) => scimBase is not null && scimBase.EndsWith(ScimEndpoint.BasePath, StringComparison.OrdinalIgnoreCase)
        ? scimBase[..^ScimEndpoint.BasePath.Length]
        : scimBase;
}
