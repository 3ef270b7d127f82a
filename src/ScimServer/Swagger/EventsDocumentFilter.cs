using Microsoft.OpenApi;
using ScimServer.Events;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScimServer.Swagger;

/// <summary>What the OpenAPI document of the events says as a whole.</summary>
internal sealed class EventsDocumentFilter : IDocumentFilter
{
    /// <summary>Title and introduction.</summary>
    public static OpenApiInfo Info => new()
    {
        Title = "Events",
        Version = "1",
        Description =
            """
            What changed at a tenant, in order, for the product beside the server. This is no part of SCIM. It needs a token with the
            scope `events`: `tokens create --tenant default --name product --scopes events` on the server's command line makes one.
            """,
    };

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        if (context.DocumentName != EventsController.Path)
        {
            return;
        }

        swaggerDoc.Servers = [new OpenApiServer { Url = "../../", Description = "This server" }];
        swaggerDoc.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = EventsOperationFilter.Tag, Description = "The feed of changes" },
            new() { Name = StreamsOperationFilter.Tag, Description = "Streams of security event tokens (SSF 1.0, RFC 8935, RFC 8936)" },
        };
        swaggerDoc.AddComponent(ScimDocumentFilter.BearerScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An access token of this server with the scope `events`, without the word Bearer.",
        });
    }
}
