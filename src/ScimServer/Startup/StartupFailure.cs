using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ScimServer.Startup;

/// <summary>Puts what operators can mend into words. What they cannot mend keeps its stack trace.</summary>
internal static class StartupFailure
{
    /// <summary>The explanation, or null when the failure is not one of the set-up.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        StartupException => $"ScimServer cannot start: {exception.Message}",
        OptionsValidationException options => $"ScimServer cannot start: {string.Join(Environment.NewLine, options.Failures)}",
        IOException { InnerException: AddressInUseException } =>
            $"ScimServer cannot start: {exception.Message} Choose another address, for example ASPNETCORE_URLS=http://localhost:5080.",
        _ => null,
    };
}
