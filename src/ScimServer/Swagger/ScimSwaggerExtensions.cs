using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using ScimServer.Events;
using ScimServer.Swagger;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the description of the endpoints (OpenAPI) and the page that shows it and tries it out.</summary>
internal static class ScimSwaggerExtensions
{
    /// <summary>The OpenAPI documents of SCIM, of the admin API and of the events; what they say is in the folder <c>Swagger</c>.</summary>
    public static void AddScimSwagger(this IServiceCollection services)
    {
        services.AddOptions<SwaggerOptions>().BindConfiguration(SwaggerOptions.Section);
        services.AddSwaggerGen(generator =>
        {
            generator.SwaggerDoc(SwaggerPage.DocumentName, ScimDocumentFilter.Info);
            generator.SwaggerDoc(EventsController.Path, EventsDocumentFilter.Info);
            generator.SwaggerDoc(AdminDocumentFilter.Name, AdminDocumentFilter.Info);
            generator.DocInclusionPredicate((document, action) =>
                !HttpMethods.IsHead(action.HttpMethod ?? "") && (action.GroupName ?? SwaggerPage.DocumentName) == document);
            generator.IncludeXmlComments(typeof(AdminDocumentFilter).Assembly);
            generator.SupportNonNullableReferenceTypes();
            generator.OrderActionsBy(action => action.RelativePath);
            generator.OperationFilter<ScimOperationFilter>();
            generator.OperationFilter<EventsOperationFilter>();
            generator.OperationFilter<StreamsOperationFilter>();
            generator.OperationFilter<AdminOperationFilter>();
            generator.SchemaFilter<AdminMessages>();
            generator.DocumentFilter<ScimDocumentFilter>();
            generator.DocumentFilter<AdminDocumentFilter>();
            generator.DocumentFilter<EventsDocumentFilter>();
        });
    }

    /// <summary>Serves the page at <c>/swagger</c>, without a token: it says nothing that the discovery endpoints do not say.</summary>
    public static void UseScimSwagger(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<SwaggerOptions>>().Value.Enabled)
        {
            return;
        }

        // SCIM requests do not pass through it.
        app.UseWhen(SwaggerPage.IsAskedFor, ServePage);
    }

    private static void ServePage(IApplicationBuilder page)
    {
        page.Use(SwaggerPage.GuardAsync);
        page.UseSwagger(options => options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0);
        page.UseSwaggerUI(options =>
        {
            options.RoutePrefix = SwaggerPage.Prefix;
            options.DocumentTitle = "ScimServer";
            options.SwaggerEndpoint($"{SwaggerPage.DocumentName}/swagger.json", "SCIM 2.0");
            options.SwaggerEndpoint($"{AdminDocumentFilter.Name}/swagger.json", "Administration");
            options.SwaggerEndpoint($"{EventsController.Path}/swagger.json", "Events");
            options.DisplayRequestDuration();
            options.DefaultModelsExpandDepth(0);
        });
    }
}
