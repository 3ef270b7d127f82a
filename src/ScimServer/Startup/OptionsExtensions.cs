using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ScimServer.Startup;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds options that are looked through before the server starts.</summary>
internal static class OptionsExtensions
{
    /// <summary>Options of a section whose numbers keep the bounds that stand at them.</summary>
    public static void AddScimOptions<TOptions>(this IServiceCollection services, string section)
        where TOptions : class
    {
        services.AddOptions<TOptions>().BindConfiguration(section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>>(new NumberBounds<TOptions>(section)));
    }

    /// <summary>The same, of which a validator refuses more than numbers.</summary>
    public static void AddScimOptions<TOptions, TValidator>(this IServiceCollection services, string section)
        where TOptions : class
        where TValidator : OptionsValidator<TOptions>
    {
        services.AddScimOptions<TOptions>(section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, TValidator>());
    }
}
