using Microsoft.Extensions.Options;

namespace ScimServer.Authentication;

/// <summary>Bounds the options of tokens and tenants.</summary>
internal sealed class AccessOptionsValidator : IValidateOptions<AccessOptions>
{
    private const int MaxSeconds = 3600;

    public ValidateOptionsResult Validate(string? name, AccessOptions options) => options.LastUseEverySeconds is >= 1 and <= MaxSeconds
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"{AccessOptions.Section}:{nameof(options.LastUseEverySeconds)} must be 1 to {MaxSeconds}, not {options.LastUseEverySeconds}.");
}
