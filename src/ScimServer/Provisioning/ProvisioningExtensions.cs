using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ScimServer.Provisioning;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the provisioning log.</summary>
internal static class ProvisioningExtensions
{
    /// <summary>What is noted of requests, and what writes it down; options from the section <c>ProvisioningLog</c>.</summary>
    public static void AddProvisioningLog(this IServiceCollection services)
    {
        services.AddScimOptions<ProvisioningLogOptions>(ProvisioningLogOptions.Section);
        services.TryAddSingleton<ProvisioningLogQueue>();
        services.TryAddSingleton<FailureReport>();
        services.TryAddSingleton<ProvisioningLogWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<ProvisioningLogWorker>());
    }

    /// <summary>Notes requests, if the options say so. It has to surround what answers them.</summary>
    public static void UseProvisioningLog(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<ProvisioningLogOptions>>().Value.Enabled)
        {
            app.UseMiddleware<RequestRecorder>();
        }
    }
}
