using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ScimServer.Startup;

/// <summary>Puts what operators can mend into words. What they cannot mend keeps its stack trace.</summary>
internal static class StartupFailure
{
    /// <summary>Whether nothing needs to be said in the log: the operator is told otherwise, or ended the start.</summary>
    public static bool IsExplained(Exception? exception) =>
        exception is OperationCanceledException || (exception is not null && Explain(exception) is not null);

    /// <summary>The explanation, or null when the failure is not one of the set-up.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        StartupException => $"ScimServer cannot start: {exception.Message}",
        OptionsValidationException options => $"ScimServer cannot start: {string.Join(Environment.NewLine, options.Failures)}",
        IOException { InnerException: AddressInUseException } =>
            $"ScimServer cannot start: {exception.Message} Choose another address, for example ASPNETCORE_URLS=http://localhost:5080.",

        // What the configuration binder and the protocol's own options refuse; their texts name the setting.
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } or ArgumentException { Source: "Scim", ParamName: "options" } =>
            $"ScimServer cannot start: {exception.Message}",
        _ => null,
    };
}
