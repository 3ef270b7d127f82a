using Microsoft.OpenApi;
using Scim.Schemas;
using ScimServer.Http;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScimServer.Swagger;

/// <summary>What the OpenAPI document says of the server as a whole.</summary>
internal sealed class ScimDocumentFilter(SchemaRegistry schemas) : IDocumentFilter
{
    /// <summary>The name of the security scheme.</summary>
    public const string BearerScheme = "bearer";

    /// <summary>The queries of all types.</summary>
    public const string SearchTag = "Search";

    /// <summary>Many operations in one request.</summary>
    public const string BulkTag = "Bulk";

    /// <summary>The endpoints about the server itself.</summary>
    public const string DiscoveryTag = "Discovery";

    /// <summary>
    /// Relative to the document, as OpenAPI has it: right on every host, port and path prefix that the document is read under.
    /// </summary>
    private const string Server = "../../" + ScimEndpoint.Base;

    /// <summary>Title and introduction.</summary>
    public static OpenApiInfo Info => new()
    {
        Title = "SCIM 2.0",
        Version = "2.0",
        Description =
            """
            Provisioning of users and groups (RFC 7643, RFC 7644).

            **To try it out**, press *Authorize* and paste an access token; the first start of the server prints one, and
            `tokens create --tenant default --name me` on the server's command line makes another. A token sees the resources of
            its tenant and no others. A client gets one at `/oauth/token`.

            Attribute names and URNs may be written in any case. Attributes that no schema has are ignored. Bodies may be sent as
            `application/scim+json` or `application/json`. GET endpoints answer HEAD as well. Every answer has an
            `X-Correlation-Id`, under which the server's log tells more; the detail of an error ends with it.
            """,
    };

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        if (context.DocumentName != SwaggerPage.DocumentName)
        {
            return;
        }

        swaggerDoc.Servers = [new OpenApiServer { Url = Server, Description = "This server" }];
        swaggerDoc.Paths = BelowBase(swaggerDoc.Paths);
        swaggerDoc.Tags = Tags();
        swaggerDoc.AddComponent(BearerScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An access token of this server (`scim_…`), without the word Bearer.",
        });
        RegistrySchemas.AddTo(swaggerDoc, schemas);
        MessageSchemas.AddTo(swaggerDoc, schemas);
        TokenOperation.AddTo(swaggerDoc);
    }

    private static OpenApiPaths BelowBase(OpenApiPaths paths)
    {
        var below = new OpenApiPaths();
        foreach (var (path, item) in paths)
        {
            var isScim = path.StartsWith(ScimEndpoint.BasePath, StringComparison.OrdinalIgnoreCase);
            var rest = isScim ? path[ScimEndpoint.BasePath.Length..] : path;
            below.Add(rest.Length == 0 ? "/" : rest, item);
        }

        return below;
    }

    private HashSet<OpenApiTag> Tags() =>
    [
        .. schemas.ResourceTypes.Select(type => new OpenApiTag { Name = OperationNames.Plural(type), Description = $"{type.Schema.Description} ({type.Schema.Id})" }),
        new OpenApiTag { Name = SearchTag, Description = "All resource types at once (RFC 7644, 3.4.2.1)" },
        new OpenApiTag { Name = BulkTag, Description = "Many operations in one request (RFC 7644, 3.7)" },
        new OpenApiTag { Name = DiscoveryTag, Description = "What the server can do (RFC 7644, 4)" },
        new OpenApiTag { Name = TokenOperation.Tag, Description = "Access tokens for clients that have an id and a secret (RFC 6749)" },
    ];
}
