using Microsoft.Extensions.Options;

namespace ScimServer.Authentication;

/// <summary>Bounds the options of tokens and tenants.</summary>
internal sealed class AccessOptionsValidator : IValidateOptions<AccessOptions>
{
    private const int MaxSeconds = 3600;
    private const int MaxRequests = 1_000_000;

    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        string?[] failures =
        [
            OutOfBounds(nameof(options.LastUseEverySeconds), options.LastUseEverySeconds, 1, MaxSeconds),
            OutOfBounds(nameof(options.RequestsPerSecond), options.RequestsPerSecond, 0, MaxRequests),
            OutOfBounds(nameof(options.RequestBurst), options.RequestBurst, 1, MaxRequests),
            OutOfBounds(nameof(options.FailuresPerMinute), options.FailuresPerMinute, 0, MaxRequests),
        ];
        return failures.OfType<string>().ToList() is { Count: > 0 } found ? ValidateOptionsResult.Fail(found) : ValidateOptionsResult.Success;
    }

    private static string? OutOfBounds(string option, int value, int least, int most) =>
        value >= least && value <= most ? null : $"{AccessOptions.Section}:{option} must be {least} to {most}, not {value}.";
}
