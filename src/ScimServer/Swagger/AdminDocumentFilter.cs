using Microsoft.OpenApi;
using ScimServer.Admin;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScimServer.Swagger;

/// <summary>What the OpenAPI document of the admin API says as a whole. Its operations are described by their actions.</summary>
internal sealed class AdminDocumentFilter : IDocumentFilter
{
    /// <summary>The name of the document.</summary>
    public const string Name = AdminController.DocumentName;

    /// <summary>Title and introduction.</summary>
    public static OpenApiInfo Info => new()
    {
        Title = "Administration",
        Version = "1.0",
        Description =
            """
            Tenants, access tokens, clients of the token endpoint and the change log, for the operator. Needs a token of the operator, which
            `tokens create --admin --name me` on the server's command line makes; a tenant's token gets 403. Errors are problem details
            (RFC 9457) with the `field` that cannot be taken.
            """,
    };

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        if (context.DocumentName != Name)
        {
            return;
        }

        swaggerDoc.Servers = [new OpenApiServer { Url = "../..", Description = "This server" }];
        swaggerDoc.AddComponent(ScimDocumentFilter.BearerScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An access token of the operator (`scim_…`), without the word Bearer.",
        });
        swaggerDoc.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ScimDocumentFilter.BearerScheme, swaggerDoc)] = [] }];
    }
}
