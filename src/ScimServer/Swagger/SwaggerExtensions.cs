namespace Microsoft.Extensions.DependencyInjection;
internal static class SwaggerExtensions
{
    public static void AddScimSwagger(this IServiceCollection services) { }
    public static void UseScimSwagger(this WebApplication app) { }
}
