using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;
using ScimServer.Http;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Compresses answers while they are written; a long one is not held back for it.</summary>
internal static class CompressionExtensions
{
    /// <summary>Gzip and Brotli at their fastest level: JSON is repetitive enough for it.</summary>
    public static void AddScimCompression(this IServiceCollection services)
    {
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = [ScimEndpoint.MediaType, "application/json"];
        });
        services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
    }

    public static void UseScimCompression(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetRequiredService<IOptions<ScimHttpOptions>>().Value.CompressResponses)
        {
            app.UseResponseCompression();
        }
    }
}
