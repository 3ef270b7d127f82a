using Microsoft.Extensions.Options;

namespace ScimServer.Startup;

/// <summary>Bounds the time that a stop may take.</summary>
internal sealed class ShutdownOptionsValidator : IValidateOptions<ShutdownOptions>
{
    private const int MaxSeconds = 3600;

    public ValidateOptionsResult Validate(string? name, ShutdownOptions options) => options.TimeoutSeconds is >= 0 and <= MaxSeconds
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"{ShutdownOptions.Section}:{nameof(options.TimeoutSeconds)} must be 0 to {MaxSeconds}, not {options.TimeoutSeconds}.");
}
