using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Scim;
using Scim.Dialects;
using Scim.Schemas;
using ScimServer.Authentication;
using ScimServer.Bulk;
using ScimServer.Controllers;
using ScimServer.Http;
using ScimServer.Startup;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds SCIM over HTTP to a server.</summary>
public static class ScimHttpExtensions
{
    /// <summary>
    /// The controllers and what they need but the store; options from the section <c>Scim</c>, bounds from
    /// <c>Scim:Limits</c>, schema choices and one's own schemas from <c>Scim:Schemas</c>, dialect rules to switch off from
    /// <c>Scim:Dialects:Disabled</c>.
    /// </summary>
    public static IServiceCollection AddScimHttp(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(ScimHttpOptions.Section);
        services.AddOptions<ScimHttpOptions>().Bind(section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ScimHttpOptions>, ScimHttpOptionsValidator>());
        services.TryAddSingleton(_ => ScimLimitsCheck.RequirePositive(Bound(section.GetSection("Limits"), new ScimLimits())));
        services.TryAddSingleton(provider => SchemaFolder.CreateRegistry(
            Bound(section.GetSection("Schemas"), new SchemaOptions()), provider.GetRequiredService<IHostEnvironment>().ContentRootPath));
        services.TryAddSingleton(_ => new RequestDialect(Bound(section.GetSection("Dialects"), new DialectOptions())));
        services.TryAddSingleton<ScimRequestReader>();
        services.TryAddSingleton<Outages>();
        services.TryAddSingleton<ScimLoad>();
        services.TryAddSingleton<BulkTurns>();
        services.TryAddSingleton<PublicAddress>();
        services.AddScimCompression();
        services.AddOptions<MvcOptions>().Configure<IOptions<ScimHttpOptions>>((mvc, http) =>
            mvc.Filters.Add(new AcceptedMediaType(http.Value.CompressResponses ? "Accept, Accept-Encoding" : "Accept")));
        services.AddMvcCore().AddApiExplorer().AddApplicationPart(typeof(UsersController).Assembly);
        services.AddOptions<MvcOptions>().Configure<SchemaRegistry>((mvc, schemas) => mvc.Conventions.Add(new CustomResourceRoutes(schemas)));
        return services;
    }

    /// <summary>
    /// What surrounds every request: its correlation id, compression, errors as SCIM errors, tolerance for slashes; then
    /// routing, which has to see the tolerated path, and OPTIONS. Authentication and authorization come after it.
    /// </summary>
    public static IApplicationBuilder UseScimHttp(this IApplicationBuilder app)
    {
        app.Use(app.ApplicationServices.GetRequiredService<ScimLoad>().CountAsync);
        app.Use(CorrelationId.AssignAsync);
        app.UseScimCompression();
        app.Use(StatusErrors.FillAsync);
        app.UseMiddleware<ScimExceptionHandler>();
        app.Use(PathNormalizer.NormalizeAsync);
        app.UseRouting();
        return app.Use(AllowedMethods.AnswerAsync);
    }

    /// <summary>Maps the controllers. Each needs a token with the scope for it; discovery by option only, and any token. A configuration that cannot be served stops here.</summary>
    public static IEndpointConventionBuilder MapScim(this IEndpointRouteBuilder endpoints)
    {
        _ = endpoints.ServiceProvider.GetRequiredService<SchemaRegistry>();
        _ = endpoints.ServiceProvider.GetRequiredService<ScimRequestReader>();
        var options = endpoints.ServiceProvider.GetRequiredService<IOptions<ScimHttpOptions>>().Value;
        var controllers = endpoints.MapControllers();
        controllers.Add(endpoint =>
        {
            var isDiscovery = endpoint.Metadata.OfType<ControllerActionDescriptor>().Any(action => action.ControllerTypeInfo.IsSubclassOf(typeof(DiscoveryController)));
            if (isDiscovery && !options.DiscoveryRequiresToken)
            {
                endpoint.Metadata.Add(new AllowAnonymousAttribute());
            }
            else if (!endpoint.Metadata.OfType<IAuthorizeData>().Any())
            {
                endpoint.Metadata.Add(isDiscovery ? new AuthorizeAttribute() : new AuthorizeAttribute(ScimPolicies.ForMethods(Methods(endpoint))));
            }
        });
        return controllers;
    }

    private static IReadOnlyList<string> Methods(EndpointBuilder endpoint) => endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods ?? [];

    private static TOptions Bound<TOptions>(IConfiguration section, TOptions options)
    {
        section.Bind(options);
        return options;
    }
}
