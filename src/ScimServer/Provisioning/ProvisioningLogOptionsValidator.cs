using Microsoft.Extensions.Options;

namespace ScimServer.Provisioning;

/// <summary>Refuses what makes no sense before the server starts.</summary>
internal sealed class ProvisioningLogOptionsValidator : IValidateOptions<ProvisioningLogOptions>
{
    private const int MaxDays = 3650;
    private const int MaxRate = 100_000;
    private const int MaxKept = 1_000_000;

    public ValidateOptionsResult Validate(string? name, ProvisioningLogOptions options) =>
        OutOfRange(nameof(options.RetentionDays), options.RetentionDays, 0, MaxDays)
        ?? OutOfRange(nameof(options.MaxPerSecond), options.MaxPerSecond, 1, MaxRate)
        ?? OutOfRange(nameof(options.MaxRefused), options.MaxRefused, 1, MaxKept)
        ?? ValidateOptionsResult.Success;

    private static ValidateOptionsResult? OutOfRange(string option, int value, int least, int most) =>
        value >= least && value <= most ? null : ValidateOptionsResult.Fail($"{ProvisioningLogOptions.Section}:{option} must be {least} to {most}, not {value}.");
}
