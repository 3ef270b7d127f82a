using Microsoft.Extensions.Options;
using Scim.Projections;
using Scim.Schemas;

namespace ScimServer.Http;

/// <summary>The addresses under which clients find resources: configured, or the ones that the request itself used.</summary>
public sealed class PublicAddress
{
    private readonly SchemaRegistry schemas;
    private readonly ResourceAddress? configured;
    private volatile ResourceAddress? lastUsed;

    /// <summary>Takes the base URL from the options.</summary>
    public PublicAddress(SchemaRegistry schemas, IOptions<ScimHttpOptions> options)
    {
        this.schemas = schemas;
        if (!string.IsNullOrWhiteSpace(options.Value.PublicBaseUrl))
        {
            configured = new ResourceAddress(options.Value.PublicBaseUrl.Trim().TrimEnd('/'), schemas);
        }
    }

    /// <summary>The addresses for an answer to <paramref name="request"/>.</summary>
    public ResourceAddress For(HttpRequest request)
    {
        if (configured is not null)
        {
            return configured;
        }

        var host = request.Host.HasValue ? request.Host.ToUriComponent() : "localhost";
        var baseUrl = $"{request.Scheme}://{host}{request.PathBase.ToUriComponent()}{ScimEndpoint.BasePath}";
        var last = lastUsed;
        return last?.BaseUrl == baseUrl ? last : lastUsed = new ResourceAddress(baseUrl, schemas);
    }
}
