using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using ScimServer.Admin;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the admin API.</summary>
internal static class AdminExtensions
{
    /// <summary>What the controllers of the folder <c>Admin</c> need; they are mapped with all others.</summary>
    public static void AddScimAdmin(this IServiceCollection services)
    {
        services.AddSingleton<TenantDeletions>();
        services.AddSingleton<RequestTail>();
        services.AddHostedService(provider => provider.GetRequiredService<TenantDeletions>());
        services.Configure<JsonOptions>(json =>
        {
            // A member that is misspelt would otherwise be passed over, and its default taken.
            json.JsonSerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.JsonSerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
            json.JsonSerializerOptions.Converters.Add(new UtcTimeConverter());
            json.AllowInputFormatterExceptionMessages = false;
        });
    }
}
